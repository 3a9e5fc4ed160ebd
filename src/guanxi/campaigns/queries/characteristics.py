"""What the group of a campaign is like: class and grade, how it buys (SUP-07), how it comes to the workshop (SUP-12).

Counted set-based over the whole audience, or over the sample by which the live count is made; who is frozen counts when
the campaign has started. Of small groups nothing is told (``policy.hidden``). It is what the reader may see: an outlet
knows the sales and visits of its own places.
"""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.policy import About, about
from guanxi.campaigns.queries import audience, dimensions, members
from guanxi.campaigns.queries.dimensions import Dimension
from guanxi.campaigns.states import STARTED
from guanxi.care.queries.matching import Query
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor

KEEPS = """
(p.until IS NULL OR p.until > b.sold_on + %(trade)s::int)
  AND NOT (v.condition IS DISTINCT FROM 'IN_USE' AND v.condition_on <= b.sold_on + %(trade)s::int)
"""
# Of each customer his last purchase, whether he had cars before it and kept one, his visits of a year.
PEOPLE = """
WITH cases AS MATERIALIZED ({cases}),
bought AS MATERIALIZED (
  SELECT DISTINCT ON (s.customer_id) s.customer_id, s.vehicle_id, s.sold_on, s.use,
    CASE WHEN s.currency = 'CNY' THEN s.price END AS price, count(*) OVER (PARTITION BY s.customer_id) AS many
  FROM vehicles_sale s WHERE s.customer_id IN (SELECT k.customer_id FROM cases k)
  ORDER BY s.customer_id, s.sold_on DESC NULLS LAST, s.id DESC),
earlier AS (
  SELECT b.customer_id, bool_or({keeps}) AS keeps
  FROM bought b JOIN vehicles_participant p
    ON p.customer_id = b.customer_id AND p.role = 'OWNER' AND p.vehicle_id <> b.vehicle_id
  LEFT JOIN vehicles_vehicle v ON v.id = p.vehicle_id
  WHERE coalesce(p.since, v.sold_on) < b.sold_on GROUP BY 1),
came AS MATERIALIZED (
  SELECT w.customer_id, w.category, w.counts, CASE WHEN w.currency = 'CNY' THEN w.total END AS total
  FROM workshop_visit w WHERE w.customer_id IN (SELECT k.customer_id FROM cases k)
    AND w.entered_on > %(today)s::date - 365 AND w.entered_on <= %(today)s::date),
served AS (
  SELECT w.customer_id, count(*) FILTER (WHERE w.counts) AS visits, coalesce(sum(w.total), 0) AS spent
  FROM came w GROUP BY 1),
people AS (
  SELECT c.kind, coalesce(r.category, '') AS category, coalesce(o.state, '') AS state, coalesce(o.tier, '') AS tier,
    b.use, b.price, b.many, b.sold_on, coalesce(a.visits, 0) AS visits, coalesce(a.spent, 0) AS spent,
    CASE WHEN b.sold_on IS NULL THEN '' WHEN e.customer_id IS NULL THEN 'FIRST' WHEN e.keeps THEN 'ADDITIONAL'
      ELSE 'REPLACEMENT' END AS bought_as
  FROM cases k JOIN customers_customer c ON c.id = k.customer_id
  LEFT JOIN customers_relation r
    ON r.customer_id = k.customer_id AND r.outlet_id = k.outlet_id AND r.ended_on IS NULL
  LEFT JOIN care_ownerstate o ON o.customer_id = k.customer_id AND o.outlet_id = k.outlet_id
  LEFT JOIN bought b ON b.customer_id = k.customer_id LEFT JOIN earlier e ON e.customer_id = k.customer_id
  LEFT JOIN served a ON a.customer_id = k.customer_id)
SELECT x.what, x.code, count(*) AS many FROM people p CROSS JOIN LATERAL (VALUES {values}) x (what, code) GROUP BY 1, 2
UNION ALL
SELECT 'reason', w.category, count(DISTINCT w.customer_id) FROM came w WHERE w.counts GROUP BY 2
UNION ALL
SELECT 'intention', i.kind, count(DISTINCT i.customer_id) FROM contact_centre_purchaseintention i
WHERE i.customer_id IN (SELECT k.customer_id FROM cases k) AND i.said_at >= %(today)s::date - 365 GROUP BY 2
UNION ALL
SELECT '', '', count(*) FROM cases
""".replace("{keeps}", KEEPS)
TRADE = 90  # days within which who buys a car gives the old one away


@dataclass(frozen=True)
class Group:
    """A group with how many it has, about or exactly, and its share of all; neither if it is too small to be told."""

    code: str
    label: str
    customers: About | None
    share: float | None


@dataclass(frozen=True)
class Table:
    """The groups of one dimension, and what they are made of. ``is_whole``: each customer is in one of them."""

    key: str
    title: str
    made_of: str
    is_whole: bool
    groups: Sequence[Group]


@dataclass(frozen=True)
class Characteristics:
    """What the group is like; without tables it is too small to say anything. ``is_frozen``: it is as it was frozen."""

    customers: About
    is_sample: bool
    is_frozen: bool
    tables: Sequence[Table]


def of(actor: Actor, row: Campaign, at: datetime.datetime, *, is_exact: bool = False) -> Characteristics:
    """Return what the group of a campaign is like, at the outlets where the actor may see campaigns: exactly, or of
    many customers by a sample; six queries.
    """
    among, is_frozen, day = actor.where(Verb.VIEW), row.state in STARTED, clock.day_of(at)
    size = members.of_campaign(actor, row).count() if is_frozen else audience.size(row, at, among)
    sample = None if is_exact else policy.sample_of(size, row.node_id)
    cases = audience.frozen(row, among, sample) if is_frozen else audience.cases(row, at, among, sample)
    asked = dimensions.all_of(day)
    counts = _counted(cases, asked, day)
    whole = counts.pop("")[""]
    share = sample.share if sample else 1.0
    told = asked if whole >= policy.FEWEST else []
    tables = [_table(one, counts.get(one.key, {}), whole, share) for one in told]
    return Characteristics(about(whole, share), sample is not None, is_frozen, tables)


def _counted(cases: Query, asked: Sequence[Dimension], day: datetime.date) -> dict[str, dict[str, int]]:
    """Return how many customers each group has, by dimension; under nothing all of them."""
    values = ", ".join(f"('{one.key}', {one.sql})" for one in asked if one.sql)
    sql = PEOPLE.replace("{cases}", cases.sql).replace("{values}", values)
    more: dict[str, Any] = {"today": day, "trade": TRADE}
    for one in asked:
        more |= one.values
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in Query(sql, cases.values | more).rows():
        found[line["what"]][line["code"]] += line["many"]
    return found


def _table(one: Dimension, counts: Mapping[str, int], whole: int, share: float) -> Table:
    known = {code: counts[code] for code in one.labels if counts.get(code)}
    rest = sum(counts.values()) - sum(known.values())
    if rest:
        known[""] = rest
    small = policy.hidden(known) if one.is_whole else {code for code, many in known.items() if many < policy.FEWEST}
    groups = [
        Group(
            code, str(one.labels.get(code) or one.rest), None if code in small else about(many, share),
            None if code in small else many / whole,
        )
        for code, many in known.items()
    ]  # fmt: skip
    return Table(one.key, str(one.title), str(one.made_of), one.is_whole, groups)
