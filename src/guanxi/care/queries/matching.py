"""The one matcher: a rule becomes SQL that says whom it finds on which days. Previews, lists, the question "why not"
and the night all ask it. Everything that people wrote is a parameter.
"""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from guanxi.care.models import Rule
from guanxi.care.policy import audience
from guanxi.care.policy.rules import anchors
from guanxi.care.queries import facts, reaching
from guanxi.care.queries.anchors import FIXED, SOURCES, STEPS
from guanxi.care.states.rules import Anchor

Day = datetime.date
MARK = "('x' || left(md5({text}), 8))::bit(32)::bigint"  # policy.sampling.mark
OF_CASE = MARK.replace(  # the case of a row ``d``, under the seed of its draw
    "{text}",
    "{seed} || ':' || d.code || ':' || d.customer_id || ':' || coalesce(d.vehicle_id, 0) || ':' || d.anchor_on",
)
OPEN = "n.valid_from <= %(today)s AND (n.valid_to IS NULL OR n.valid_to > %(today)s)"
PLACES = {
    "OUTLET": f"(SELECT n.id FROM network_node n WHERE n.id = a.outlet_id AND {OPEN})",  # noqa: S608 -- fixed text
    "CALL_CENTRE": f"(SELECT n.id FROM network_node n WHERE n.kind = 'CALL_CENTRE' AND {OPEN} ORDER BY n.id LIMIT 1)",  # noqa: S608 -- fixed text
}
CASES = """
SELECT m.*, c.name AS customer_name, {columns}
FROM (
  SELECT a.customer_id, a.vehicle_id, a.outlet_id, a.anchor_on, a.reason_on, {place} AS place_id,
    w.base, w.base + %(opens)s::int AS opens_on, w.base + %(due_days)s::int AS closes_on
  FROM ({source}) a
  CROSS JOIN LATERAL (SELECT (a.anchor_on + make_interval(months => %(months)s::int))::date AS base) w
  WHERE w.base + %(opens)s::int BETWEEN %(since)s AND %(until)s {places}) m
JOIN customers_customer c ON c.id = m.customer_id AND c.merged_into_id IS NULL {joins}
WHERE {audience}
"""
# What conditions and columns may ask for; joined only where one of them does.
JOINS = {
    "v": "LEFT JOIN vehicles_vehicle v ON v.id = m.vehicle_id",
    "r": "LEFT JOIN customers_relation r ON r.customer_id = m.customer_id AND r.outlet_id = m.outlet_id"
    " AND r.ended_on IS NULL",
    "tr": "LEFT JOIN vehicles_trim tr ON tr.id = v.trim_id",
}
REACH = f"{reaching.GONE} AS is_gone, {reaching.FIRST} AS obstacle, {reaching.SECOND} AS second"
BELOW = """AND a.outlet_id IN (SELECT n.descendant_id FROM network_ancestry n
    WHERE n.ancestor_id = %(node)s AND n.during @> %(today)s::date)"""
AMONG = "AND a.outlet_id IN (SELECT unnest(%(among)s::int[]))"


@dataclass(frozen=True)
class Asked:
    """Whom one asks about: windows that open from a day to a day, perhaps one customer, perhaps certain outlets.
    ``part``: only one customer in so many, chosen by a hash.
    """

    first: Day
    last: Day
    today: Day
    customer_id: int | None = None
    outlets: frozenset[int] | None = None
    part: int = 1


@dataclass(frozen=True)
class Query:
    """SQL and its parameters."""

    sql: str
    values: dict[str, Any] = field(default_factory=dict)

    def rows(self) -> Iterator[dict[str, Any]]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values)
            names = [column.name for column in cursor.description or ()]
            for row in cursor.fetchall():
                yield dict(zip(names, row, strict=True))


