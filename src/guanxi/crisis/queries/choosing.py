"""What to choose from when a crisis is opened and led: places, types, models, people, and who has to know of it."""

import datetime
from collections.abc import Sequence

from django.db import connection
from django.db.models import F, Q

from guanxi.access.models import Membership, Responsibility
from guanxi.access.queries import current
from guanxi.complaints.models import Complaint, Sign
from guanxi.complaints.queries import cases
from guanxi.complaints.states import Level, State
from guanxi.crisis.models import Link
from guanxi.crisis.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.network import queries as network
from guanxi.network.models import Ancestry, Node
from guanxi.network.states import Kind
from guanxi.vehicles.models import CarModel

PLACES = (Kind.GROUP, Kind.BRAND, Kind.BRANCH, Kind.MARKET_OFFICE, Kind.OUTLET)
DUTY = "crisis.handling"
MOST = 500


def types() -> Sequence[tuple[str, Text]]:
    """Return the types of a crisis (CLASS-44) in use; one query."""
    return [(row.pk, row.name) for row in Sign.objects.filter(is_active=True).order_by("code")]


def names_of_types() -> dict[str, str]:
    """Return what the types of a crisis are called; one query."""
    return {row.pk: row.name for row in Sign.objects.all()}


def places(actor: Actor, day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the places for which the actor may open a crisis; one query."""
    where = actor.where(Verb.OPEN)
    rows = network.open_on(Node.objects.filter(kind__in=PLACES), day)
    rows = rows if where is None else rows.filter(db.among("pk", where))
    return [(str(row.pk), row.name) for row in rows.order_by("kind", "code")[:MOST]]


def models() -> Sequence[tuple[str, Text]]:
    """Return the models of the catalogue; one query."""
    return [(str(row.pk), row.name) for row in CarModel.objects.order_by("code")[:MOST]]


def readers(place_id: int, day: datetime.date) -> dict[int, str]:
    """Return who may see a crisis of a place while its room is open, by name, also those above it; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM crisis_readers(%s, %s) ORDER BY name, id LIMIT %s", [place_id, day, MOST])
        return dict(cursor.fetchall())


def leaders(place_id: int, day: datetime.date) -> dict[int, str]:
    """Return who may lead a crisis of a place: those who hold the right there, above it or in the place's own
    departments, or over the whole network; as far as they are in sight; one query.
    """
    above = Ancestry.objects.filter(descendant_id=place_id, during__contains=day).values("ancestor_id")
    inside = Ancestry.objects.filter(
        ancestor_id=place_id, depth__gt=0, descendant__kind__in=[Kind.UNIT, Kind.DEPARTMENT], during__contains=day
    ).values("descendant_id")
    there = Q(node_id__in=above) | Q(node_id__in=inside) | Q(role__reach=Kind.GROUP)
    rows = Membership.objects.filter(there, role__verbs__contains=[str(Verb.HANDLE)], role__is_current=True)
    rows = current(rows, day).filter(user__is_active=True, user__kind="PERSON")
    return dict(rows.annotate(name=F("user__name")).order_by("name", "user_id").values_list("user_id", "name")[:MOST])


def at_headquarters(day: datetime.date) -> frozenset[int]:
    """Return who leads crises of the whole network: no room is closed to them; one query."""
    rows = Membership.objects.filter(
        role__reach=Kind.GROUP, role__verbs__contains=[str(Verb.HANDLE)], role__is_current=True
    )  # fmt: skip
    return frozenset(current(rows, day).filter(user__is_active=True).values_list("user_id", flat=True))


def first_leader(place_id: int, role: str, day: datetime.date) -> tuple[int, str] | None:
    """Return who holds the role that leads crises at a place or in its departments, if anybody does; one query."""
    here = Ancestry.objects.filter(ancestor_id=place_id, during__contains=day).values("descendant_id")
    rows = current(Membership.objects.filter(node_id__in=here, role_id=role, role__is_current=True), day)
    rows = rows.filter(user__is_active=True, user__kind="PERSON", node__kind__in=[Kind.OUTLET, Kind.UNIT])
    return rows.annotate(name=F("user__name")).order_by("user_id").values_list("user_id", "name").first()


def duty() -> Responsibility | None:
    """Return who is responsible for crises, who is told, and by when the first decision is due; one query."""
    return Responsibility.objects.filter(pk=DUTY).first()


def to_link(actor: Actor, *, with_linked: bool = False) -> Sequence[tuple[str, Text]]:
    """Return the open complaints that the actor sees and that are in no crisis, or all of them, the gravest and newest
    first; one query.
    """
    links = Link.objects.none() if with_linked else Link.objects.filter(is_open=True)
    held = links.values("complaint_id")
    rows: list[Complaint] = list(
        cases.visible_to(actor).exclude(state=State.CLOSED).exclude(pk__in=held).select_related("category", "outlet")
        .annotate(grave=Q(level=Level.CRISIS)).order_by("-grave", "-opened_at")[:MOST]
    )  # fmt: skip
    return [(str(row.pk), f"{row.number} {row.title} · {row.outlet.name}") for row in rows]
