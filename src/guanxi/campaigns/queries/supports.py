"""Reads of supports: those of one's places, one, who gives them."""

import datetime
from collections.abc import Sequence

from django.db.models import QuerySet

from guanxi.access.models import Role
from guanxi.campaigns.models import Campaign, Support
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound, Text
from guanxi.network.models import Ancestry
from guanxi.network.states import Kind

SUBJECT, MOST = "campaigns.support", 200


def visible_to(actor: Actor) -> QuerySet[Support]:
    """Return the supports asked for at places where the actor sees campaigns."""
    where = actor.where(Verb.VIEW)
    return Support.objects.all() if where is None else Support.objects.filter(db.among("node_id", where))


def support(actor: Actor, pk: int) -> Support:
    """Return one visible support with its place and campaign.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("node", "campaign").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def desk_of(node_id: int, day: datetime.date) -> tuple[int, str | None]:
    """Return from where a support is given, the branch above a place or the place itself, and the first role there that
    plans campaigns; two queries.
    """
    above = Ancestry.objects.filter(descendant_id=node_id, ancestor__kind=Kind.BRANCH, during__contains=day)
    branch = above.values_list("ancestor_id", flat=True).first()
    rows = Role.objects.filter(is_current=True, verbs__contains=[str(Verb.PLAN)])
    if branch is not None:
        rows = rows.filter(kinds__contains=[Kind.BRANCH])
    return branch or node_id, rows.order_by("position", "code").values_list("pk", flat=True).first()


def lists(actor: Actor) -> Sequence[tuple[str, Text]]:
    """Return the campaigns whose list may be given, the newest first; one query."""
    rows: QuerySet[Campaign] = campaigns.visible_to(actor).order_by("-pk")[:MOST]
    return [(str(row.pk), f"{row.number} {row.name}") for row in rows]
