"""Reads of the effect of contact rules: the counts that the night keeps, and what their two arms come to."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from guanxi.care.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.insight.models import Effect, EffectTerms
from guanxi.insight.policy import effects as policy
from guanxi.insight.states import Arm
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.network.states import Kind

BASE = "base"
KINDS = (Kind.BRANCH, Kind.CALL_CENTRE, Kind.OUTLET)
MOST_PLACES = 300
# policy.effects.summed, for each rule at once: strata are versions, places and months
SUMS = """
WITH seen AS ({seen}), strata AS (
  SELECT code, sum({known}) FILTER (WHERE arm = 'CONTACT') AS n, sum({did}) FILTER (WHERE arm = 'CONTACT') AS d,
    sum({known}) FILTER (WHERE arm = 'CONTROL') AS n0, sum({did}) FILTER (WHERE arm = 'CONTROL') AS d0
  FROM seen GROUP BY code, rule_id, place_id, month),
weighed AS (SELECT *, CASE WHEN n > 0 AND n0 > 0 THEN n * n0 / (n + n0)::float8 END AS w FROM strata)
SELECT code, sum(n)::bigint, sum(d)::bigint, sum(n0)::bigint, sum(d0)::bigint,
  sum(n) FILTER (WHERE w > 0)::bigint, sum(n0) FILTER (WHERE w > 0)::bigint, sum(w),
  sum(w * d / n), sum(w * d0 / n0), sum(w * w / n), sum(w * w / n0)
FROM weighed GROUP BY code
"""
COUNTS = """
WITH seen AS ({seen}), middle AS (
  SELECT code, arm, percentile_disc(0.5) WITHIN GROUP (ORDER BY n) AS days FROM seen, unnest(days) n GROUP BY 1, 2)
SELECT s.code, s.arm, sum(s.customers), sum(s.contacted), sum(s.reached), sum(s.closed), sum(s.came), sum(s.settled),
  sum(s.bought), max(m.days)
FROM seen s LEFT JOIN middle m ON m.code = s.code AND m.arm = s.arm GROUP BY 1, 2
"""
CAME, BOUGHT = ("closed", "came"), ("settled", "bought")


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
    came: policy.Compared = field(default_factory=lambda: policy.compare(policy.Sums(), left_out=0, fewest=1))
    bought: policy.Compared = field(default_factory=lambda: policy.compare(policy.Sums(), left_out=0, fewest=1))

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


def sums(rows: QuerySet[Effect], outcome: tuple[str, str]) -> dict[str, policy.Sums]:
    """Return the sums over all strata by rule, for visits (``CAME``) or sales (``BOUGHT``); one query."""
    known, did = outcome
    found = _rows(SUMS, rows, known=known, did=did)
    return {code: policy.Sums(*(value or 0 for value in values)) for code, *values in found}


def counts(rows: QuerySet[Effect]) -> dict[tuple[str, str], Counts]:
    """Return the counts by rule and arm; one query."""
    found = _rows(COUNTS, rows)
    return {(code, arm): Counts(*values) for code, arm, *values in found}


def compared(rows: QuerySet[Effect], codes: Iterable[str], limits: EffectTerms) -> Mapping[str, Found]:
    """Return what is known of some rules; three queries."""
    asked = list(codes)
    if not asked:
        return {}
    rows = rows.filter(code__in=asked)
    arms, came, bought = counts(rows), sums(rows, CAME), sums(rows, BOUGHT)
    return {code: _found(code, arms, came[code], bought[code], limits.fewest) for code in came}


def _found(
    code: str, arms: Mapping[tuple[str, str], Counts], came: policy.Sums, bought: policy.Sums, fewest: int
) -> Found:
    contact, control = arms.get((code, Arm.CONTACT), Counts()), arms.get((code, Arm.CONTROL), Counts())
    left_out = control.customers
    return Found(
        code, contact, control, policy.compare(came, left_out=left_out, fewest=fewest),
        policy.compare(bought, left_out=left_out, fewest=fewest),
    )  # fmt: skip


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
