"""Reads of owner states, their history, cars and counts. Each starts from what the actor may see."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.care.models import CarState, OwnerState, StateChange, StateCount, Terms
from guanxi.care.permissions import Verb
from guanxi.care.states.owners import LEAST_COMPLETE, Record, State
from guanxi.customers import queries as customers
from guanxi.customers.states import OUT_OF_REACH
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.vehicles.models import Participant
from guanxi.vehicles.queries import cars

BASE = "base"
_LOST_TOUCH = Q(customer__quality__doubts__overlap=[str(doubt) for doubt in OUT_OF_REACH])
_LACKS = Q(customer__quality__complete__lt=LEAST_COMPLETE)
BY_RECORD = {
    Record.OUT_OF_REACH: _LOST_TOUCH, Record.INCOMPLETE: _LACKS,
    Record.FIT: Q(customer__quality__isnull=False) & ~_LOST_TOUCH & ~_LACKS,
}  # fmt: skip


def newest_terms(source: str) -> dict[str, Terms]:
    """Return the limits that a preset wrote last, by product line; one query."""
    return {row.line: row for row in Terms.objects.filter(source=source).order_by("valid_from")}


def terms_on(day: datetime.date) -> dict[str, Terms]:
    """Return the limits in force on a day by product line; "" stands for cars of lines without their own.

    A carmaker's own limits go before those that all share; among equals the newest hold. One query.
    """
    rows = Terms.objects.filter(valid_from__lte=day)
    ordered = sorted(rows, key=lambda row: (row.source != BASE, row.valid_from, row.pk))
    return {row.line: row for row in ordered}


def terms_of(day: datetime.date, line: str) -> Terms | None:
    """Return the limits of one product line on a day; one query."""
    held = terms_on(day)
    return held.get(line) or held.get("")


def sees_network(actor: Actor) -> bool:
    """Say whether the actor sees what owners are to the whole network: who sees everything does."""
    return actor.can_everywhere(Verb.VIEW)


def visible_to(actor: Actor) -> QuerySet[OwnerState]:
    """Return the states of owners at the outlets where the actor may see them; the network's for all-seeing ones."""
    rows = OwnerState.objects.all()
    held = customers.outlets(actor, Verb.VIEW)
    return rows if held is None else rows.filter(db.among("outlet_id", held))


def listed(actor: Actor, outlet_id: int | None) -> QuerySet[OwnerState]:
    """Return the states for a list: of one outlet if asked for, else of the network for who sees it, else of the
    outlets in sight; an owner of two of them stands there twice.
    """
    rows = visible_to(actor)
    if outlet_id is not None:
        return rows.filter(outlet_id=outlet_id)
    return rows.filter(outlet__isnull=True) if sees_network(actor) else rows


def listed_cars(actor: Actor, outlet_id: int | None) -> QuerySet[CarState]:
    """Return the cars for a list: those that one outlet knows if asked for, else all in sight."""
    rows = visible_cars(actor)
    return rows if outlet_id is None else rows.filter(vehicle__in=cars.visible_at([outlet_id]))


def of_customer(actor: Actor, customer_id: int) -> list[OwnerState]:
    """Return what a customer is to each outlet in sight, and to the network first for who may know it; one query."""
    rows = visible_to(actor).filter(customer_id=customer_id).select_related("customer__quality", "outlet")
    return sorted(rows, key=lambda row: (row.outlet_id is not None, row.outlet.code if row.outlet else ""))


def changes_of(actor: Actor, customer_id: int, limit: int) -> list[StateChange]:
    """Return the newest changes of a customer at the outlets in sight, or in the network for who sees it; one query."""
    rows = StateChange.objects.filter(customer_id=customer_id)
    held = customers.outlets(actor, Verb.VIEW)
    rows = rows.filter(outlet__isnull=True) if held is None else rows.filter(db.among("outlet_id", held))
    return list(rows.select_related("outlet").order_by("-on", "-pk")[:limit])


def cars_of(customer_id: int) -> list[CarState]:
    """Return where the cars of a customer stand, as far as row-level security shows them; one query."""
    held = Participant.objects.filter(customer_id=customer_id, until__isnull=True).values("vehicle_id")
    rows = CarState.objects.filter(vehicle_id__in=held).select_related("step", "vehicle__trim__model__series")
    return list(rows.order_by("due_on", "pk"))


def car(actor: Actor, vehicle_id: int) -> CarState | None:
    """Return where one visible car stands; None before its first pass.

    :raises NotFound: the car does not exist or is not visible.
    """
    cars.seen(actor, vehicle_id)
    rows = CarState.objects.filter(pk=vehicle_id).select_related("step", "vehicle__trim__model__series")
    return rows.first()


def visible_cars(actor: Actor) -> QuerySet[CarState]:
    """Return the states of the cars that the actor may see."""
    held = customers.outlets(actor, Verb.VIEW)
    return CarState.objects.all() if held is None else CarState.objects.filter(vehicle__in=cars.visible_at(held))


@dataclass(frozen=True)
class Figure:
    """One number of the page: how many are so today, and how many were a month ago (None: not counted then)."""

    code: str
    label: Text
    now: int
    before: int | None

    @property
    def change(self) -> int | None:
        return None if self.before is None else self.now - self.before


def states_now(rows: QuerySet[OwnerState]) -> dict[str, int]:
    """Return how many of these rows are in each state; one query."""
    return dict(rows.order_by().values_list("state").annotate(Count("pk")))


def tiers_now(rows: QuerySet[OwnerState]) -> dict[str, int]:
    """Return how many of these rows are in each tier; one query."""
    return dict(rows.order_by().values_list("tier").annotate(Count("pk")))


def out_of_reach(rows: QuerySet[OwnerState]) -> Figure:
    """Return how many of these rows are lost and cannot be reached because of the record (INFO-26); one query."""
    lost = rows.filter(BY_RECORD[Record.OUT_OF_REACH], state=State.LOST)
    return Figure(Record.OUT_OF_REACH, _("Lost, out of reach by the record"), lost.count(), None)


def phases_now(rows: QuerySet[CarState]) -> dict[str, int]:
    """Return how many of these cars are in each phase; one query."""
    return dict(rows.order_by().values_list("phase").annotate(Count("pk")))


def counts_on(
    outlets: Sequence[int] | None, day: datetime.date
) -> tuple[Mapping[tuple[str, str], int], datetime.date | None]:
    """Return what was counted on the last counted day up to ``day``, by kind and code, and that day: of some outlets
    together, or of the network (None). Empty if nothing was. Two queries.
    """
    rows = StateCount.objects.filter(day__lte=day)
    rows = rows.filter(outlet__isnull=True) if outlets is None else rows.filter(db.among("outlet_id", outlets))
    newest = rows.order_by("-day").values_list("day", flat=True).first()
    found: dict[tuple[str, str], int] = defaultdict(int)
    if newest is not None:
        for kind, code, count in rows.filter(day=newest).values_list("kind", "code", "count"):
            found[kind, code] += count
    return found, newest


def figures(
    kind: str, labels: Iterable[tuple[str, Text]], now: Mapping[str, int], before: Mapping[tuple[str, str], int]
) -> list[Figure]:
    """Return a number for each code, with the one of a month ago if anything was counted then."""
    known = any(of_kind == kind for of_kind, _code in before)
    return [
        Figure(code, label, now.get(code, 0), before.get((kind, code), 0) if known else None) for code, label in labels
    ]
