"""What hangs on people and cars after an import or its undoing: the words they are found by, their quality."""

from django.db.backends.utils import CursorWrapper

from guanxi.intake.services.staging.loading import Tell
from guanxi.intake.services.staging.mergers import Values

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
# The words of new people from what was staged, in the order of the index that grows most.
WORDS = r"""
INSERT INTO customers_token (outlet_id, customer_id, token)
WITH named AS (
  SELECT cid, upper(regexp_replace(name, '[[:space:]·•.,()（）]', '', 'g')) AS name, reading, initials
  FROM intake_row WHERE is_first AND is_new_person
), words AS (
  SELECT cid, 'n' || substr(name, i, 16) AS token FROM named CROSS
    JOIN LATERAL generate_series(1, least(length(name), 16)) i
  UNION ALL SELECT cid, 'r' || left(reading, 24) FROM named WHERE reading <> ''
  UNION ALL SELECT cid, 'i' || left(initials, 16) FROM named WHERE initials <> ''
  UNION ALL SELECT p.cid, 't' || reverse(n.value) FROM intake_number n JOIN intake_person p ON p.person = n.person
    WHERE p.is_new
  UNION ALL SELECT cid, 'v' || reverse(vin) FROM intake_row WHERE is_car AND is_owner AND is_new_person
  UNION ALL SELECT cid, 'p' || reverse(plate) FROM intake_row
    WHERE is_car AND is_owner AND is_new_person AND is_new_car AND plate IS NOT NULL
  UNION ALL SELECT r.cid, 'p' || reverse(v.plate) FROM intake_row r JOIN vehicles_vehicle v ON v.id = r.vid
    WHERE r.is_car AND r.is_owner AND r.is_new_person AND NOT r.is_new_car AND v.plate <> ''
)
SELECT p.node_id, w.cid, w.token FROM words w
JOIN (SELECT DISTINCT cid, node_id FROM intake_row WHERE is_new_person) p ON p.cid = w.cid
ORDER BY 1, w.token COLLATE "C"
"""
FORGET = """
DELETE FROM customers_token t USING intake_touched x WHERE t.customer_id = x.id;
DELETE FROM customers_quality q USING customers_customer c WHERE c.id = q.customer_id AND c.run_id = %(run)s
  AND NOT EXISTS (SELECT 1 FROM intake_before b WHERE b.run_id = %(run)s AND b.table_name = 'customers_customer'
    AND b.key = c.id)
"""
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


def forget(cursor: CursorWrapper, values: Values) -> None:
    """Take away the words of those in ``intake_touched``, and the quality of those whom the run brought."""
    cursor.execute(FORGET, values)


def derive(cursor: CursorWrapper, values: Values, tell: Tell) -> None:
    """Bring words and quality up to date for those in ``intake_touched`` who are still there."""
    cursor.execute(STILL)
    tell("words", 0, 0)
    cursor.execute(RETOKEN)
    tell("quality", 0, 0)
    cursor.execute(GRADE, values)


def derive_new(cursor: CursorWrapper, values: Values, tell: Tell) -> None:
    """Write words and quality of new people; then bring those up to date who were there already."""
    tell("words", 0, 0)
    cursor.execute(WORDS)
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM intake_person WHERE NOT is_new)"
        " OR EXISTS (SELECT 1 FROM intake_car WHERE NOT is_new)"
    )
    if cursor.fetchone()[0]:
        touched(cursor, values)
        cursor.execute("DELETE FROM intake_touched t USING intake_person p WHERE p.cid = t.id AND p.is_new")
        derive(cursor, values, tell)
    tell("quality", 0, 0)
    cursor.execute("DROP TABLE IF EXISTS intake_touched")
    cursor.execute(
        "CREATE TEMP TABLE intake_touched ON COMMIT DROP AS SELECT cid AS id FROM intake_person WHERE is_new"
    )
    cursor.execute(GRADE, values)