def compiled(rule: Rule, asked: Asked, *, columns: str = "true AS found", narrow: bool = True) -> Query:
    """Return the query for the cases of a rule; with ``narrow`` only those of its audience."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    for number, condition in enumerate(audience.read(rule.audience) if narrow else ()):
        text, more = facts.compiled(condition, number)
        conditions.append(text)
        values |= more
    places = (BELOW if rule.node_id else "") + (AMONG if asked.outlets is not None else "")
    asked_for = " ".join([columns, *conditions])
    joins = " ".join(text for name, text in JOINS.items() if re.search(rf"\b{name}\.", asked_for))
    parts = {
        "joins": joins, "source": SOURCES[rule.anchor], "place": PLACES[rule.where], "columns": columns,
        "places": places, "audience": " AND ".join(conditions) or "true",
    }  # fmt: skip
    text = CASES
    for name, part in parts.items():  # not format: the parts hold braces of their own
        text = text.replace(f"{{{name}}}", part)
    return Query(text, values | _values(rule, asked))


def _values(rule: Rule, asked: Asked) -> dict[str, Any]:
    first, last = anchors(rule.timing, asked.first, asked.last)
    return {
        **FIXED, **reaching.parameters(rule.channel, rule.fallback),
        "first": first, "last": last, "since": asked.first, "until": asked.last, "today": asked.today,
        "customer": asked.customer_id, "part": asked.part, "among": sorted(asked.outlets or ()), "node": rule.node_id,
        "of": list(rule.of), "phase": rule.phase, "steps": STEPS.get(Anchor(rule.anchor), []), "day_kind": rule.anchor,
        "months": rule.months, "opens": rule.opens, "due_days": rule.timing.due_days, "every": rule.every,
        "first_month": rule.first_month, "last_month": rule.last_month, "purpose": rule.purpose,
        "is_exempt": rule.is_exempt,
    }  # fmt: skip


COUNTED = "SELECT {unit} AS unit, count(*) AS found FROM ({cases}) x GROUP BY 1 ORDER BY 1"
UNITS = {"day": "opens_on", "month": "date_trunc('month', opens_on)::date"}


def counts(rule: Rule, asked: Asked, unit: str) -> dict[Day, int]:
    """Return how many cases open on each day, or in each month; one query. Of a part it says how many the whole has."""
    cases = compiled(rule, asked)
    text = COUNTED.replace("{unit}", UNITS[unit]).replace("{cases}", cases.sql)
    return {row["unit"]: row["found"] * asked.part for row in Query(text, cases.values).rows()}


LISTED = "SELECT x.* FROM ({cases}) x ORDER BY x.opens_on, x.customer_id, x.vehicle_id LIMIT %(limit)s"


def listed(rule: Rule, asked: Asked, limit: int) -> list[dict[str, Any]]:
    """Return the first cases by day, with what stands in the way of each; one query."""
    cases = compiled(rule, asked, columns=f"{REACH}, v.plate, v.vin")
    return list(Query(LISTED.replace("{cases}", cases.sql), cases.values | {"limit": limit}).rows())


NAMED = re.compile(r"%\((\w+)\)s")
EACH = "SELECT {rule}::bigint AS rule_id, {priority} AS priority, x.* FROM ({cases}) x"
TOGETHER = "SELECT * FROM ({parts}) y ORDER BY y.opens_on, y.priority, y.rule_id LIMIT %(limit)s"


def together(asking: Sequence[tuple[Rule, Asked]], limit: int) -> list[dict[str, Any]]:
    """Return the first cases of several rules by day, each with its rule and what stands in the way; one query."""
    parts: list[str] = []
    values: dict[str, Any] = {"limit": limit}
    for rule, asked in asking:
        cases = compiled(rule, asked, columns=REACH)
        mine = {"rule": str(rule.pk), "priority": str(rule.priority), "cases": cases.sql}
        parts.append(NAMED.sub(rf"%(r{rule.pk}_\1)s", EACH.format(**mine)))
        values |= {f"r{rule.pk}_{name}": value for name, value in cases.values.items()}
    return list(Query(TOGETHER.replace("{parts}", " UNION ALL ".join(parts)), values).rows()) if parts else []


def examined(rule: Rule, asked: Asked) -> list[dict[str, Any]]:
    """Return the cases of one customer whatever the audience says, each with the value of every condition and whether
    it holds (``v0``, ``ok0`` …), and what stands in the way of reaching him; one query.
    """
    columns = [REACH]
    values: dict[str, Any] = {}
    for number, condition in enumerate(audience.read(rule.audience)):
        text, more = facts.compiled(condition, number)
        columns += [f"{facts.FACTS[condition.fact].sql} AS v{number}", f"({text}) AS ok{number}"]
        values |= more
    query = compiled(rule, asked, columns=", ".join(columns), narrow=False)
    return list(Query(query.sql, query.values | values).rows())
