"""The days that rules count from, as SQL: whom, which car, which outlet, which day.

Every statement yields ``customer_id, vehicle_id, outlet_id, anchor_on`` for the days from ``first`` to ``last``, of all
customers or of one. Fixed text; whatever people wrote goes in as a parameter. One more source of days is one more
entry of ``SOURCES``: a state that somebody entered would read ``since`` of a table of states.
"""

from guanxi.care.states.rules import Anchor
from guanxi.workshop.states import MAINTENANCE

NEW_CAR_MONTHS = 3  # NUM-010
LONGEST_STEP = 36  # no step of a maintenance plan lies further apart

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
PLAN = """
JOIN vehicles_trim t ON t.id = v.trim_id JOIN vehicles_carmodel cm ON cm.id = t.model_id
JOIN LATERAL (
  SELECT min(st.months) AS months FROM vehicles_maintenancestep st
  WHERE st.series_id = cm.series_id AND st.kind = ANY(%(steps)s) AND st.months > 0) step ON step.months IS NOT NULL
"""

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

FIRST_SERVICE = """
SELECT p.customer_id, v.id AS vehicle_id, home.outlet_id,
  (v.sold_on + make_interval(months => step.months))::date AS anchor_on
FROM vehicles_vehicle v {owner} {plan} {home}
WHERE v.sold_on BETWEEN (%(first)s::date - make_interval(months => %(longest)s))::date AND %(last)s AND {one}
  AND (v.sold_on + make_interval(months => step.months))::date BETWEEN %(first)s AND %(last)s
  AND NOT EXISTS (
    SELECT 1 FROM workshop_visit w WHERE w.vehicle_id = v.id AND w.category = ANY(%(maintenance)s)
      AND w.entered_on >= v.sold_on)
"""

PERIODIC_SERVICE = """
SELECT p.customer_id, v.id AS vehicle_id, home.outlet_id,
  (done.entered_on + make_interval(months => step.months))::date AS anchor_on
FROM vehicles_vehicle v {owner} {plan}
JOIN LATERAL (
  SELECT w.entered_on FROM workshop_visit w WHERE w.vehicle_id = v.id AND w.category = ANY(%(maintenance)s)
  ORDER BY w.entered_on DESC LIMIT 1) done ON true {home}
WHERE {one} AND (done.entered_on + make_interval(months => step.months))::date BETWEEN %(first)s AND %(last)s
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

ANNIVERSARY = """
SELECT p.customer_id, v.id AS vehicle_id, home.outlet_id, d.day AS anchor_on
FROM vehicles_vehicle v {owner}
CROSS JOIN generate_series(extract(year FROM %(first)s::date)::int, extract(year FROM %(last)s::date)::int) AS y (n)
CROSS JOIN LATERAL (
  SELECT (v.sold_on + make_interval(years => y.n - extract(year FROM v.sold_on)::int))::date AS day) d {home}
WHERE v.sold_on IS NOT NULL AND {one} AND d.day BETWEEN %(first)s AND %(last)s AND d.day > v.sold_on
"""

OF_DAYS = """
SELECT c.id AS customer_id, NULL::bigint AS vehicle_id, home.outlet_id, d.day AS anchor_on
FROM (SELECT DISTINCT n.day FROM care_namedday n
  WHERE n.kind = %(day_kind)s AND n.code = ANY(%(of)s) AND n.day BETWEEN %(first)s AND %(last)s) d
CROSS JOIN customers_customer c {home}
WHERE c.merged_into_id IS NULL AND home.since <= d.day AND {one}
"""


def _filled(text: str, who: str, column: str = "") -> str:
    parts = {"one": ONE.format(who=who), "home": HOME.format(who=who), "owner": OWNER, "plan": PLAN, "column": column}
    return text.format(**parts)


SOURCES: dict[str, str] = {
    Anchor.DELIVERY: _filled(DELIVERY, "s.customer_id"),
    Anchor.VISIT: _filled(VISIT, "coalesce(w.customer_id, p.customer_id)"),
    Anchor.FIRST_SERVICE: _filled(FIRST_SERVICE, "p.customer_id"),
    Anchor.PERIODIC_SERVICE: _filled(PERIODIC_SERVICE, "p.customer_id"),
    Anchor.REGULAR: _filled(REGULAR, "p.customer_id"),
    Anchor.INSURANCE: _filled(END, "p.customer_id", "insured_until"),
    Anchor.INSPECTION: _filled(END, "p.customer_id", "inspected_until"),
    Anchor.WARRANTY_END: _filled(END, "p.customer_id", "warranty_until"),
    Anchor.BIRTHDAY: _filled(BIRTHDAY, "c.id"),
    Anchor.ANNIVERSARY: _filled(ANNIVERSARY, "p.customer_id"),
    Anchor.FESTIVAL: _filled(OF_DAYS, "c.id"),
    Anchor.SOLAR_TERM: _filled(OF_DAYS, "c.id"),
}
STEPS = {Anchor.FIRST_SERVICE: ["FIRST", "MANDATORY"], Anchor.PERIODIC_SERVICE: ["PERIODIC"]}
FIXED = {"new_months": NEW_CAR_MONTHS, "longest": LONGEST_STEP, "maintenance": list(MAINTENANCE)}
