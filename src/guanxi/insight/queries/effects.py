"""Reads of the effect of contact rules: the counts that the night keeps, and what their two arms come to."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from guanxi.care.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.values.proportions import Sums
from guanxi.insight.models import Effect, EffectTerms
from guanxi.insight.policy import effects as policy
from guanxi.insight.states import Arm
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.network.states import Kind

BASE = "base"
KINDS = (Kind.BRANCH, Kind.CALL_CENTRE, Kind.OUTLET)
MOST_PLACES = 300
# foundation.values.proportions.summed, for each rule and both outcomes at once: strata are versions, places and months
STRATUM = """
sum({known}) FILTER (WHERE arm = 'CONTACT') AS {did}_n, sum({did}) FILTER (WHERE arm = 'CONTACT') AS {did}_d,
sum({known}) FILTER (WHERE arm = 'CONTROL') AS {did}_n0, sum({did}) FILTER (WHERE arm = 'CONTROL') AS {did}_d0
"""
WEIGHT = "CASE WHEN {did}_n > 0 AND {did}_n0 > 0 THEN {did}_n * {did}_n0 / ({did}_n + {did}_n0)::float8 END AS {did}_w"
SUM = """
sum({did}_n)::bigint, sum({did}_d)::bigint, sum({did}_n0)::bigint, sum({did}_d0)::bigint,
sum({did}_n) FILTER (WHERE {did}_w > 0)::bigint, sum({did}_n0) FILTER (WHERE {did}_w > 0)::bigint, sum({did}_w),
sum({did}_w * {did}_d / {did}_n), sum({did}_w * {did}_d0 / {did}_n0),
sum({did}_w * {did}_w / {did}_n), sum({did}_w * {did}_w / {did}_n0)
"""
OUTCOMES = ({"known": "closed", "did": "came"}, {"known": "settled", "did": "bought"})
SUMS = """
WITH strata AS (SELECT code, {strata} FROM ({seen}) s GROUP BY code, rule_id, place_id, month),
weighed AS (SELECT *, {weights} FROM strata)
SELECT code, {sums} FROM weighed GROUP BY code
"""
PARTS = {
    name: ", ".join(part.format(**outcome) for outcome in OUTCOMES)
    for name, part in (("strata", STRATUM), ("weights", WEIGHT), ("sums", SUM))
}
COUNTS = """
SELECT code, arm, sum(customers), sum(contacted), sum(reached), sum(closed), sum(came), sum(settled), sum(bought)
FROM ({seen}) s GROUP BY 1, 2
"""
DAYS = "SELECT code, arm, n, count(*) FROM ({seen}) s, unnest(days) n GROUP BY 1, 2, 3"


@dataclass(frozen=True)
class Asked:
    """Of which months, and at which place and below, the effect is asked for; None: all."""

    first: datetime.date | None = None
    last: datetime.date | None = None
    place_id: int | None = None


@dataclass(frozen=True)
class Counts:
    """One arm of a rule; ``days``: after how many days the middle one of those who came did."""

    customers: int = 0
    contacted: int = 0
    reached: int = 0
    closed: int = 0
    came: int = 0
    settled: int = 0
    bought: int = 0
    days: int | None = None

    @property
    def open(self) -> int:
        """Of how many it is not known yet whether they come."""
        return self.customers - self.closed


@dataclass(frozen=True)
class Found:
    """What is known of a rule: its two arms, and what they come to."""

    code: str
    contact: Counts = Counts()
    control: Counts = Counts()
    came: policy.Compared = field(default_factory=lambda: policy.compare(Sums(), left_out=0, fewest=1))
    bought: policy.Compared = field(default_factory=lambda: policy.compare(Sums(), left_out=0, fewest=1))

    @property
    def open(self) -> int:
        return self.contact.open + self.control.open


@dataclass(frozen=True)
class Month:
    """The customers of a rule whose window opened in a month."""

    month: datetime.date
    contact: Counts
    control: Counts


def terms() -> EffectTerms:
    """Return by what effects are judged: a carmaker's own limits go before the common ones; one query."""
    rows = sorted(EffectTerms.objects.all(), key=lambda row: (row.source == BASE, row.source))
    return rows[0] if rows else EffectTerms(source=BASE)


