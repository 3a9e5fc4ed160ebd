"""Reads of notices: the list, one with its rounds, what to choose from, the figures of departments."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from guanxi.codelists.queries import in_language
from guanxi.customers import queries as customers
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound, Text
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.rectification.models import Department, Notice, Problem, Round
from guanxi.rectification.permissions import Verb
from guanxi.rectification.states import WITH_DEPARTMENT, State
from guanxi.vehicles.models import Participant
from guanxi.vehicles.queries import cars

MOST_OUTLETS, DAY = 500, 86400
FIRST = Round.objects.filter(notice=OuterRef("pk"), number=1)
IN_TIME = Exists(FIRST.filter(answered_at__lte=F("due_at")))
LATE = Exists(FIRST.filter(answered_at__gt=F("due_at")))
AGAIN = Exists(Round.objects.filter(notice=OuterRef("pk"), is_satisfied=False))


def visible_to(actor: Actor) -> QuerySet[Notice]:
    """Return the notices to outlets where the actor may see them, and those issued where he may."""
    where = actor.where(Verb.VIEW)
    if where is None:
        return Notice.objects.all()
    return Notice.objects.filter(Q(db.among("outlet_id", where)) | Q(db.among("place_id", where)))


def notice(actor: Actor, pk: int) -> Notice:
    """Return one visible notice with its outlet, department and problem.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("outlet", "department__role", "problem").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def may_add(actor: Actor, row: Notice) -> bool:
    """Say whether an actor adds proofs to a notice: for the department that answers it, or where it is verified."""
    return actor.can(Verb.ANSWER, row.outlet_id) or actor.can(Verb.VERIFY, row.place_id)


def rounds(row: Notice) -> list[Round]:
    """Return the answers to a visible notice, the newest first; one query."""
    return list(row.answers.order_by("-number"))


def customer_of(actor: Actor, row: Notice) -> str:
    """Return the name of whom a notice is about, if the actor sees him."""
    if row.customer_id is None:
        return ""
    return customers.visible_to(actor).filter(pk=row.customer_id).values_list("name", flat=True).first() or ""


def car_of(row: Notice) -> str:
    """Return the car that a notice is about in words; one query."""
    return "" if row.vehicle_id is None else str(cars.named([row.vehicle_id]).get(row.vehicle_id, ""))


def of_customer(actor: Actor, customer_id: int, limit: int) -> list[Notice]:
    """Return the newest notices about a customer; one query."""
    rows = visible_to(actor).filter(customer_id=customer_id).select_related("outlet", "department", "problem")
    return list(rows.order_by("-issued_at")[:limit])


def departments() -> Sequence[tuple[str, Text]]:
    """Return the departments to choose from; one query."""
    return [(row.pk, row.name) for row in Department.objects.filter(is_active=True).order_by("code")]


def problems() -> Sequence[tuple[str, Text]]:
    """Return the kinds of problems to choose from; one query."""
    return [(row.pk, row.name) for row in Problem.objects.filter(is_active=True).order_by("code")]


def outlets(actor: Actor, day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the open outlets to which the actor may issue a notice; one query."""
    where = actor.where(Verb.ISSUE)
    rows = network.open_on(network.visible_to(actor), day).filter(kind=Kind.OUTLET)
    if where is not None:
        rows = rows.filter(db.among("id", where))
    return [(str(row.pk), row.name) for row in rows.order_by("code")[:MOST_OUTLETS]]


def outlet_of(actor: Actor, customer_id: int) -> int | None:
    """Return the outlet whose customer somebody is, as far as the actor sees, the newest relation first."""
    held = sorted(customers.relations(actor, [customer_id]), key=lambda row: row.since, reverse=True)
    return held[0].outlet_id if held else None


def cars_of(actor: Actor, customer_id: int, day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the cars of a visible customer to choose from; two queries."""
    if not customers.visible_to(actor).filter(pk=customer_id).exists():
        return []
    held = Participant.objects.filter(Q(until=None) | Q(until__gt=day), customer_id=customer_id)
    found = cars.named(held.values_list("vehicle_id", flat=True))
    return [(str(pk), str(named)) for pk, named in sorted(found.items())]


@dataclass(frozen=True)
class Asked:
    """Of which notices the figures are asked for: issued from a day to a day, at a place and below; None: all."""

    first: datetime.datetime
    last: datetime.datetime
    place_id: int | None = None


def asked_for(actor: Actor, asked: Asked, day: datetime.date) -> QuerySet[Notice]:
    """Return the visible notices asked for, without those that were withdrawn."""
    rows = visible_to(actor).exclude(state=State.WITHDRAWN)
    rows = rows.filter(issued_at__gte=asked.first, issued_at__lt=asked.last)
    if asked.place_id is not None:
        below = network.under(Node.objects.all(), asked.place_id, day)
        rows = rows.filter(Q(outlet_id=asked.place_id) | Q(outlet_id__in=below.values("pk")))
    return rows


@dataclass(frozen=True)
class Line:
    """The figures of one department or one kind of problem."""

    code: str
    name: str
    issued: int
    in_time: int
    late: int
    overdue: int
    refused: int
    asked_again: int
    closed: int
    days: float | None

    @property
    def share(self) -> int | None:
        """How many of a hundred that were to be answered by now were answered in time."""
        due = self.in_time + self.late + self.overdue
        return round(100 * self.in_time / due) if due else None


def figures(rows: QuerySet[Notice], by: str, at: datetime.datetime) -> list[Line]:
    """Return the figures by ``department`` or ``problem``, the most notices first; one query.

    In time and late count by the first answer and its deadline; overdue are those without an answer
    whose deadline has passed. Days run from the notice to its filing.
    """
    took = ExpressionWrapper(F("ended_at") - F("issued_at"), output_field=DurationField())
    marked = rows.annotate(first_in_time=IN_TIME, first_late=LATE, was_rejected=AGAIN)
    counted = marked.values(f"{by}_id", f"{by}__name_zh", f"{by}__name_en").annotate(
        issued=Count("pk"),
        in_time=Count("pk", filter=Q(first_in_time=True)),
        late=Count("pk", filter=Q(first_late=True)),
        overdue=Count("pk", filter=Q(rounds=0, state__in=WITH_DEPARTMENT, due_at__lt=at)),
        refused=Count("pk", filter=Q(state=State.REFUSED)),
        asked_again=Count("pk", filter=Q(was_rejected=True)),
        closed=Count("pk", filter=Q(state=State.CLOSED)),
        took=Avg(took, filter=Q(state=State.CLOSED)),
    )
    return [_line(row, by) for row in counted.order_by("-issued", f"{by}_id")]


def _line(row: dict[str, Any], by: str) -> Line:
    name = in_language(row[f"{by}__name_zh"], row[f"{by}__name_en"])
    days = row["took"].total_seconds() / DAY if row["took"] else None
    counts = {key: row[key] for key in ("issued", "in_time", "late", "overdue", "refused", "asked_again", "closed")}
    return Line(row[f"{by}_id"], name, days=days, **counts)
