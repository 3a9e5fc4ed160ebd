"""Whom a campaign is for and what keeps each away, as SQL: the count while it is built, the freezing and each wave ask
the same.

In it ``m`` is the case (customer, car, outlet, day), ``c`` the customer, ``r`` his open relation to the outlet, ``v``
his car. Fixed text; whatever people wrote is a parameter.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign
from guanxi.care.queries import audiences, reaching
from guanxi.care.queries.matching import Query
from guanxi.foundation import clock
from guanxi.messaging.queries import templates
from guanxi.privacy import queries as privacy

PLACES = """
o.ended_on IS NULL AND o.outlet_id IN (SELECT %(node)s::int UNION ALL
  SELECT n.descendant_id FROM network_ancestry n WHERE n.ancestor_id = %(node)s::int AND n.during @> %(today)s::date)
"""
# Each customer of the outlets of the place once, at the outlet whose customer he is, with the car that fits.
CASES = """
SELECT DISTINCT ON (m.customer_id) m.customer_id, m.vehicle_id, m.outlet_id
FROM (
  SELECT DISTINCT ON (o.customer_id) o.customer_id, o.outlet_id, o.id AS relation_id FROM customers_relation o
  WHERE {places} {among} {sample}
  ORDER BY o.customer_id, (o.category = 'OWNER') DESC, o.since DESC, o.outlet_id) home
JOIN customers_relation r ON r.id = home.relation_id
JOIN customers_customer c ON c.id = home.customer_id AND c.merged_into_id IS NULL
LEFT JOIN (vehicles_participant p JOIN vehicles_vehicle v
  ON v.id = p.vehicle_id AND p.role = 'OWNER' AND p.until IS NULL AND v.condition = 'IN_USE')
  ON p.customer_id = home.customer_id
CROSS JOIN LATERAL (
  SELECT home.customer_id, v.id AS vehicle_id, home.outlet_id, home.outlet_id AS place_id, %(today)s::date AS base) m
WHERE {audience}
ORDER BY m.customer_id, v.sold_on DESC NULLS LAST, v.id DESC
""".replace("{places}", PLACES)
# Those who were frozen when the campaign started.
FROZEN = """
SELECT o.customer_id, o.vehicle_id, o.outlet_id FROM campaigns_member o
WHERE o.campaign_id = %(campaign)s {among} {sample}
"""
SIZE = f"SELECT count(*) AS many FROM customers_relation o WHERE {PLACES} {{among}}"  # noqa: S608 -- fixed text
SAMPLE = "AND hashint8extended(o.customer_id, %(key)s::bigint) & 4294967295 < %(below)s::bigint"
AMONG = "AND o.outlet_id IN (SELECT unnest(%(among)s::int[]))"
# Source interception (CRIS-08): who has complained is not invited, as far as it is known.
COMPLAINED = """
(EXISTS (SELECT 1 FROM customers_relation g WHERE g.customer_id = m.customer_id AND g.outlet_id = m.outlet_id
    AND g.ended_on IS NULL AND g.has_no_grudge IS FALSE)
  OR EXISTS (SELECT 1 FROM rectification_notice g WHERE g.customer_id = m.customer_id
    AND g.state NOT IN ('CLOSED', 'WITHDRAWN'))
  OR EXISTS (SELECT 1 FROM matters_open g WHERE g.customer_id = m.customer_id)
  OR EXISTS (SELECT 1 FROM care_member g JOIN care_proposal q ON q.id = g.proposal_id
    WHERE g.customer_id = m.customer_id AND g.hand = 'COMPLAINT' AND q.outlet_id = m.outlet_id))
"""
HELD = privacy.on_hold(customer="m.customer_id")  # a campaign is no contact that the car needs, whatever its purpose
REASON = (
    """
CASE WHEN {complained} THEN 'COMPLAINT' WHEN {held} THEN 'HELD' ELSE coalesce(nullif({reach}, ''),
  CASE WHEN m.customer_id IN (SELECT b.customer_id FROM campaigns_member b
      WHERE b.campaign_id = %(before)s AND b.contacted_at IS NOT NULL) THEN 'BEFORE'
    WHEN m.customer_id IN (SELECT l.customer_id FROM lately l) THEN 'LATELY' ELSE '' END) END