def visible_to(actor: Actor) -> QuerySet[Effect]:
    """Return the counts of places where the actor may see contact rules."""
    where = actor.where(Verb.VIEW_RULES)
    return Effect.objects.all() if where is None else Effect.objects.filter(db.among("place_id", where))


def asked_for(actor: Actor, asked: Asked, day: datetime.date) -> QuerySet[Effect]:
    """Return the visible counts of the months asked for, at a place and what stands below it on a day."""
    rows = visible_to(actor)
    if asked.first is not None:
        rows = rows.filter(month__gte=asked.first)
    if asked.last is not None:
        rows = rows.filter(month__lte=asked.last)
    if asked.place_id is not None:
        below = network.under(Node.objects.all(), asked.place_id, day)
        rows = rows.filter(Q(place_id=asked.place_id) | Q(place_id__in=below.values("pk")))
    return rows


def places(actor: Actor, day: datetime.date) -> list[Node]:
    """Return the open branches, call centres and outlets where the actor may see contact rules; one query."""
    where = actor.where(Verb.VIEW_RULES)
    rows = network.open_on(network.visible_to(actor).filter(kind__in=KINDS), day)
    rows = rows if where is None else rows.filter(db.among("pk", where))
    return list(rows.order_by("kind", "code")[:MOST_PLACES])


def _rows(statement: str, rows: QuerySet[Effect], **names: str) -> list[tuple[Any, ...]]:
    """Run a statement over the counts that a query set finds."""
    seen, values = rows.order_by().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(statement.format(seen=seen, **names), values)
        return list(cursor.fetchall())


def sums(rows: QuerySet[Effect]) -> dict[str, tuple[Sums, Sums]]:
    """Return the sums over all strata by rule: for visits, and for sales; one query."""
    size = len(fields(Sums))
    return {
        code: (Sums(*(value or 0 for value in values[:size])), Sums(*(v or 0 for v in values[size:])))
        for code, *values in _rows(SUMS, rows, **PARTS)
    }


def counts(rows: QuerySet[Effect]) -> dict[tuple[str, str], Counts]:
    """Return the counts by rule and arm; two queries."""
    days: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for code, arm, day, many in _rows(DAYS, rows):
        days[code, arm][day] = many
    return {
        (code, arm): replace(Counts(*values), days=policy.middle(days[code, arm]))
        for code, arm, *values in _rows(COUNTS, rows)
    }


def compared(rows: QuerySet[Effect], codes: Iterable[str], limits: EffectTerms) -> Mapping[str, Found]:
    """Return what is known of some rules; three queries."""
    asked = list(codes)
    if not asked:
        return {}
    rows = rows.filter(code__in=asked)
    arms, found = counts(rows), sums(rows)
    return {code: _found(code, arms, both, limits.fewest) for code, both in found.items()}


def _found(code: str, arms: Mapping[tuple[str, str], Counts], both: tuple[Sums, Sums], fewest: int) -> Found:
    contact, control = (arms.get((code, arm), Counts()) for arm in (Arm.CONTACT, Arm.CONTROL))
    came, bought = (policy.compare(sums, left_out=control.customers, fewest=fewest) for sums in both)
    return Found(code, contact, control, came, bought)


def months(rows: QuerySet[Effect], code: str, limit: int) -> Sequence[Month]:
    """Return the newest months of a rule with both arms; one query."""
    found: dict[datetime.date, dict[str, Counts]] = {}
    grouped = rows.filter(code=code).order_by("-month").values_list("month", "arm")
    for month, arm, customers, closed, came in grouped.annotate(Sum("customers"), Sum("closed"), Sum("came")):
        if month not in found and len(found) == limit:
            break
        found.setdefault(month, {})[arm] = Counts(customers=customers, closed=closed, came=came)
    nobody = Counts()
    return [Month(month, arms.get(Arm.CONTACT, nobody), arms.get(Arm.CONTROL, nobody)) for month, arms in found.items()]
