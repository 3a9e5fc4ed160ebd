"""Whom a kind of lecture is for today and what keeps each away, as SQL: the night, one list and the question "why not"
ask the same.

In it stand ``m`` for the case, ``c`` the customer, ``r`` his open relation to the outlet, ``v`` the car. Fixed text;
whatever people wrote is a parameter.
"""

import datetime
from typing import Any

from guanxi.care.models import Gathering
from guanxi.care.policy import audience
from guanxi.care.policy import gatherings as policy
from guanxi.care.queries import facts, reaching
from guanxi.care.queries.anchors import HOME, OWNER
from guanxi.care.queries.matching import Query

CASE = """
CROSS JOIN LATERAL (SELECT {who} AS customer_id, v.id AS vehicle_id, {place} AS outlet_id, {place} AS place_id,
  %(today)s::date AS base, {member}::bigint AS member_id, {insisted}::boolean AS insisted) m
LEFT JOIN customers_relation r ON r.customer_id = m.customer_id AND r.outlet_id = m.outlet_id AND r.ended_on IS NULL
"""
AWAY = """
((SELECT home.outlet_id FROM (VALUES (1)) one (n) {home}) IS DISTINCT FROM m.outlet_id)
"""
INVITED = """
EXISTS (
  SELECT 1 FROM care_member x
  JOIN care_proposal q ON q.id = x.proposal_id JOIN care_gathering k ON k.id = q.gathering_id
  WHERE x.customer_id = m.customer_id AND x.id <> m.member_id AND x.excluded = '' AND x.hand = '' AND {which})
"""
OF_ANOTHER = """
q.code <> %(code)s AND (q.state = 'OPEN' OR q.state = 'ACCEPTED' AND q.planned_on + k.pause >= %(today)s)
"""
BEFORE = """
q.code = %(code)s AND q.state = 'ACCEPTED' AND (m.member_id = 0 OR x.id < m.member_id)
"""
# What was said of a record that was merged into this one was said of the same person.
COMPLAINED = """
EXISTS (
  SELECT 1 FROM care_member x JOIN care_proposal q ON q.id = x.proposal_id
  WHERE x.customer_id = ANY(ARRAY(SELECT m.customer_id UNION ALL
      SELECT t.id FROM customers_customer t WHERE t.merged_into_id = m.customer_id))
    AND x.id <> m.member_id AND x.hand = 'COMPLAINT' AND q.outlet_id = m.outlet_id)
"""
# Complaints of the outlet itself: another's are not its business.
OPEN_CASE = """
EXISTS (
  SELECT 1 FROM matters_open x WHERE x.customer_id = m.customer_id AND x.outlet_id = m.outlet_id)
"""
REASON = """
CASE
  WHEN {gone} THEN 'GONE'
  WHEN {away} THEN 'MOVED'
  WHEN {of_another} THEN 'OTHER'
  WHEN {before} THEN 'ALREADY'
  WHEN NOT m.insisted AND r.has_no_grudge IS FALSE THEN 'GRUDGE'
  WHEN NOT m.insisted AND {open_case} THEN 'OPEN_CASE'
  WHEN NOT m.insisted AND {complained} THEN 'EARLIER'
  ELSE {reach} END
"""
# All who meet the conditions, each at the one outlet where he counts.
GATHERED = """
SELECT DISTINCT ON (m.customer_id) m.customer_id, m.vehicle_id, m.outlet_id, {reason} AS reason
FROM vehicles_vehicle v {owner}
JOIN customers_customer c ON c.id = p.customer_id AND c.merged_into_id IS NULL {home} {case}
WHERE {audience}
ORDER BY m.customer_id, (v.condition = 'IN_USE') DESC, v.sold_on DESC, m.vehicle_id DESC
"""
SOLD = "v.sold_on BETWEEN %(first_sale)s AND %(last_sale)s"
# Those on lists that may still change, or one of them.
LISTED = """
SELECT m.member_id, {reason} AS reason, ({audience}) AS holds
FROM care_member t JOIN care_proposal l ON l.id = t.proposal_id
JOIN customers_customer c ON c.id = t.customer_id AND c.merged_into_id IS NULL
JOIN vehicles_vehicle v ON v.id = t.vehicle_id {case}
WHERE l.code = %(code)s AND (l.state = 'OPEN' OR l.state = 'ACCEPTED' AND l.planned_on >= %(today)s)
  AND (%(member)s::bigint IS NULL OR t.id = %(member)s)
"""
# The cars of one customer at one outlet, whatever the conditions say.
EXAMINED = """
SELECT coalesce(nullif(v.plate, ''), v.vin) AS car, {reason} AS reason, NOT {away} AS counts_here, {columns}
FROM vehicles_vehicle v {owner}
JOIN customers_customer c ON c.id = p.customer_id AND c.merged_into_id IS NULL {case}
WHERE p.customer_id = %(customer)s
ORDER BY v.sold_on DESC NULLS LAST, v.id DESC
"""


