"""Owners in the database: whom and which cars the rows mean. Written before it is known whether anything is."""

from django.db.backends.utils import CursorWrapper

from guanxi.intake.services.staging.loading import Step

# The first number of a person's first row is nearly all there is; only the others may be there twice.
NUMBERS = r"""
DROP TABLE IF EXISTS intake_number;
CREATE TEMP TABLE intake_number ON COMMIT DROP AS
SELECT person, 'MOBILE' AS channel, mobile AS value, row, 0::bigint AS place FROM intake_stage
WHERE row = person AND mobile IS NOT NULL
UNION ALL (
  SELECT DISTINCT ON (person, channel, value) person, channel, value, row, place FROM (
    SELECT person, 'MOBILE' AS channel, mobile AS value, row, 0::bigint AS place FROM intake_stage
    WHERE row <> person AND mobile IS NOT NULL
    UNION ALL
    SELECT s.person, CASE WHEN n.value ~ '^1\d{10}$' THEN 'MOBILE' ELSE 'LANDLINE' END, n.value, s.row, n.place
    FROM intake_stage s CROSS JOIN LATERAL unnest(s.numbers) WITH ORDINALITY n (value, place)
    WHERE s.numbers IS NOT NULL
  ) others
  WHERE NOT EXISTS (SELECT 1 FROM intake_stage f WHERE f.row = others.person AND f.mobile = others.value)
  ORDER BY person, channel, value, row, place
)
"""
# A merged record is found by what it was and stands for the one that stayed.
PEOPLE = """
DROP TABLE IF EXISTS intake_match;
CREATE TEMP TABLE intake_match ON COMMIT DROP AS
WITH hits AS (
  SELECT s.person, 1 AS way, e.customer_id AS id
  FROM intake_stage s JOIN customers_externalid e ON e.source = %(source)s AND e.value = s.customer_no
  JOIN customers_customer c ON c.id = e.customer_id
  WHERE s.row = s.person AND (upper(c.name) = upper(s.name) OR EXISTS (
    SELECT 1 FROM intake_number n JOIN customers_contactpoint p ON p.value = n.value
    WHERE n.person = s.person AND n.channel = 'MOBILE' AND p.customer_id = c.id AND p.channel = 'MOBILE'))
  UNION ALL
  SELECT n.person, 2, c.id
  FROM intake_number n JOIN intake_stage s ON s.row = n.person
  JOIN customers_contactpoint p ON p.value = n.value AND p.channel = 'MOBILE'
  JOIN customers_customer c ON c.id = p.customer_id AND upper(c.name) = upper(s.name)
  WHERE n.channel = 'MOBILE'
  UNION ALL
  SELECT s.person, 3, c.id
  FROM intake_stage s JOIN vehicles_vehicle v ON v.vin = s.vin
  JOIN vehicles_participant o ON o.vehicle_id = v.id AND o.role = 'OWNER' AND o.until IS NULL
  JOIN customers_customer c ON c.id = o.customer_id AND upper(c.name) = upper(s.name)
)
SELECT DISTINCT ON (person) person, coalesce(up.id, c.id) AS id
FROM hits JOIN customers_customer c ON c.id = hits.id LEFT JOIN customers_customer up ON up.id = c.merged_into_id
WHERE coalesce(up.merged_into_id, CASE WHEN up.id IS NULL THEN c.merged_into_id END) IS NULL
ORDER BY person, way, 2
"""
# Two people of the file who turn out to be one here.
UNITE = """
UPDATE intake_stage s SET person = m.first
FROM (SELECT person, min(person) OVER (PARTITION BY id) AS first FROM intake_match) m
WHERE m.person = s.person AND m.first <> s.person
"""
UNITE_NUMBERS = UNITE.replace("intake_stage", "intake_number")
# A mere look has nothing to say of a row that stands for itself, of a car, a number and a person whom nobody knows.
NARROW = """
DROP TABLE IF EXISTS intake_told;
CREATE TEMP TABLE intake_told ON COMMIT DROP AS
SELECT s.* FROM intake_stage s LEFT JOIN intake_match m ON m.person = s.person
LEFT JOIN vehicles_vehicle v ON v.vin = s.vin
LEFT JOIN customers_externalid e ON e.source = %(source)s AND e.value = s.customer_no
WHERE NOT s.is_lone OR m.person IS NOT NULL OR v.id IS NOT NULL OR e.id IS NOT NULL;
DROP TABLE intake_stage;
ALTER TABLE intake_told RENAME TO intake_stage;
ANALYZE intake_stage
"""
PERSONS = """
DROP TABLE IF EXISTS intake_person;
CREATE TEMP TABLE intake_person ON COMMIT DROP AS
SELECT s.row AS person, coalesce(m.id, nextval('customers_customer_id_seq')) AS cid, m.id IS NULL AS is_new,
  s.customer_no IS NOT NULL AND (t.id IS NULL OR t.id IS NOT DISTINCT FROM m.id) AS may_number
FROM intake_stage s LEFT JOIN intake_match m ON m.person = s.row
LEFT JOIN (
  SELECT e.value, coalesce(c.merged_into_id, c.id) AS id
  FROM customers_externalid e JOIN customers_customer c ON c.id = e.customer_id WHERE e.source = %(source)s
) t ON t.value = s.customer_no
WHERE s.row = s.person ORDER BY s.row;
ANALYZE intake_person
"""
CARS = """
DROP TABLE IF EXISTS intake_car;
CREATE TEMP TABLE intake_car ON COMMIT DROP AS
SELECT s.vin, coalesce(v.id, nextval('vehicles_vehicle_id_seq')) AS vid, v.id IS NULL AS is_new,
  o.customer_id AS held_by,
  coalesce(o.customer_id, p.cid) AS owner
FROM intake_stage s JOIN intake_person p ON p.person = s.person
LEFT JOIN vehicles_vehicle v ON v.vin = s.vin
LEFT JOIN vehicles_participant o ON o.vehicle_id = v.id AND o.role = 'OWNER' AND o.until IS NULL
WHERE s.is_car ORDER BY s.row;
ANALYZE intake_car
"""
ROWS = """
DROP TABLE IF EXISTS intake_row;
CREATE TEMP TABLE intake_row ON COMMIT DROP AS
SELECT p.cid, c.vid, p.is_new AS is_new_person, c.is_new AS is_new_car, s.row = s.person AS is_first, p.may_number,
  c.owner = p.cid AS is_owner, s.*, c.held_by
FROM intake_stage s JOIN intake_person p ON p.person = s.person JOIN intake_car c ON c.vin = s.vin;
ANALYZE intake_row
"""
# Whom nobody could find again by anything, since the car is another's, is not written.
LOST = """
DROP TABLE IF EXISTS intake_lost;
CREATE TEMP TABLE intake_lost ON COMMIT DROP AS
SELECT DISTINCT person FROM intake_row r WHERE is_new_person AND NOT is_owner AND NOT may_number
  AND NOT EXISTS (SELECT 1 FROM intake_row o WHERE o.person = r.person AND o.is_owner)
  AND NOT EXISTS (SELECT 1 FROM intake_number n WHERE n.person = r.person AND n.channel = 'MOBILE')
"""
TELL = """
INSERT INTO intake_found
SELECT row, 'vin', 'warn', 'owner_differs', vin FROM intake_row WHERE NOT is_owner
UNION ALL SELECT row, 'customer_no', 'warn', 'number_taken', customer_no FROM intake_row
  WHERE is_first AND customer_no IS NOT NULL AND NOT may_number
UNION ALL SELECT row, 'mobile', 'warn', 'not_found_again', name FROM intake_row
  WHERE person IN (SELECT person FROM intake_lost)
"""
LEAVE = """
DELETE FROM intake_row WHERE person IN (SELECT person FROM intake_lost);
DELETE FROM intake_person WHERE person IN (SELECT person FROM intake_lost);
DELETE FROM intake_number WHERE person IN (SELECT person FROM intake_lost)
"""
ANY_KNOWN = (
    "SELECT EXISTS (SELECT 1 FROM intake_person WHERE NOT is_new) OR EXISTS (SELECT 1 FROM intake_car WHERE NOT is_new)"
)

FIND = (
    Step("people", NUMBERS),
    Step("people", "ANALYZE intake_number"),
    Step("people", PEOPLE),
    Step("people", UNITE),
    Step("people", UNITE_NUMBERS),
)
MEAN = (
    Step("people", PERSONS),
    Step("cars", CARS),
    Step("cars", ROWS),
    Step("cars", LOST),
    Step("cars", TELL),
    Step("cars", LEAVE),
)
STEPS = (*FIND, *MEAN)
LOOK = (*FIND, Step("people", NARROW), *MEAN)


def any_known(cursor: CursorWrapper) -> bool:
    """Tell whether anybody or any car of the file is there already."""
    cursor.execute(ANY_KNOWN)
    return bool(cursor.fetchone()[0])
