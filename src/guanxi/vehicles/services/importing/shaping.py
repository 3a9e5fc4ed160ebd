"""Owners in DuckDB: who is the same person within the file, which row speaks for a car, every name spelt."""

from guanxi.foundation.columnar import Connection, run
from guanxi.intake.services.staging import shaping
from guanxi.intake.services.staging.shaping import Place

GIVEN = {
    "row": "BIGINT", "name": "VARCHAR", "name_is_company": "BOOLEAN", "vin": "VARCHAR", "mobile": "VARCHAR",
    "mobile_landline": "VARCHAR", "mobile_more": "VARCHAR[]", "telephone": "VARCHAR", "telephone_landline": "VARCHAR",
    "telephone_more": "VARCHAR[]", "customer_no": "VARCHAR", "gender": "VARCHAR", "id_number": "VARCHAR",
    "province_code": "VARCHAR", "city_code": "VARCHAR", "district_code": "VARCHAR", "address": "VARCHAR",
    "birth_date": "DATE", "plate": "VARCHAR", "model": "VARCHAR", "colour": "VARCHAR", "sold_on": "DATE",
    "price": "DECIMAL(18, 2)", "consultant": "VARCHAR", "insured_until": "DATE", "outlet": "VARCHAR",
}  # fmt: skip
# What is always there and of one width stands first: the database finds the others faster behind it.
COLUMNS = {
    "row": "bigint", "person": "bigint", "node_id": "int", "is_car": "boolean", "is_lone": "boolean",
    "is_vin_doubtful": "boolean", "vin": "text", "name": "text", "kind": "text", "reading": "text", "initials": "text",
    "mobile": "text", "sold_on": "date", "customer_no": "text", "consultant": "text", "price": "numeric",
    "plate": "text", "model_text": "text", "colour": "text", "insured_until": "date", "gender": "text",
    "born_on": "date", "province": "text", "city": "text", "district": "text", "line": "text", "numbers": "text[]",
}  # fmt: skip
FIELDS = "CREATE OR REPLACE TEMP VIEW fields AS SELECT *, {numbers} AS numbers_list FROM placed"
NUMBERS = (
    "list_filter(list_distinct(list_concat([mobile, mobile_landline], mobile_more, [telephone, telephone_landline],"
    " telephone_more)), lambda n: n IS NOT NULL)"
)
# By what two rows speak of the same person: the name with a mobile number, with the car, with the customer number,
# or the customer number with a mobile number.
MARKS = r"""
CREATE OR REPLACE TEMP VIEW marks AS
WITH mobiles AS (
  SELECT row, name, left(customer_no, 60) AS customer_no, unnest(numbers_list) AS number FROM fields
)
SELECT row, 'm' || upper(name) || chr(31) || number AS mark FROM mobiles WHERE regexp_full_match(number, '1\d{10}')
UNION ALL SELECT row, 'v' || upper(name) || chr(31) || vin FROM fields
UNION ALL SELECT row, 'n' || upper(name) || chr(31) || left(customer_no, 60) FROM fields WHERE customer_no IS NOT NULL
UNION ALL SELECT row, 'k' || customer_no || chr(31) || number FROM mobiles
  WHERE customer_no IS NOT NULL AND regexp_full_match(number, '1\d{10}')
"""
# One row speaks for a car: the latest sale, of several the first.
CARS = """
CREATE OR REPLACE TEMP TABLE cars AS
SELECT vin, arg_min(row, (-coalesce(epoch(sold_on), -1e18), row)) AS row FROM fields GROUP BY vin HAVING count(*) > 1
"""
STAGE = """
CREATE OR REPLACE TABLE stage AS
SELECT fields.row, coalesce(same.first, fields.row) AS person, coalesce(cars.row = fields.row, true) AS is_car, node_id,
  fields.name, CASE WHEN name_is_company THEN 'COMPANY' ELSE 'PERSON' END AS kind, spelt.reading, spelt.initials,
    mobile,
  CASE WHEN len(numbers_list) > (mobile IS NOT NULL)::INT THEN '{' || array_to_string(numbers_list,
    ',') || '}' END AS numbers,
  left(customer_no, 60) AS customer_no, CASE gender WHEN 'male' THEN 'M' WHEN 'female' THEN 'F' END AS gender,
  coalesce(province_code, left(city_code, 2), left(district_code, 2)) AS province,
  coalesce(city_code, left(district_code, 4)) AS city, district_code AS district,
  left(replace(address, chr(10), ' '), 160) AS line, birth_date AS born_on, fields.vin,
  same.row IS NULL AND cars.row IS NULL AS is_lone,
  coalesce(doubtful.row IS NOT NULL, false) AS is_vin_doubtful, left(plate, 12) AS plate, left(model, 60) AS model_text,
  left(colour, 30) AS colour, sold_on, CASE WHEN price BETWEEN 0 AND 9999999999.99 THEN price END AS price,
  left(consultant, 40) AS consultant, insured_until, id_number
FROM fields JOIN spelt ON spelt.name = fields.name LEFT JOIN same ON same.row = fields.row
LEFT JOIN cars ON cars.vin = fields.vin
LEFT JOIN (SELECT DISTINCT row FROM findings WHERE code = 'vin_check'
  AND field = 'vin') doubtful ON doubtful.row = fields.row
ORDER BY fields.row
"""
# Divisions that do not lie in each other, as far as the file could say so: the larger one stays.
LAY = """
UPDATE stage SET city = CASE WHEN starts_with(city, province) THEN city END,
  district = CASE WHEN starts_with(city, province) AND starts_with(district, city) THEN district END
WHERE NOT coalesce(starts_with(city, province), true) OR NOT coalesce(starts_with(district, city), true)
"""
# What one row of a person leaves open, another says.
FILL = """
CREATE OR REPLACE TEMP TABLE filled AS
SELECT person, {firsts} FROM stage WHERE person IN (SELECT person FROM stage WHERE row <> person) GROUP BY person
"""
SAY = "UPDATE stage SET {sets} FROM filled WHERE stage.row = filled.person"
OF_PERSON = ("mobile", "customer_no", "gender", "born_on", "id_number")
OF_CAR = ("plate", "model_text", "colour", "sold_on", "price", "consultant", "insured_until")
FILL_CAR = """
CREATE OR REPLACE TEMP TABLE filled_cars AS
SELECT vin, person, {firsts} FROM stage WHERE vin IN (SELECT vin FROM cars) GROUP BY vin, person
"""
SAY_CAR = (
    "UPDATE stage SET {sets} FROM filled_cars f WHERE stage.vin = f.vin AND stage.person = f.person AND stage.is_car"
)


def shape(connection: Connection, place: Place) -> None:
    """Make the table ``stage`` of ``clean``."""
    shaping.give(connection, GIVEN)
    shaping.outlets(connection, place)
    run(connection, FIELDS.format(numbers=NUMBERS))
    run(connection, MARKS)
    shaping.gather(connection)
    shaping.spell(connection)
    run(connection, CARS)
    run(connection, STAGE)
    run(connection, LAY)
    _fill(connection, FILL, SAY, OF_PERSON, "filled")
    _fill(connection, FILL_CAR, SAY_CAR, OF_CAR, "f")


def _fill(connection: Connection, fill: str, say: str, columns: tuple[str, ...], alias: str) -> None:
    firsts = ", ".join(f"arg_min({name}, row) FILTER ({name} IS NOT NULL) AS {name}" for name in columns)
    run(connection, fill.format(firsts=firsts))
    run(connection, say.format(sets=", ".join(f"{name} = coalesce(stage.{name}, {alias}.{name})" for name in columns)))
