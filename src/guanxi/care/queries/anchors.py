"""The days that rules count from, as SQL: whom, which car, which outlet, which day.

Every statement yields ``customer_id, vehicle_id, outlet_id, anchor_on, reason_on`` for the days from ``first`` to
``last``, of all customers or of one. Nobody is contacted twice for one ``reason_on``: where nothing else is said, it is
the day that the rule counts from. Fixed text; whatever people wrote goes in as a parameter.
"""

from django.conf import settings

from guanxi.care.states.rules import Anchor
from guanxi.vehicles.models import Participant
from guanxi.vehicles.states import Role

NEW_CAR_MONTHS = 3  # NUM-010

# Whose customer somebody is when nothing else says it: his newest relation as an owner, else his newest.
HOME = """
CROSS JOIN LATERAL (
  SELECT h.outlet_id, h.since FROM customers_relation h
  WHERE h.customer_id = {who} AND h.ended_on IS NULL
  ORDER BY (h.category = 'OWNER') DESC, h.since DESC, h.outlet_id LIMIT 1) home
"""
ONE = (
    "(%(customer)s::bigint IS NULL OR {who} = %(customer)s)"
    " AND (%(part)s::int = 1 OR abs(hashint8({who})::bigint) %% %(part)s::int = 0)"
)
OWNER = "JOIN vehicles_participant p ON p.vehicle_id = v.id AND p.role = 'OWNER' AND p.until IS NULL"

SAME = "SELECT s.*, s.anchor_on AS reason_on FROM ({days}) s"
DELIVERY = """
SELECT s.customer_id, s.vehicle_id, s.outlet_id, s.sold_on AS anchor_on FROM vehicles_sale s
WHERE s.sold_on BETWEEN %(first)s AND %(last)s AND {one}
"""

# Unknown ends count as within warranty, so that each visit has one phase and nobody falls between them.
VISIT = """
SELECT DISTINCT ON (coalesce(w.customer_id, p.customer_id), w.vehicle_id, coalesce(w.left_on, w.entered_on))
  coalesce(w.customer_id, p.customer_id) AS customer_id, w.vehicle_id, w.outlet_id,
  coalesce(w.left_on, w.entered_on) AS anchor_on
FROM workshop_visit w JOIN vehicles_vehicle v ON v.id = w.vehicle_id LEFT {owner}
WHERE w.entered_on BETWEEN %(first)s::date - 60 AND %(last)s
  AND coalesce(w.left_on, w.entered_on) BETWEEN %(first)s AND %(last)s
  AND CASE WHEN cardinality(%(of)s::text[]) = 0 THEN w.counts ELSE w.category = ANY(%(of)s) END
  AND coalesce(w.customer_id, p.customer_id) IS NOT NULL AND {one}
  AND (%(phase)s = '' OR %(phase)s = CASE
    WHEN coalesce(w.left_on, w.entered_on) < (v.sold_on + make_interval(months => %(new_months)s))::date THEN 'NEW_CAR'
    WHEN v.warranty_until < coalesce(w.left_on, w.entered_on) OR w.km > v.warranty_km THEN 'OUT_OF_WARRANTY'
    ELSE 'IN_WARRANTY' END)
ORDER BY coalesce(w.customer_id, p.customer_id), w.vehicle_id, coalesce(w.left_on, w.entered_on), w.id
"""

# Worked out every night, by time or mileage, whichever comes first. The day may move with each reading: the reason is
# that nothing was done since the last maintenance.
MAINTENANCE = """
SELECT p.customer_id, v.id AS vehicle_id, home.outlet_id, k.due_on AS anchor_on, k.due_from AS reason_on
FROM care_carstate k JOIN vehicles_maintenancestep st ON st.id = k.step_id AND st.kind = ANY(%(steps)s)
JOIN vehicles_vehicle v ON v.id = k.vehicle_id {owner} {home}
WHERE k.due_on BETWEEN %(first)s AND %(last)s AND {one}
"""

REGULAR = """
SELECT p.customer_id, v.id AS vehicle_id, home.outlet_id, (v.sold_on + make_interval(months => k.n))::date AS anchor_on
FROM vehicles_vehicle v {owner} {home}
CROSS JOIN generate_series(%(first_month)s::int, %(last_month)s::int, %(every)s::int) AS k (n)
WHERE v.sold_on BETWEEN (%(first)s::date - make_interval(months => %(last_month)s))::date AND %(last)s AND {one}
  AND (v.sold_on + make_interval(months => k.n))::date BETWEEN %(first)s AND %(last)s
"""

END = """
SELECT p.customer_id, v.id AS vehicle_id, home.outlet_id, v.{column} AS anchor_on
FROM vehicles_vehicle v {owner} {home} WHERE v.{column} BETWEEN %(first)s AND %(last)s AND {one}
"""

