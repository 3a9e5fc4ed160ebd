"""Visits in DuckDB meet what the database knows of them: cars, whose they were on that day, orders already there."""

from django.db.backends.utils import CursorWrapper

from guanxi.foundation.columnar import Connection, run
from guanxi.intake.services.staging import exchanging
from guanxi.intake.services.staging.mergers import Values

CAR = {
    "vin": "VARCHAR", "plate": "VARCHAR", "vid": "BIGINT", "sold_on": "DATE", "odometer_km": "INTEGER",
    "odometer_on": "DATE", "owner": "BIGINT", "since": "DATE",
}  # fmt: skip
CARS = """
SELECT c.vin, c.plate, c.vid, v.sold_on, v.odometer_km, v.odometer_on, o.customer_id, o.since
FROM intake_car c JOIN vehicles_vehicle v ON v.id = c.vid
LEFT JOIN vehicles_participant o ON o.vehicle_id = v.id AND o.role = 'OWNER' AND o.until IS NULL
"""
FORMER = {"vid": "BIGINT", "owner": "BIGINT", "since": "DATE", "until": "DATE"}
FORMERS = """
SELECT vehicle_id, customer_id, since, until FROM vehicles_participant
WHERE role = 'OWNER' AND until IS NOT NULL AND vehicle_id IN (SELECT vid FROM intake_car)
"""
CODE = {"code": "VARCHAR", "counts": "BOOLEAN"}
CODES = """
SELECT k.code, CASE k.attributes ->> 'counts' WHEN 'yes' THEN true WHEN 'no' THEN false END
FROM codelists_code k JOIN codelists_codelist l ON l.id = k.list_id
WHERE l.code = 'visit_categories' AND k.node_id IS NULL
"""
SPANS = "SELECT node_id, min(order_no), max(order_no) FROM stage GROUP BY node_id"
ORDER = {"id": "BIGINT", "node_id": "INTEGER", "order_no": "VARCHAR"}
ORDERS = """
SELECT w.id, w.outlet_id, w.order_no
FROM unnest(%(nodes)s::int[], %(firsts)s::text[], %(lasts)s::text[]) s (node_id, first, last)
JOIN workshop_visit w ON w.outlet_id = s.node_id AND w.order_no BETWEEN s.first AND s.last
"""
# The owner of today, if the car was that person's on that day.
SEEN = """
CREATE OR REPLACE TABLE seen AS
SELECT s.row, s.node_id, s.entered_on, s.km, c.vid, h.id AS held,
  CASE WHEN c.since IS NULL OR c.since <= s.entered_on THEN c.owner END AS cid
FROM stage s JOIN cars c ON c.vin IS NOT DISTINCT FROM s.vin AND c.plate IS NOT DISTINCT FROM s.plate
LEFT JOIN orders h ON h.node_id = s.node_id AND h.order_no = s.order_no
"""
# Else who owned it then: of several the latest.
THEN = """
UPDATE seen SET cid = f.cid FROM (
  SELECT s.row, arg_max(f.owner, coalesce(f.since, DATE '-infinity')) AS cid FROM seen s JOIN former f ON f.vid = s.vid
    AND (f.since IS NULL OR f.since <= s.entered_on) AND f.until > s.entered_on
  WHERE s.cid IS NULL GROUP BY s.row
) f WHERE f.row = seen.row
"""


def join(cursor: CursorWrapper, duck: Connection, values: Values) -> None:
    """Make the tables ``seen`` (row, node_id, entered_on, km, vid, held, cid) of the rows whose car is known, ``cars``
    and ``codes``.
    """
    exchanging.fetch(cursor, duck, "cars", CAR, CARS)
    exchanging.fetch(cursor, duck, "former", FORMER, FORMERS)
    exchanging.fetch(cursor, duck, "codes", CODE, CODES)
    spans = run(duck, SPANS)
    named = dict(zip(("nodes", "firsts", "lasts"), ([row[at] for row in spans] for at in range(3)), strict=True))
    exchanging.fetch(cursor, duck, "orders", ORDER, ORDERS, {**values, **named})
    run(duck, SEEN)
    run(duck, THEN)
