"""Visits in the database: which car a row means, whose it was on that day, whether the order is there already."""

from guanxi.intake.services.staging.loading import Step

BY_PLATE = """
DROP TABLE IF EXISTS intake_plate;
CREATE TEMP TABLE intake_plate ON COMMIT DROP AS
SELECT v.plate, min(v.id) AS id, count(*) AS cars FROM vehicles_vehicle v
WHERE v.plate <> '' AND v.plate IN (SELECT s.plate FROM intake_stage s WHERE s.plate IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM vehicles_vehicle k WHERE k.vin = s.vin))
GROUP BY v.plate
"""
CARS = """
DROP TABLE IF EXISTS intake_car;
CREATE TEMP TABLE intake_car ON COMMIT DROP AS
SELECT s.row, coalesce(v.id, CASE WHEN p.cars = 1 THEN p.id END) AS vid, v.id IS NULL AND p.cars > 1 AS is_unclear
FROM intake_stage s LEFT JOIN vehicles_vehicle v ON v.vin = s.vin
LEFT JOIN intake_plate p ON v.id IS NULL AND p.plate = s.plate;
ANALYZE intake_car
"""
TELL = """
INSERT INTO intake_found
SELECT s.row, CASE WHEN s.vin IS NULL THEN 'plate' ELSE 'vin' END, 'reject',
  CASE WHEN c.is_unclear THEN 'two_vehicles' ELSE 'no_vehicle' END, coalesce(s.vin, s.plate)
FROM intake_stage s JOIN intake_car c USING (row) WHERE c.vid IS NULL
"""
# The owner of today, or who owned it on that day; a category that the list knows, and whether it counts.
ROWS = """
DROP TABLE IF EXISTS intake_row;
CREATE TEMP TABLE intake_row ON COMMIT DROP AS
SELECT s.row, s.node_id, s.order_no, s.entered_on, s.left_on, s.km, s.labour, s.parts, s.total, s.advisor_name,
  s.brought_by, s.brought_by_phone, s.words, s.remark, c.vid, coalesce(k.code, '') AS category,
  CASE k.attributes ->> 'counts' WHEN 'yes' THEN true WHEN 'no' THEN false END AS counts, w.id AS held,
  CASE WHEN o.id IS NOT NULL AND (o.since IS NULL OR o.since <= s.entered_on) THEN o.customer_id ELSE (
    SELECT p.customer_id FROM vehicles_participant p WHERE p.vehicle_id = c.vid AND p.role = 'OWNER'
      AND (p.since IS NULL OR p.since <= s.entered_on) AND (p.until IS NULL OR p.until > s.entered_on)
    ORDER BY p.since DESC NULLS LAST LIMIT 1) END AS cid
FROM intake_stage s JOIN intake_car c ON c.row = s.row AND c.vid IS NOT NULL
LEFT JOIN vehicles_participant o ON o.vehicle_id = c.vid AND o.role = 'OWNER' AND o.until IS NULL
LEFT JOIN (SELECT k.code, k.attributes FROM codelists_code k JOIN codelists_codelist l ON l.id = k.list_id
  WHERE l.code = 'visit_categories' AND k.node_id IS NULL) k ON k.code = s.category
LEFT JOIN workshop_visit w ON w.outlet_id = s.node_id AND w.order_no = s.order_no;
ANALYZE intake_row
"""

LOOK = (Step("cars", BY_PLATE), Step("cars", CARS), Step("cars", TELL))
STEPS = (*LOOK, Step("cars", ROWS))
