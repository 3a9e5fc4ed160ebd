"""How good the records of outlets and branches are: figures of a week or a month, from checks and from the quality of
customers, and how true their warranty repairs are (INFO-28, INFO-29, FORM-31, FORM-32).
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Avg, Count, Exists, ExpressionWrapper, F, Func, OuterRef, Q, QuerySet, Sum
from django.db.models.fields import CharField, DurationField

from guanxi.customers import queries as customers
from guanxi.customers.states import Verification
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.network import queries as network
from guanxi.network.models import Ancestry, Node
from guanxi.network.states import Kind
from guanxi.vehicles.models import Sale
from guanxi.verification.models import Check, FalseFile, Occasion, Order
from guanxi.verification.permissions import Verb
from guanxi.verification.policy import Period, Share
from guanxi.verification.queries import checks, files, orders
from guanxi.verification.states import ENDED, About, Falsity, State, Truth, Verdict
from guanxi.workshop import queries as visits

MARKS = ("complete", "valid", "fresh", "score")
DAY, HUNDRED = 86400, 100


@dataclass
class Figures:
    """The figures of one outlet, or the sum of those of a branch."""

    counts: Counter[str] = field(default_factory=Counter)
    amount: float = 0.0
    days: float = 0.0
    fields: Counter[str] = field(default_factory=Counter)
    history: dict[str, Share] = field(default_factory=dict)

    def add(self, other: "Figures") -> None:
        self.counts.update(other.counts)
        self.amount += other.amount
        self.days += other.days
        self.fields.update(other.fields)
        for key, share in other.history.items():
            held = self.history.get(key, Share(0, 0))
            self.history[key] = Share(held.part + share.part, held.whole + share.whole)

    def mean(self, mark: str) -> float | None:
        """Return the mean of a mark of the records, each record counting once."""
        held = self.counts["records"]
        return round(self.counts[mark] / held / HUNDRED, 1) if held else None

    def share(self, part: str, whole: str) -> Share:
        return Share(self.counts[part], self.counts[whole])

    @property
    def accurate(self) -> Share:
        return self.share("accurate", "decided")

    @property
    def true(self) -> Share:
        return Share(self.counts["decided"] - self.counts["untrue"], self.counts["decided"])

    @property
    def retained(self) -> Share:
        return self.share("sold_valid", "sold")

    @property
    def confirmed(self) -> Share:
        """How many of the repairs of which the check knows are true."""
        known = self.counts["true"] + self.counts["doubtful"] + self.counts["false"]
        return Share(self.counts["true"], known)

    @property
    def mean_days(self) -> float | None:
        closed = self.counts["closed"]
        return round(self.days / closed / DAY, 1) if closed else None


def units(actor: Actor, kind: str, day: datetime.date) -> QuerySet[Node]:
    """Return the open outlets or branches of which the actor may see checks."""
    where = actor.where(Verb.VIEW)
    rows = network.open_on(network.visible_to(actor), day).filter(kind=Kind(kind))
    return rows if where is None else rows.filter(pk__in=where)


def rolled(by_outlet: Mapping[int, Figures], unit_ids: Collection[int], day: datetime.date) -> dict[int, Figures]:
    """Return the figures of places from those of the outlets that stand at or below them on a day; one query."""
    below = Ancestry.objects.filter(
        ancestor_id__in=unit_ids, descendant_id__in=list(by_outlet), during__contains=day
    ).values_list("ancestor_id", "descendant_id")
    found: dict[int, Figures] = defaultdict(Figures)
    for unit, outlet in set(below):
        found[unit].add(by_outlet[outlet])
    return {pk: found[pk] for pk in unit_ids}


def _held(found: dict[int, Figures], rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> None:
    for row in rows:
        for name in names:
            found[row["outlet_id"]].counts[name] += int(row[name] or 0)


def of_quality(actor: Actor, period: Period, at: datetime.datetime, trend: Sequence[Period]) -> dict[int, Figures]:
    """Return the figures of information quality of each outlet in sight; seven queries, whatever their number."""
    found: dict[int, Figures] = defaultdict(Figures)
    _held(found, _records(actor, period), ("records", *MARKS))
    _held(found, _sales(actor, period), ("sold", "sold_valid"))
    rows = _in(checks.visible_to(actor), "checked_at", period)
    _held(found, _judged(rows), ("checked", "decided", "accurate", "untrue"))
    _fields(found, rows)
    _corrections(found, _in(orders.visible_to(actor), "issued_at", period), at)
    false = _in(files.visible_to(actor).filter(state=Falsity.CONFIRMED), "decided_at", period)
    _held(found, false.values("outlet_id").annotate(false_files=Count("pk")), ("false_files",))
    for one in trend:
        for row in _judged(_in(checks.visible_to(actor), "checked_at", one)):
            found[row["outlet_id"]].history[one.key] = Share(row["accurate"], row["decided"])
    return found


def _in(rows: QuerySet[Any], name: str, period: Period) -> QuerySet[Any]:
    span = {f"{name}__gte": clock.start_of(period.first), f"{name}__lt": clock.start_of(period.end)}
    return rows.filter(**span).order_by()


def _records(actor: Actor, period: Period) -> Iterable[Mapping[str, Any]]:
    """Return the sums of the marks of each outlet's records, in hundredths, as of its last day in the period."""
    last = customers.qualities(actor).filter(day__gte=period.first, day__lt=period.end)
    rows = last.order_by("outlet_id", "-day").distinct("outlet_id")
    for row in rows:
        sums = {mark: round(getattr(row, mark) * HUNDRED) * row.customers for mark in MARKS}
        yield {"outlet_id": row.outlet_id, "records": row.customers, **sums}