# By its day or by the mileage expected then; it ends once.
WARRANTY = """
SELECT p.customer_id, v.id AS vehicle_id, home.outlet_id, k.warranty_ends AS anchor_on,
  coalesce(v.warranty_until, v.sold_on, k.warranty_ends) AS reason_on
FROM care_carstate k JOIN vehicles_vehicle v ON v.id = k.vehicle_id {owner} {home}
WHERE k.warranty_ends BETWEEN %(first)s AND %(last)s AND {one}
"""

# The 29th of February is the 28th in other years.
BIRTHDAY = """
SELECT c.id AS customer_id, NULL::bigint AS vehicle_id, home.outlet_id, d.day AS anchor_on
FROM customers_customer c
CROSS JOIN generate_series(extract(year FROM %(first)s::date)::int, extract(year FROM %(last)s::date)::int) AS y (n)
CROSS JOIN LATERAL (
  SELECT (c.born_on + make_interval(years => y.n - extract(year FROM c.born_on)::int))::date AS day) d {home}
WHERE c.born_on IS NOT NULL AND c.merged_into_id IS NULL AND {one}
  AND d.day BETWEEN %(first)s AND %(last)s AND home.since <= d.day
"""

# Of those who were noted on the record, and of customers of the same household whom the same outlet knows.
FAMILY_BIRTHDAY = """
SELECT DISTINCT c.id AS customer_id, NULL::bigint AS vehicle_id, home.outlet_id, d.day AS anchor_on
FROM (
  SELECT f.customer_id, NULL::bigint AS other_id, f.month::int AS month, f.day::int AS day FROM customers_familymember f
  UNION ALL
  SELECT k.customer_id, o.id, extract(month FROM o.born_on)::int, extract(day FROM o.born_on)::int
  FROM (SELECT a.customer_id, a.other_id FROM customers_association a WHERE a.tie = 'HOUSEHOLD'
    UNION SELECT a.other_id, a.customer_id FROM customers_association a WHERE a.tie = 'HOUSEHOLD') k
  JOIN customers_customer o ON o.id = k.other_id AND o.born_on IS NOT NULL AND o.merged_into_id IS NULL) b
JOIN customers_customer c ON c.id = b.customer_id AND c.merged_into_id IS NULL
CROSS JOIN generate_series(extract(year FROM %(first)s::date)::int, extract(year FROM %(last)s::date)::int) AS y (n)
CROSS JOIN LATERAL (
  SELECT (make_date(2000, b.month, b.day) + make_interval(years => y.n - 2000))::date AS day) d {home}
WHERE {one} AND d.day BETWEEN %(first)s AND %(last)s AND home.since <= d.day
  AND (b.other_id IS NULL OR EXISTS (SELECT 1 FROM customers_relation q
    WHERE q.customer_id = b.other_id AND q.outlet_id = home.outlet_id AND q.ended_on IS NULL))
"""

ANNIVERSARY = """
SELECT p.customer_id, v.id AS vehicle_id, home.outlet_id, d.day AS anchor_on
FROM vehicles_vehicle v {owner}
CROSS JOIN generate_series(extract(year FROM %(first)s::date)::int, extract(year FROM %(last)s::date)::int) AS y (n)
CROSS JOIN LATERAL (
  SELECT (v.sold_on + make_interval(years => y.n - extract(year FROM v.sold_on)::int))::date AS day) d {home}
WHERE v.sold_on IS NOT NULL AND {one} AND d.day BETWEEN %(first)s AND %(last)s AND d.day > v.sold_on
"""

# What he is to the outlet whose customer he is: nobody is won back by two.
STATE = """
SELECT o.customer_id, NULL::bigint AS vehicle_id, o.outlet_id, o.since AS anchor_on
FROM care_ownerstate o {home}
WHERE o.outlet_id = home.outlet_id AND o.state = ANY(%(of)s) AND o.since BETWEEN %(first)s AND %(last)s AND {one}
"""

LAST_VISIT = """
SELECT o.customer_id, NULL::bigint AS vehicle_id, o.outlet_id, o.last_visit AS anchor_on
FROM care_ownerstate o {home}
WHERE o.outlet_id = home.outlet_id AND o.last_visit BETWEEN %(first)s AND %(last)s AND {one}
"""

# Whose customer somebody is, is looked up once, not for each day, and not at all if none of the days falls.
OF_DAYS = """
WITH k AS MATERIALIZED (
  SELECT c.id AS customer_id, home.outlet_id, home.since FROM customers_customer c {home}
  WHERE c.merged_into_id IS NULL AND {one} AND EXISTS (SELECT 1 FROM care_namedday n WHERE {falls}))
SELECT k.customer_id, NULL::bigint AS vehicle_id, k.outlet_id, d.day AS anchor_on
FROM (SELECT DISTINCT n.day FROM care_namedday n WHERE {falls}) d JOIN k ON k.since <= d.day
"""
FALLS = "n.kind = %(day_kind)s AND n.code = ANY(%(of)s) AND n.day BETWEEN %(first)s AND %(last)s"


