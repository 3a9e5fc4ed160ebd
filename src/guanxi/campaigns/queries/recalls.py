"""Reads of recalls: which somebody sees, their cars, how far each outlet has come."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from guanxi.campaigns.models import Recall, RecallCar
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns
from guanxi.campaigns.states import PLANNED, STARTED, CarState
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound, Text
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.workshop.models import Visit

MOST_VISITS = 20


def visible_to(actor: Actor) -> QuerySet[Recall]:
    """Return the recalls of places where the actor may see them, and of places above them what is approved."""
    where = actor.where(Verb.VIEW)
    if where is None:
        return Recall.objects.all()
    above = Q(node_id__in=actor.scope.above) & ~Q(state__in=PLANNED) if where else Q(pk=None)
    return Recall.objects.filter(Q(db.among("node_id", where)) | above)


def recall(actor: Actor, pk: int) -> Recall:
    """Return one visible recall.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("node", "role").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def cars_visible_to(actor: Actor) -> QuerySet[RecallCar]:
    """Return the cars of recalls at outlets where the actor may see campaigns; those of no outlet where the recall is
    kept.
    """
    where = actor.where(Verb.VIEW)
    if where is None:
        return RecallCar.objects.all()
    kept = Q(outlet=None) & Q(db.among("recall__node_id", where))
    return RecallCar.objects.filter(Q(db.among("outlet_id", where)) | kept)


def car(actor: Actor, pk: int) -> RecallCar:
    """Return one visible car of a recall.

    :raises NotFound: there is none, or not for this actor.
    """
    found = cars_visible_to(actor).select_related("recall").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def place_of(row: RecallCar) -> int:
    """Return where what becomes of a car is recorded: at its outlet, else where the recall is kept."""
    return row.outlet_id if row.outlet_id is not None else row.recall.node_id


@dataclass(frozen=True)
class Line:
    """How far the cars of an outlet have come; without an outlet: those that none has."""

    outlet_id: int | None
    name: str
    counts: dict[str, int]

    @property
    def cars(self) -> int:
        return sum(self.counts.values())

    @property
    def share(self) -> float:
        return 100 * self.counts.get(CarState.DONE, 0) / self.cars


def by_outlet(actor: Actor, row: Recall) -> list[Line]:
    """Return the completion of a recall by outlet, the least complete first; two queries."""
    found: dict[int | None, dict[str, int]] = {}
    rows = cars_visible_to(actor).filter(recall=row).values_list("outlet_id", "state").annotate(many=Count("pk"))
    for outlet_id, state, many in rows:
        found.setdefault(outlet_id, {})[state] = many
    names = network.names(actor, [pk for pk in found if pk is not None]) if found else {}
    lines = [Line(pk, names.get(pk, "") if pk is not None else "", counts) for pk, counts in found.items()]
    return sorted(lines, key=lambda line: (line.share, -line.cars, line.outlet_id or 0))


def waiting(actor: Actor, row: Recall) -> int:
    """Return how many cars that came onto the list of a running recall wait for a second person; one query."""
    return cars_visible_to(actor).filter(recall=row, is_approved=False).count()


def of_vehicle(actor: Actor, vehicle_id: int) -> list[RecallCar]:
    """Return the recalls of a car that are open to those who see it, the newest first; one query."""
    rows = cars_visible_to(actor).filter(vehicle_id=vehicle_id, recall__state__in=STARTED, is_approved=True)
    return list(rows.select_related("recall").order_by("-recall__opened_at"))


def visits_of(row: RecallCar) -> list[Visit]:
    """Return the visits of a car since its recall was opened, as far as they are in sight; one query."""
    since = clock.day_of(row.recall.opened_at) if row.recall.opened_at else datetime.date.max
    rows = Visit.objects.filter(vehicle_id=row.vehicle_id, entered_on__gte=since)
    return list(rows.select_related("outlet").order_by("-entered_on")[:MOST_VISITS])


def places(actor: Actor, day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the places for whose cars the actor may keep a recall; one query."""
    where = actor.where(Verb.MANAGE_RECALLS)
    rows = network.open_on(Node.objects.filter(kind__in=campaigns.PLACES), day)
    rows = rows if where is None else rows.filter(db.among("pk", where))
    return [(str(row.pk), row.name) for row in rows.order_by("kind", "code")[: campaigns.MOST_PLACES]]
