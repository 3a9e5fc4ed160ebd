"""What customers would be written, and what stands in the way of each: one query whatever their number.

``m`` is a customer with the place that writes. A text that names something unknown of a customer becomes nothing.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from guanxi.foundation import clock
from guanxi.messaging import policy
from guanxi.messaging.models import Template
from guanxi.messaging.queries import templates
from guanxi.messaging.states import Language
from guanxi.privacy import queries as privacy
from guanxi.privacy.states import POINTS, Medium

NAMED = "coalesce(nullif({of}.name_{first}, ''), {of}.name_{second})"
# What a variable stands for, and what has to be joined for it.
VALUES = {
    "customer": ("m.name", ""),
    "salutation": ("{salutation}", ""),
    "car": ("coalesce({car_name}, nullif(car.model_text, ''))", "car"),
    "plate": ("nullif(car.plate, '')", "car"),
    "outlet": ("{outlet_name}", "place"),
    "outlet_phone": ("coalesce(nullif(place.hotline, ''), nullif(place.phone, ''))", "place"),
    "consultant": ("nullif(coalesce(bond.name, bond.consultant_name), '')", "bond"),
    "link": ("nullif(%(link)s::text, '')", ""),
    "offer_code": ("nullif(m.offer_code, '')", ""),
    "insured_until": ("to_char(car.insured_until, '{day_form}')", "car"),
}
JOINS = {
    "car": """LEFT JOIN LATERAL (
  SELECT v.plate, v.model_text, v.insured_until, cm.name_zh, cm.name_en
  FROM vehicles_participant p JOIN vehicles_vehicle v ON v.id = p.vehicle_id
  LEFT JOIN vehicles_trim t ON t.id = v.trim_id LEFT JOIN vehicles_carmodel cm ON cm.id = t.model_id
  WHERE p.customer_id = m.customer_id AND p.until IS NULL AND (
    v.id = m.vehicle_id OR m.vehicle_id IS NULL AND p.role = 'OWNER' AND v.condition = 'IN_USE')
  ORDER BY p.since DESC NULLS LAST, v.id DESC LIMIT 1) car ON true""",
    "place": """LEFT JOIN (SELECT n.name_zh, n.name_en, o.hotline, o.phone
  FROM network_node n LEFT JOIN network_outletprofile o ON o.node_id = n.id WHERE n.id = %(node)s) place ON true""",
    "bond": """LEFT JOIN LATERAL (
  SELECT u.name, r.consultant_name FROM customers_relation r LEFT JOIN access_user u ON u.id = r.consultant_id
  WHERE r.customer_id = m.customer_id AND r.ended_on IS NULL
  ORDER BY r.outlet_id = %(node)s DESC, r.since DESC, r.id LIMIT 1) bond ON true""",
}
WORDS = {
    Language.ZH: {
        "salutation": "m.name || CASE m.gender WHEN 'M' THEN '先生' WHEN 'F' THEN '女士' ELSE '' END",
        "day_form": 'FMYYYY"年"FMMM"月"FMDD"日"', "first": "zh", "second": "en",
    },
    Language.EN: {
        "salutation": "CASE m.gender WHEN 'M' THEN 'Mr ' WHEN 'F' THEN 'Ms ' ELSE '' END || m.name",
        "day_form": "FMDD FMMonth YYYY", "first": "en", "second": "zh",
    },
}  # fmt: skip
AGREED = privacy.agreed(
    customer="m.customer_id", place="m.place_id", purpose="%(purpose)s", medium="%(channel)s", day="%(today)s"
)
HELD = privacy.held(customer="m.customer_id", purpose="%(purpose)s::text")
PLAN = """
SELECT m.customer_id, m.vehicle_id, coalesce(point.value, '') AS address, coalesce({subject}, '') AS subject,
  coalesce({body}, '') AS body,
  CASE
    WHEN EXISTS (SELECT 1 FROM messaging_message o
      WHERE o.customer_id = m.customer_id AND o.key = %(key)s AND o.reason = '') THEN 'DUPLICATE'
    WHEN EXISTS (SELECT 1 FROM customers_contactpoint q WHERE q.customer_id = m.customer_id
      AND q.channel = ANY(%(points)s::text[]) AND q.state = 'DO_NOT_CONTACT') THEN 'DO_NOT_CONTACT'
    WHEN {held} THEN 'HELD'
    WHEN point.value IS NULL THEN 'NO_ADDRESS'
    WHEN NOT consent.agreed THEN 'DECLINED'
    WHEN consent.agreed IS NULL THEN 'NO_CONSENT'
    WHEN lately.customer_id IS NOT NULL THEN 'BUDGET'
    WHEN {subject} IS NULL OR {body} IS NULL OR m.vehicle_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM vehicles_participant p
      WHERE p.customer_id = m.customer_id AND p.vehicle_id = m.vehicle_id AND p.until IS NULL) THEN 'NO_VALUE'
    ELSE '' END AS reason
FROM (
  SELECT c.id AS customer_id, %(node)s::int AS place_id, c.name, c.gender, about.vehicle_id, about.offer_code
  FROM unnest(%(ids)s::bigint[], %(cars)s::bigint[], %(offer_codes)s::text[])
    about (customer_id, vehicle_id, offer_code)
  JOIN customers_customer c ON c.id = about.customer_id WHERE c.merged_into_id IS NULL AND EXISTS (
    SELECT 1 FROM customers_relation r WHERE r.customer_id = c.id AND r.ended_on IS NULL AND (r.outlet_id = %(node)s
      OR r.outlet_id IN (SELECT a.descendant_id FROM network_ancestry a
        WHERE a.ancestor_id = %(node)s AND a.during @> %(today)s::date)))) m