# Whom a notice concerns: who lives in its region; of whom no address is known, whose outlet lies in its province.
CONCERNED = """
(n.region = '' OR CASE WHEN EXISTS (
    SELECT 1 FROM customers_address q WHERE q.customer_id = {who} AND q.province <> '')
  THEN EXISTS (SELECT 1 FROM customers_address q WHERE q.customer_id = {who} AND q.province = left(n.region, 2)
    AND (length(n.region) = 2 OR q.city = n.region))
  ELSE EXISTS (SELECT 1 FROM network_outletprofile q WHERE q.node_id = {outlet} AND q.province = left(n.region, 2)) END)
AND (n.node_id IS NULL OR EXISTS (
  SELECT 1 FROM network_ancestry q WHERE q.ancestor_id = n.node_id AND q.descendant_id = {outlet}
    AND q.during @> %(today)s::date))
"""
WEATHER = """
SELECT DISTINCT c.id AS customer_id, NULL::bigint AS vehicle_id, home.outlet_id, n.starts_on AS anchor_on
FROM care_notice n CROSS JOIN customers_customer c {home}
WHERE n.kind = ANY(%(of)s) AND n.starts_on BETWEEN %(first)s AND %(last)s AND n.withdrawn_at IS NULL
  AND c.merged_into_id IS NULL AND {concerned} AND {one}
"""

# Several that are closed on one day are one reason. The moment is looked up by index, a day around it.
COMPLAINT = """
SELECT DISTINCT ON (g.customer_id, g.vehicle_id, d.day) g.customer_id, g.vehicle_id, g.outlet_id, d.day AS anchor_on
FROM matters_closed g CROSS JOIN LATERAL (SELECT (g.ended_at AT TIME ZONE %(zone)s)::date AS day) d
WHERE (cardinality(%(of)s::text[]) = 0 OR g.ending = ANY(%(of)s)) AND {one}
  AND g.ended_at >= %(first)s::date - 1 AND g.ended_at < %(last)s::date + 2 AND d.day BETWEEN %(first)s AND %(last)s
ORDER BY g.customer_id, g.vehicle_id, d.day, g.id
"""


def owner_of(vehicle_id: int) -> int | None:
    """Return who owns a car today; one query."""
    rows = Participant.objects.filter(vehicle_id=vehicle_id, role=Role.OWNER, until=None)
    return rows.values_list("customer_id", flat=True).first()


def _filled(text: str, who: str, column: str = "") -> str:
    parts = {
        "one": ONE.format(who=who),
        "home": HOME.format(who=who),
        "owner": OWNER,
        "column": column,
        "falls": FALLS,
        "concerned": CONCERNED.format(who=who, outlet="home.outlet_id"),
    }
    filled = text.format(**parts)
    return filled if "AS reason_on" in filled else SAME.format(days=filled)


SOURCES: dict[str, str] = {
    Anchor.DELIVERY: _filled(DELIVERY, "s.customer_id"),
    Anchor.VISIT: _filled(VISIT, "coalesce(w.customer_id, p.customer_id)"),
    Anchor.FIRST_SERVICE: _filled(MAINTENANCE, "p.customer_id"),
    Anchor.PERIODIC_SERVICE: _filled(MAINTENANCE, "p.customer_id"),
    Anchor.REGULAR: _filled(REGULAR, "p.customer_id"),
    Anchor.INSURANCE: _filled(END, "p.customer_id", "insured_until"),
    Anchor.INSPECTION: _filled(END, "p.customer_id", "inspected_until"),
    Anchor.WARRANTY_END: _filled(WARRANTY, "p.customer_id"),
    Anchor.BIRTHDAY: _filled(BIRTHDAY, "c.id"),
    Anchor.FAMILY_BIRTHDAY: _filled(FAMILY_BIRTHDAY, "c.id"),
    Anchor.ANNIVERSARY: _filled(ANNIVERSARY, "p.customer_id"),
    Anchor.FESTIVAL: _filled(OF_DAYS, "c.id"),
    Anchor.SOLAR_TERM: _filled(OF_DAYS, "c.id"),
    Anchor.STATE: _filled(STATE, "o.customer_id"),
    Anchor.LAST_VISIT: _filled(LAST_VISIT, "o.customer_id"),
    Anchor.WEATHER: _filled(WEATHER, "c.id"),
    Anchor.COMPLAINT: _filled(COMPLAINT, "g.customer_id"),
}
STEPS = {Anchor.FIRST_SERVICE: ["FIRST", "MANDATORY"], Anchor.PERIODIC_SERVICE: ["PERIODIC"]}
FIXED = {"new_months": NEW_CAR_MONTHS, "zone": settings.TIME_ZONE}