def _filled(text: str, **parts: str) -> str:
    for name, part in parts.items():  # not format: the parts hold braces of their own
        text = text.replace(f"{{{name}}}", part)
    return text


def _reason(away: str) -> str:
    return _filled(
        REASON, gone=reaching.GONE, away=away, of_another=_filled(INVITED, which=OF_ANOTHER),
        before=_filled(INVITED, which=BEFORE), complained=COMPLAINED, open_case=OPEN_CASE, reach=reaching.FIRST,
    )  # fmt: skip


_AWAY = _filled(AWAY, home=HOME.format(who="m.customer_id"))
_CASES = {
    GATHERED: {"who": "p.customer_id", "place": "home.outlet_id", "member": "0", "insisted": "false"},
    LISTED: {"who": "t.customer_id", "place": "l.outlet_id", "member": "t.id", "insisted": "t.insisted"},
    EXAMINED: {
        "who": "p.customer_id", "place": "%(outlet)s::int", "member": "%(member)s", "insisted": "%(insisted)s",
    },
}  # fmt: skip


def _statement(text: str, **parts: str) -> str:
    """Return a statement with its parts; only on a list can somebody have gone elsewhere meanwhile."""
    return _filled(
        text, **parts, owner=OWNER, home=HOME.format(who="p.customer_id"), case=_filled(CASE, **_CASES[text]),
        reason=_reason(_AWAY if text is LISTED else "false"), away=_AWAY,
    )  # fmt: skip


def _values(row: Gathering, today: datetime.date) -> dict[str, Any]:
    return {
        **reaching.parameters(row.channel, ""), "purpose": row.purpose, "is_exempt": False, "code": row.code,
        "today": today,
    }  # fmt: skip


def _conditions(row: Gathering) -> tuple[list[str], dict[str, Any]]:
    texts: list[str] = []
    values: dict[str, Any] = {}
    for number, condition in enumerate(audience.read(row.audience)):
        text, more = facts.compiled(condition, number)
        texts.append(text)
        values |= more
    return texts, values


def gathered(row: Gathering, today: datetime.date) -> Query:
    """Return the query for all who meet the conditions of a kind: customer, car, outlet, and the reason that keeps
    him away, if any.
    """
    texts, values = _conditions(row)
    span = policy.sold_between(audience.read(row.audience), today)
    if span is not None:
        texts = [SOLD, *texts]
        values |= {"first_sale": span[0], "last_sale": span[1]}
    return Query(_statement(GATHERED, audience=" AND ".join(texts)), values | _values(row, today))


def listed(row: Gathering, today: datetime.date, member_id: int | None = None) -> Query:
    """Return the query for those on the living lists of a kind, or for one of them: what keeps him away now, and
    whether the conditions hold.
    """
    texts, values = _conditions(row)
    sql = _statement(LISTED, audience=" AND ".join(texts))
    return Query(sql, values | _values(row, today) | {"member": member_id})


def examined(
    row: Gathering, today: datetime.date, *, outlet_id: int, customer_id: int, member_id: int, insisted: bool
) -> list[dict[str, Any]]:
    """Return the cars of a customer, the newest first, each with the value of every condition and whether it holds
    (``v0``, ``ok0`` …), and what keeps him away; one query.
    """
    texts, values = _conditions(row)
    columns = [
        f"{facts.FACTS[condition.fact].sql} AS v{number}, ({text}) AS ok{number}"
        for number, (condition, text) in enumerate(zip(audience.read(row.audience), texts, strict=True))
    ]
    asked = {"outlet": outlet_id, "customer": customer_id, "member": member_id, "insisted": insisted}
    query = Query(_statement(EXAMINED, columns=", ".join(columns)), values | _values(row, today) | asked)
    return list(query.rows())
