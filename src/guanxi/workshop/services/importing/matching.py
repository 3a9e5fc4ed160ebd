"""Visits on their way in: which cars their rows mean. The database is asked once for each different car, DuckDB says it
of the rows.
"""

from django.db.backends.utils import CursorWrapper

from guanxi.foundation.columnar import Connection
from guanxi.intake.services.staging import exchanging, loading
from guanxi.intake.services.staging.loading import Step, Tell
from guanxi.intake.services.staging.mergers import Values

ASKED = {"vin": "text", "plate": "text"}
ASK = "SELECT DISTINCT vin, plate FROM stage"
BY_PLATE = """
DROP TABLE IF EXISTS intake_plate;
CREATE TEMP TABLE intake_plate ON COMMIT DROP AS
SELECT v.plate, min(v.id) AS id, count(*) AS cars FROM vehicles_vehicle v
WHERE v.plate <> '' AND v.plate IN (SELECT s.plate FROM intake_asked s WHERE s.plate IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM vehicles_vehicle k WHERE k.vin = s.vin))
GROUP BY v.plate;
ANALYZE intake_plate
"""
CARS = """
DROP TABLE IF EXISTS intake_car;
CREATE TEMP TABLE intake_car ON COMMIT DROP AS
SELECT s.vin, s.plate, coalesce(v.id, CASE WHEN p.cars = 1 THEN p.id END) AS vid,
  v.id IS NULL AND p.cars > 1 AS is_unclear
FROM intake_asked s LEFT JOIN vehicles_vehicle v ON v.vin = s.vin
LEFT JOIN intake_plate p ON v.id IS NULL AND p.plate = s.plate;
ANALYZE intake_car
"""
STEPS = (Step("cars", BY_PLATE), Step("cars", CARS))
MISSING = "SELECT vin, plate, coalesce(is_unclear, false) FROM intake_car WHERE vid IS NULL"
FOUND = ("row", "field", "level", "code", "original")
TELL = """
SELECT s.row, CASE WHEN s.vin IS NULL THEN 'plate' ELSE 'vin' END, 'reject',
  CASE WHEN m.is_unclear THEN 'two_vehicles' ELSE 'no_vehicle' END, coalesce(s.vin, s.plate)
FROM stage s JOIN missing m ON m.vin IS NOT DISTINCT FROM s.vin AND m.plate IS NOT DISTINCT FROM s.plate
"""


def match(cursor: CursorWrapper, duck: Connection, values: Values, tell: Tell) -> None:
    """Make the table ``intake_car`` of the database: the car of every different VIN and plate; tell which rows have
    none.
    """
    exchanging.make(cursor, duck, "intake_asked", ASKED, ASK)
    loading.walk(cursor, STEPS, values, tell)
    shape = {"vin": "VARCHAR", "plate": "VARCHAR", "is_unclear": "BOOLEAN"}
    exchanging.fetch(cursor, duck, "missing", shape, MISSING)
    exchanging.bring(cursor, duck, "intake_found", FOUND, TELL)