""".replace("{complained}", COMPLAINED)
    .replace("{held}", HELD)
    .replace("{reach}", reaching.FIRST)
)
# ``cases`` stands before these; ``found`` is each of them with the first reason that keeps him away.
FOUND = """
lately AS MATERIALIZED (
  SELECT customer_id FROM messaging_contacted(
    (SELECT array_agg(customer_id) FROM cases), %(purpose)s, %(since)s, '') AS l (customer_id)
  UNION SELECT customer_id FROM campaigns_lately(
    (SELECT array_agg(customer_id) FROM cases), %(purpose)s, %(since)s, %(campaign)s) AS l (customer_id)),
found AS MATERIALIZED (
  SELECT m.customer_id, m.vehicle_id, m.outlet_id, {reason} AS reason
  FROM (SELECT k.*, k.outlet_id AS place_id FROM cases k) m)
""".replace("{reason}", REASON)
# Those of a wave who are about to be addressed; whoever left the outlet meanwhile is no customer there any more.
LISTED = "SELECT t.customer_id, t.vehicle_id, t.outlet_id FROM campaigns_member t WHERE t.id = ANY(%(members)s)"
GONE = """
NOT EXISTS (SELECT 1 FROM customers_relation o JOIN customers_customer c ON c.id = o.customer_id
  WHERE o.customer_id = f.customer_id AND o.outlet_id = f.outlet_id AND o.ended_on IS NULL
    AND c.merged_into_id IS NULL)
"""
WITH = "WITH cases AS MATERIALIZED ({cases}), {found}"


def values(row: Campaign, at: datetime.datetime) -> dict[str, Any]:
    """Return the parameters of what keeps people away; one query."""
    day = clock.day_of(at)
    budget = int(templates.terms(day).budgets.get(row.purpose, 0))
    return {
        **reaching.parameters(row.channel, ""), "purpose": row.purpose, "is_exempt": False, "today": day,
        "since": at - datetime.timedelta(days=budget) if budget else "infinity", "campaign": row.pk or 0,
        "before": row.previous_id if row.skips_previous else 0,
    }  # fmt: skip


def size(row: Campaign, at: datetime.datetime, among: frozenset[int] | None = None) -> int:
    """Return how many relations the outlets of a campaign have, at those of an actor perhaps: at least as many as its
    audience; one query.
    """
    asked = {"node": row.node_id, "today": clock.day_of(at), "among": sorted(among or ())}
    found = next(iter(Query(SIZE.replace("{among}", "" if among is None else AMONG), asked).rows()))
    return int(found["many"])


def cases(
    row: Campaign, at: datetime.datetime, among: frozenset[int] | None = None, sample: policy.Sample | None = None
) -> Query:
    """Return what selects the audience of a campaign as it would be, or a sample of it, at the outlets of an actor
    perhaps.
    """
    texts, more = audiences.compiled(row.audience)
    begun = _narrowed(CASES.replace("{audience}", " AND ".join(texts) or "true"), among, sample)
    return Query(begun.sql, more | begun.values | {"node": row.node_id, "today": clock.day_of(at)})


def frozen(row: Campaign, among: frozenset[int] | None = None, sample: policy.Sample | None = None) -> Query:
    """Return what selects whom a campaign that has started has frozen, or a sample of them."""
    begun = _narrowed(FROZEN, among, sample)
    return Query(begun.sql, begun.values | {"campaign": row.pk})


def _narrowed(sql: str, among: frozenset[int] | None, sample: policy.Sample | None) -> Query:
    sql = sql.replace("{among}", "" if among is None else AMONG).replace("{sample}", SAMPLE if sample else "")
    asked: dict[str, Any] = {"among": sorted(among or ())}
    return Query(sql, asked | ({"key": sample.key, "below": sample.below} if sample else {}))


def found(
    row: Campaign, at: datetime.datetime, among: frozenset[int] | None = None, sample: policy.Sample | None = None
) -> Query:
    """Return the beginning of a statement whose ``found`` is the audience of a campaign or a sample of it, each with
    what keeps him away; one query.
    """
    begun = cases(row, at, among, sample)
    sql = WITH.replace("{cases}", begun.sql).replace("{found}", FOUND)
    return Query(sql, begun.values | values(row, at))


def listed(row: Campaign, member_ids: Sequence[int], at: datetime.datetime) -> Query:
    """Return the beginning of a statement whose ``found`` is certain members and what keeps them away now; one
    query.
    """
    sql = WITH.replace("{cases}", LISTED).replace("{found}", FOUND)
    return Query(sql, values(row, at) | {"members": list(member_ids)})