LEFT JOIN LATERAL ({point}) point ON true
LEFT JOIN LATERAL (SELECT {agreed} AS agreed) consent ON true
LEFT JOIN messaging_contacted(%(ids)s::bigint[], %(purpose)s, %(since)s, %(key)s) lately (customer_id)
  ON lately.customer_id = m.customer_id
{joins}
"""

POINT = """
  SELECT q.value FROM customers_contactpoint q WHERE q.customer_id = m.customer_id
    AND q.channel = ANY(%(points)s::text[]) AND q.state = 'VALID'
  ORDER BY q.is_primary DESC, q.id LIMIT 1"""
# What a message to a channel is addressed to, where that is no contact point. A postal address: division, line, code.
ADDRESSED = {
    Medium.LETTER: """
  SELECT concat_ws('|', coalesce(nullif(a.district, ''), nullif(a.city, ''), a.province), replace(a.line, '|', ' '),
    a.postcode) AS value
  FROM customers_address a WHERE a.customer_id = m.customer_id AND a.line <> ''
  ORDER BY a.kind = 'HOME' DESC, a.id LIMIT 1""",
    Medium.WECHAT: """
  SELECT f.openid AS value FROM messaging_follower f WHERE f.customer_id = m.customer_id AND f.left_at IS NULL
  ORDER BY f.followed_at DESC LIMIT 1""",
}


@dataclass(frozen=True)
class Text:
    """What is to be written: words with variables, by a channel, for a purpose. ``link``: of a page for one reader;
    ``offer_codes``: of a campaign, by customer.
    """

    channel: str
    purpose: str
    language: str
    subject: str
    body: str
    template_id: int | None = None
    link: str = ""
    at_any_hour: bool = False
    offer_codes: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """Who writes to whom, and why: one key is one reason, for which nobody is written to twice; about which car of a
    customer, where it is about one.
    """

    node_id: int
    customer_ids: Sequence[int]
    key: str
    at: datetime.datetime
    today: datetime.date
    budget: int = 0
    cars: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Planned:
    """What one customer would be written, and why not."""

    customer_id: int
    vehicle_id: int | None
    address: str
    subject: str
    body: str
    reason: str


def plan(text: Text, asked: Asked) -> tuple[str, dict[str, Any]]:
    """Return the SQL of what each customer would be written, and its values."""
    ids = sorted(set(asked.customer_ids))
    values: dict[str, Any] = {
        "node": asked.node_id, "ids": ids, "cars": [asked.cars.get(pk) for pk in ids], "key": asked.key,
        "today": asked.today,
        "since": asked.at - datetime.timedelta(days=asked.budget) if asked.budget else "infinity",
        "purpose": text.purpose, "channel": text.channel, "points": POINTS[Medium(text.channel)],
        "link": text.link, "offer_codes": [text.offer_codes.get(pk) for pk in ids],
    }  # fmt: skip
    joins = {VALUES[name][1] for name in policy.named(text.subject, text.body)} - {""}
    sql = PLAN
    for name, part in {
        "subject": _written("subject", text.subject, text.language, values),
        "body": _written("body", text.body, text.language, values),
        "agreed": AGREED, "held": HELD, "point": ADDRESSED.get(Medium(text.channel), POINT),
        "joins": "\n".join(JOINS[name] for name in sorted(joins)),
    }.items():  # fmt: skip
        sql = sql.replace(f"{{{name}}}", part)
    return sql, values


def _written(name: str, text: str, language: str, values: dict[str, Any]) -> str:
    """Return a text as SQL: its words are parameters, its variables expressions of the registry."""
    found = []
    for number, part in enumerate(policy.parts(text)):
        if part.variable:
            found.append(_value(part.variable, Language(language)))
        else:
            values[f"{name}_{number}"] = part.words
            found.append(f"%({name}_{number})s::text")
    return "(" + " || ".join(found or ["''"]) + ")"


def _value(variable: str, language: Language) -> str:
    words = WORDS[language]
    sides = {"first": words["first"], "second": words["second"]}
    return "(" + VALUES[variable][0].format(
        salutation=words["salutation"], day_form=words["day_form"], car_name=NAMED.format(of="car", **sides),
        outlet_name=NAMED.format(of="place", **sides),
    ) + ")"  # fmt: skip


def planned(text: Text, asked: Asked) -> list[Planned]:
    """Return what each customer would be written, and why not; one query."""
    sql, values = plan(text, asked)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Planned(*row) for row in cursor.fetchall()]


def of_template(
    row: Template, language: str, node_id: int, whom: tuple[int, int | None], at: datetime.datetime
) -> Planned | None:
    """Return what one customer would be written today with a version of a template, about one of his cars or none, and
    why not; two queries. None: he has nothing to do with the place.
    """
    day = clock.day_of(at)
    budget = int(templates.terms(day).budgets.get(row.purpose, 0))
    text = Text(row.channel, row.purpose, language, *row.words(language), row.pk)
    customer_id, vehicle_id = whom
    cars = {customer_id: vehicle_id} if vehicle_id else {}
    found = planned(text, Asked(node_id, [customer_id], "", at, day, budget, cars))
    return found[0] if found else None


def address_now(customer_id: int, channel: str) -> str:
    """Return to where a customer would be written by a channel today; empty if nowhere; one query."""
    sql = ADDRESSED.get(Medium(channel), POINT)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT point.value FROM (SELECT %(id)s::bigint AS customer_id) m JOIN LATERAL ({sql}) point ON true",  # noqa: S608 -- fixed text
            {"id": customer_id, "points": POINTS[Medium(channel)]},
        )
        found = cursor.fetchone()
    return str(found[0]) if found else ""
