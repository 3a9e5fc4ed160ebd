"""What complaints add up to: by category, cause, model, outlet, person and angle (CMP-08, CMP-43); the list of a week
(CMP-16).
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import (
    Avg,
    Count,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from guanxi.complaints import policy
from guanxi.complaints.models import Category, Cause, Complaint, Round
from guanxi.complaints.queries import cases, choosing
from guanxi.complaints.states import Angle, Caused, Ending, Kind, Outcome, State
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.vehicles.queries import catalogue
from guanxi.workshop.models import Visit

HOUR = 3600
FIRST = Round.objects.filter(complaint=OuterRef("pk"), number=1)
REJECTED = Exists(Round.objects.filter(complaint=OuterRef("pk"), is_satisfied=False))
BY = {
    "category": "category_id", "cause": "cause", "model": "vehicle__trim__model_id", "outlet": "outlet_id",
    "person": "owner_name", "angle": "angle", "system": "system", "part": "part",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """Of which complaints the figures are asked for: taken in from a moment to a moment, at a place and below."""

    first: datetime.datetime
    last: datetime.datetime
    place_id: int | None = None


def asked_for(actor: Actor, asked: Asked, day: datetime.date) -> QuerySet[Complaint]:
    """Return the visible complaints asked for, without what was no complaint."""
    return taken_in(actor, asked, day).filter(kind=Kind.COMPLAINT)


def taken_in(actor: Actor, asked: Asked, day: datetime.date) -> QuerySet[Complaint]:
    """Return all that is visible of what is asked for, of every kind."""
    rows = cases.visible_to(actor).filter(opened_at__gte=asked.first, opened_at__lt=asked.last)
    if asked.place_id is not None:
        below = network.under(Node.objects.all(), asked.place_id, day)
        rows = rows.filter(Q(outlet_id=asked.place_id) | Q(outlet_id__in=below.values("pk")))
    return rows


@dataclass(frozen=True)
class Line:
    """The figures of one category, cause, model, outlet, person or angle. ``visits``: how many cars came to an outlet
    in these days.
    """

    code: str
    name: str
    taken_in: int
    open: int
    contacted: int
    in_time: int
    again: int
    invalid: int
    hours: float | None
    compensation: Any
    visits: int | None = None

    @property
    def rate(self) -> float | None:
        """How many complaints there are for a hundred visits (CMP-43)."""
        return 100 * self.taken_in / self.visits if self.visits else None

    @property
    def share(self) -> int | None:
        """How many of a hundred that were contacted were contacted in time."""
        return round(100 * self.in_time / self.contacted) if self.contacted else None


def figures(rows: QuerySet[Complaint], by: str, names: Mapping[str, str]) -> Sequence[Line]:
    """Return the figures by one of ``BY``, the most complaints first; one query.

    The cause, the system of the car and the part are those of the last round; where none is named, a complaint does not
    count by these two. Hours run from the receipt to the first solution.
    """
    took = ExpressionWrapper(Subquery(FIRST.values("resolved_at")[:1]) - F("opened_at"), output_field=DurationField())
    last = Round.objects.filter(complaint=OuterRef("pk"), number=OuterRef("rounds"))
    paid = Round.objects.filter(complaint=OuterRef("pk")).values("complaint").annotate(n=Sum("compensation"))
    marked = rows.annotate(
        took=took, cause=Subquery(last.values("cause_id")[:1]), was_rejected=REJECTED,
        system=Subquery(last.values("system")[:1]), part=Subquery(last.values("part")[:1]),
        paid=Coalesce(Subquery(paid.values("n")[:1]), 0, output_field=DecimalField()),
    )  # fmt: skip
    if by in {"system", "part"}:
        marked = marked.exclude(**{by: ""})
    counted = marked.values(BY[by]).annotate(
        n=Count("pk"),
        still_open=Count("pk", filter=~Q(state=State.CLOSED)),
        contacted=Count("pk", filter=Q(contacted_at__isnull=False)),
        in_time=Count("pk", filter=Q(contacted_at__lte=F("contact_due_at"))),
        again=Count("pk", filter=Q(was_rejected=True)),
        invalid=Count("pk", filter=Q(ending=Ending.EXPLAINED)),
        hours=Avg("took"),
        sum_paid=Sum("paid"),
    )
    return [_line(row, row[BY[by]], names) for row in counted.order_by("-n", BY[by])]


def _line(row: dict[str, Any], key: Any, names: Mapping[str, str]) -> Line:
    code = "" if key in {None, ""} else str(key)
    hours = row["hours"].total_seconds() / HOUR if row["hours"] else None
    return Line(
        code, names.get(code, code or "–"), row["n"], row["still_open"], row["contacted"], row["in_time"], row["again"],
        row["invalid"], hours, row["sum_paid"],
    )  # fmt: skip


def names(actor: Actor, by: str) -> dict[str, str]:  # noqa: PLR0911 -- one answer for each of BY
    """Return what the categories, causes, models, outlets, systems or angles are called; one query at most."""
    if by == "model":
        return {str(row.pk): row.name for row in catalogue.models()}
    if by in {"person", "part"}:
        return {}
    if by == "system":
        return choosing.names_of_systems(clock.today())
    if by == "category":
        return {row.pk: row.name for row in Category.objects.all()}
    if by == "cause":
        kinds = dict(Caused.choices)
        return {row.pk: f"{kinds[row.kind]} · {row.name}" for row in Cause.objects.all()}
    if by == "outlet":
        return {str(row.pk): row.name for row in network.outlets(actor)}
    return {str(code): str(label) for code, label in Angle.choices}


def visits(lines: Sequence[Line], asked: Asked) -> Sequence[Line]:
    """Return the figures of outlets with how many cars came there in the days asked for; one query."""
    first, last = clock.day_of(asked.first), clock.day_of(asked.last)
    ids = [int(line.code) for line in lines]
    came = Visit.objects.filter(db.among("outlet_id", ids), counts=True, entered_on__gte=first, entered_on__lt=last)
    held = dict(came.order_by().values_list("outlet_id").annotate(n=Count("pk")))
    return [replace(line, visits=held.get(int(line.code), 0)) for line in lines]


def risk(rows: QuerySet[Complaint]) -> policy.Risk:
    """Count the customers whose complaint is open or was rejected, and those who confirmed one that was solved in time;
    one query (CMP-09). Who is not on file counts once a complaint.
    """
    late = Exists(Round.objects.filter(complaint=OuterRef("pk"), number=1, resolved_at__gt=OuterRef("solve_due_at")))
    who = Coalesce("customer_id", -F("pk"))
    unhappy = ~Q(state=State.CLOSED) | Q(was_rejected=True)
    found = rows.annotate(who=who, was_late=late, was_rejected=REJECTED).aggregate(
        unhappy=Count("who", filter=unhappy & ~Q(ending=Ending.CONFIRMED), distinct=True),
        solved=Count("who", filter=Q(ending=Ending.CONFIRMED, was_late=False), distinct=True),
    )
    return policy.Risk(**found)


def kinds(actor: Actor, asked: Asked, day: datetime.date) -> Sequence[tuple[str, int]]:
    """Return how many complaints, enquiries, suggestions, words of praise and requests were taken in; one query."""
    counts = dict(taken_in(actor, asked, day).values_list("kind").annotate(n=Count("*")))
    return [(str(label), counts.get(value, 0)) for value, label in Kind.choices]


def outcomes(actor: Actor, asked: Asked, day: datetime.date) -> Sequence[tuple[str, int]]:
    """Return what came of suggestions and praise that came in, of each how many; one query."""
    rows = taken_in(actor, asked, day).exclude(outcome="")
    counts = dict(rows.order_by().values_list("outcome").annotate(n=Count("pk")))
    return [(str(label), counts.get(value, 0)) for value, label in Outcome.choices]


def frequent(rows: QuerySet[Complaint], least: int = 2) -> Sequence[tuple[str, int]]:
    """Return the categories that came up more than once, the most frequent first; two queries."""
    found = rows.exclude(category=None).values("category_id").annotate(n=Count("pk")).filter(n__gte=least)
    held = {row.pk: row.name for row in Category.objects.all()}
    return [(held[row["category_id"]], row["n"]) for row in found.order_by("-n", "category_id")]


def first_rounds(ids: Sequence[int]) -> dict[int, Round]:
    """Return the first round of complaints; one query."""
    return {row.complaint_id: row for row in Round.objects.filter(complaint_id__in=ids, number=1)}
