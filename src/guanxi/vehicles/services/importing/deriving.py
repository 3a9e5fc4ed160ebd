"""What hangs on people and cars after an import or its undoing: the words they are found by, their quality."""

from django.db.backends.utils import CursorWrapper

from guanxi.intake.services.staging.loading import Tell
from guanxi.intake.services.staging.mergers import Values
from guanxi.vehicles.services.importing import matching

OF_CUSTOMERS = ("customers_contactpoint", "customers_address", "customers_relation", "customers_externalid",
                "vehicles_participant", "vehicles_sale")  # fmt: skip
_ROWS = """
SELECT {column} FROM {table} WHERE id = ANY(ARRAY(
  SELECT key FROM intake_before WHERE run_id = %(run)s AND table_name = '{table}')) OR run_id = %(run)s
"""
_CARS = " UNION ".join(
    _ROWS.format(column=column, table=table)
    for table, column in (("vehicles_vehicle", "id"), ("vehicles_plate", "vehicle_id"))
)
_PEOPLE = " UNION ".join(
    _ROWS.format(column=column, table=table)
    for table, column in (("customers_customer", "id"), *((name, "customer_id") for name in OF_CUSTOMERS))
)
TOUCHED = f"""
DROP TABLE IF EXISTS intake_touched;
CREATE TEMP TABLE intake_touched ON COMMIT DROP AS
{_PEOPLE} UNION SELECT customer_id FROM vehicles_participant WHERE until IS NULL AND vehicle_id IN ({_CARS})
"""  # noqa: S608 -- names of our own tables
AT_ONCE = 20_000  # people whose words are written with their records; of more, later, in jobs of as many
# New people have their keys in a row: whoever else has one of these is derived too, and is as before.
RANGES = """
SELECT min(cid), max(cid) FROM (
  SELECT cid, (row_number() OVER (ORDER BY cid) - 1) / %(at_once)s AS part FROM intake_person WHERE is_new
) parts GROUP BY part ORDER BY 1
"""
WORDS = """
DELETE FROM customers_token WHERE customer_id BETWEEN %(first)s AND %(last)s;
INSERT INTO customers_token (outlet_id, customer_id, token)
SELECT p.outlet_id, w.customer_id, w.token FROM (
  SELECT customer_id, token FROM customers_word WHERE customer_id BETWEEN %(first)s AND %(last)s
  UNION ALL SELECT w.customer_id, w.token FROM vehicles_word w JOIN customers_customer c ON c.id = w.customer_id
    AND c.merged_into_id IS NULL WHERE w.customer_id BETWEEN %(first)s AND %(last)s
) w JOIN (SELECT customer_id, outlet_id FROM customers_presence WHERE customer_id BETWEEN %(first)s AND %(last)s) p
  ON p.customer_id = w.customer_id
ORDER BY 1, 3
"""
GRADE_RANGE = """
SELECT customers_grade(ids, %(at)s)
FROM (SELECT array_agg(id) AS ids FROM customers_customer WHERE id BETWEEN %(first)s AND %(last)s HAVING count(*) > 0) t
"""
FORGET = "DELETE FROM customers_token t USING intake_touched x WHERE t.customer_id = x.id"
STILL = """
DELETE FROM intake_touched t WHERE NOT EXISTS (SELECT 1 FROM customers_customer c WHERE c.id = t.id)
"""
RETOKEN = """
SELECT customers_retoken(ids), vehicles_retoken(ids)
FROM (SELECT array_agg(id) AS ids FROM intake_touched HAVING count(*) > 0) t
"""
GRADE = (
    "SELECT customers_grade(ids, %(at)s) FROM (SELECT array_agg(id) AS ids FROM intake_touched HAVING count(*) > 0) t"
)


def touched(cursor: CursorWrapper, values: Values) -> None:
    """Make the table ``intake_touched`` of the people on whom something hangs that a run brought or changed."""
    cursor.execute(TOUCHED, values)


def forget(cursor: CursorWrapper, _values: Values) -> None:
    """Take away the words of those in ``intake_touched``."""
    cursor.execute(FORGET)


def derive(cursor: CursorWrapper, values: Values, tell: Tell) -> None:
    """Bring words and quality up to date for those in ``intake_touched`` who are still there."""
    cursor.execute(STILL)
    tell("words", 0, 0)
    cursor.execute(RETOKEN)
    tell("quality", 0, 0)
    cursor.execute(GRADE, values)


def derive_range(cursor: CursorWrapper, values: Values) -> None:
    """Write words and quality of everybody whose key lies between two."""
    cursor.execute(WORDS, values)
    cursor.execute(GRADE_RANGE, values)


def derive_new(cursor: CursorWrapper, values: Values, tell: Tell) -> list[tuple[int, int]]:
    """Bring those up to date who were there already, write words and quality of new people if they are not too many.

    Returns the ranges of keys that are left for later.
    """
    tell("words", 0, 0)
    if matching.any_known(cursor):
        touched(cursor, values)
        cursor.execute("DELETE FROM intake_touched t USING intake_person p WHERE p.cid = t.id AND p.is_new")
        derive(cursor, values, tell)
    cursor.execute(RANGES, {"at_once": AT_ONCE})
    ranges: list[tuple[int, int]] = cursor.fetchall()
    if len(ranges) == 1:
        derive_range(cursor, {**values, "first": ranges[0][0], "last": ranges[0][1]})
    return ranges if len(ranges) > 1 else []
