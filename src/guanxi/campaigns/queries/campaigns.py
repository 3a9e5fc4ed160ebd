"""Reads of campaigns: which somebody sees, one with its waves, what to choose from."""

import datetime
from collections.abc import Sequence

from django.db.models import Q, QuerySet

from guanxi.access.models import Role
from guanxi.campaigns.models import Campaign, Kind, Wave
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.policy import Wave as Planned
from guanxi.campaigns.states import PLANNED
from guanxi.care.queries import audiences
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound, Text
from guanxi.messaging.queries import templates
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.network.states import Kind as Place

PLACES = (Place.GROUP, Place.BRAND, Place.BRANCH, Place.MARKET_OFFICE, Place.OUTLET)
MOST_PLACES = 500


def visible_to(actor: Actor) -> QuerySet[Campaign]:
    """Return the campaigns of places where the actor may see them, and of places above them what is approved."""
    where = actor.where(Verb.VIEW)
    if where is None:
        return Campaign.objects.all()
    above = Q(node_id__in=actor.scope.above) & ~Q(state__in=PLANNED) if where else Q(pk=None)
    return Campaign.objects.filter(Q(db.among("node_id", where)) | above)


def campaign(actor: Actor, pk: int) -> Campaign:
    """Return one visible campaign with its kind, place and role.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("kind", "node", "role", "previous").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def waves(row: Campaign) -> list[Wave]:
    """Return the waves of a visible campaign in order; one query."""
    return list(row.waves.order_by("number"))


def planned(rows: Sequence[Wave]) -> list[Planned]:
    return [Planned(row.on, row.share) for row in rows]


def whom(row: Campaign) -> list[str]:
    """Return the conditions of its audience as people say them."""
    return audiences.sentences(row.audience)


def kinds() -> list[Kind]:
    """Return the ready-made kinds, in order; one query."""
    return list(Kind.objects.filter(is_active=True).order_by("position", "code"))


def kind(code: str) -> Kind:
    """Return a ready-made kind in use.

    :raises NotFound: there is none.
    """
    found = Kind.objects.filter(pk=code, is_active=True).first()
    if found is None:
        raise NotFound
    return found


def places(actor: Actor, day: datetime.date) -> list[tuple[str, Text]]:
    """Return the places for whose customers the actor may plan a campaign; one query."""
    where = actor.where(Verb.PLAN)
    rows = network.open_on(Node.objects.filter(kind__in=PLACES), day)
    rows = rows if where is None else rows.filter(db.among("pk", where))
    return [(str(row.pk), row.name) for row in rows.order_by("kind", "code")[:MOST_PLACES]]


def roles() -> list[tuple[str, Text]]:
    """Return the roles that tasks may wait for; one query."""
    return [(row.pk, row.name) for row in Role.objects.filter(is_current=True).order_by("position", "code")]


def texts(day: datetime.date) -> list[tuple[str, Text]]:
    """Return the templates in force to choose from; one query."""
    rows = templates.in_force(day)
    return [
        (row.code, f"{row.name} · {row.get_channel_display()} · {row.get_purpose_display()}") for row in rows
    ]  # fmt: skip
