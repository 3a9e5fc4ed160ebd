"""Visits in DuckDB: one row an order, its category by the code list's word."""

from guanxi.foundation.columnar import Connection, literal, run
from guanxi.intake.services.staging import shaping
from guanxi.intake.services.staging.shaping import Place

GIVEN = {
    "row": "BIGINT", "order": "VARCHAR", "entered_on": "DATE", "left_on": "DATE", "vin": "VARCHAR", "plate": "VARCHAR",
    "category": "VARCHAR", "bringer": "VARCHAR", "bringer_mobile": "VARCHAR", "bringer_mobile_landline": "VARCHAR",
    "km": "INTEGER", "labour": "DECIMAL(18, 2)", "parts": "DECIMAL(18, 2)", "total": "DECIMAL(18, 2)",
    "advisor": "VARCHAR", "description": "VARCHAR", "note": "VARCHAR", "outlet": "VARCHAR",
}  # fmt: skip
# The codes of the list whose names are not the words of intake/words.toml in capital letters.
CATEGORIES = {"body_paint": "BODY_AND_PAINT", "internal": "INTERNAL_REPAIR"}
STAGE = """
CREATE OR REPLACE TABLE stage AS
SELECT placed.row, node_id, left("order", 40) AS order_no, entered_on,
  CASE WHEN left_on >= entered_on THEN left_on END AS left_on,
  vin, left(plate, 12) AS plate, CASE category {categories} ELSE upper(category) END AS category,
  left(bringer, 80) AS brought_by, left(coalesce(bringer_mobile, bringer_mobile_landline), 30) AS brought_by_phone,
  CASE WHEN km BETWEEN 0 AND 5000000 THEN km END AS km, {money}, left(advisor, 40) AS advisor_name,
  left(description, 2000) AS words, left(note, 2000) AS remark
FROM placed ANTI JOIN again ON again.row = placed.row
"""
# The first row of an order speaks for it: hashes find the few that may have several, the orders themselves decide.
AGAIN = """
CREATE OR REPLACE TEMP TABLE again AS
WITH marked AS (SELECT hash(node_id, left("order", 40)) AS mark FROM placed),
likely AS (SELECT mark FROM marked GROUP BY mark HAVING count(*) > 1),
several AS (
  SELECT row, row_number() OVER (PARTITION BY node_id, left("order", 40) ORDER BY row) AS place FROM placed
  WHERE hash(node_id, left("order", 40)) IN (SELECT mark FROM likely)
)
SELECT row FROM several WHERE place > 1
"""
EARLY = (
    "INSERT INTO findings SELECT row, 'left_on', '', 'note', 'left_early', left_on::VARCHAR FROM given"
    " WHERE left_on < entered_on"
)


def shape(connection: Connection, place: Place) -> None:
    """Make the table ``stage`` of ``clean``."""
    shaping.give(connection, GIVEN)
    shaping.outlets(connection, place)
    words = " ".join(f"WHEN {literal(word)} THEN {literal(code)}" for word, code in CATEGORIES.items())
    money = ", ".join(
        f"CASE WHEN abs({name}) < 10000000000 THEN {name} END AS {name}" for name in ("labour", "parts", "total")
    )
    run(connection, AGAIN)
    run(connection, STAGE.format(categories=words, money=money))
    run(connection, EARLY)