def _sales(actor: Actor, period: Period) -> Iterable[Mapping[str, Any]]:
    """Return how many customers each outlet sold to, and of how many the record is verified as valid (KPI-05)."""
    where = actor.where(Verb.VIEW)
    rows = Sale.objects.filter(sold_on__gte=period.first, sold_on__lt=period.end).order_by()
    rows = rows if where is None else rows.filter(db.among("outlet_id", where))
    valid = Q(customer__verification=Verification.VALID)
    return rows.values("outlet_id").annotate(
        sold=Count("customer", distinct=True), sold_valid=Count("customer", filter=valid, distinct=True)
    )


def _judged(rows: QuerySet[Check]) -> Iterable[Mapping[str, Any]]:
    """Return how many records were checked, of how many the check decided, how many of those were accurate, and how
    many were judged false. A record whose order was withdrawn was right.
    """
    false = FalseFile.objects.filter(
        customer_id=OuterRef("customer_id"), outlet_id=OuterRef("outlet_id"), state=Falsity.CONFIRMED
    )
    decided = ~Q(verdict=Verdict.OPEN)
    right = Q(verdict=Verdict.VALID) | Q(verdict=Verdict.INVALID, order__state=State.WITHDRAWN)
    marked = rows.annotate(is_false=Exists(false)).values("outlet_id")
    return marked.annotate(
        checked=Count("pk"), decided=Count("pk", filter=decided), accurate=Count("pk", filter=right),
        untrue=Count("pk", filter=decided & Q(is_false=True)),
    )  # fmt: skip


def _fields(found: dict[int, Figures], rows: QuerySet[Check]) -> None:
    """Add how often each field was found wrong."""
    each = rows.annotate(code=Func(F("wrong"), function="unnest", output_field=CharField()))
    for row in each.values("outlet_id", "code").annotate(many=Count("pk")):
        found[row["outlet_id"]].fields[row["code"]] += row["many"]


def _corrections(found: dict[int, Figures], rows: QuerySet[Order], at: datetime.datetime) -> None:
    """Add the orders of the period: issued, closed and in how many days, open, overdue."""
    closed = Q(state=State.CLOSED)
    took = ExpressionWrapper(F("ended_at") - F("issued_at"), output_field=DurationField())
    counted = rows.exclude(state=State.WITHDRAWN).values("outlet_id").annotate(
        ordered=Count("pk"), closed=Count("pk", filter=closed), open=Count("pk", filter=~Q(state__in=ENDED)),
        overdue=Count("pk", filter=Q(state=State.ISSUED, due_at__lt=at)), took=Avg(took, filter=closed),
    )  # fmt: skip
    names = ("ordered", "closed", "open", "overdue")
    for row in counted:
        _held(found, [row], names)
        found[row["outlet_id"]].days += row["took"].total_seconds() * row["closed"] if row["took"] else 0.0


def of_truth(actor: Actor, period: Period, trend: Sequence[Period]) -> dict[int, Figures]:
    """Return the figures of warranty repairs of each outlet in sight; five queries, whatever their number."""
    found: dict[int, Figures] = defaultdict(Figures)
    codes = {code for row in Occasion.objects.filter(about=About.VISIT) for code in row.of}
    came = visits.visible_to(actor).filter(category__in=codes, entered_on__gte=period.first, entered_on__lt=period.end)
    _held(found, came.order_by().values("outlet_id").annotate(repairs=Count("pk")), ("repairs",))
    rows = _in(checks.visible_to(actor).exclude(truth=""), "checked_at", period)
    names = ("asked", "true", "doubtful", "false", "unknown")
    doubtful = rows.filter(truth__in=(Truth.DOUBTFUL, Truth.FALSE))
    _held(found, _truths(rows), names)
    _fields(found, doubtful)
    for row in doubtful.values("outlet_id").annotate(amount=Sum("visit__total"), ordered=Count("order")):
        found[row["outlet_id"]].amount += float(row["amount"] or 0)
        found[row["outlet_id"]].counts["ordered"] += row["ordered"]
    for one in trend:
        for row in _truths(_in(checks.visible_to(actor).exclude(truth=""), "checked_at", one)):
            known = row["true"] + row["doubtful"] + row["false"]
            found[row["outlet_id"]].history[one.key] = Share(row["true"], known)
    return found


def _truths(rows: QuerySet[Check]) -> Iterable[Mapping[str, Any]]:
    return rows.values("outlet_id").annotate(
        asked=Count("pk"), true=Count("pk", filter=Q(truth=Truth.TRUE)),
        doubtful=Count("pk", filter=Q(truth=Truth.DOUBTFUL)), false=Count("pk", filter=Q(truth=Truth.FALSE)),
        unknown=Count("pk", filter=Q(truth=Truth.OPEN)),
    )  # fmt: skip
