"""What owners' files change of people and cars that are there, by the rule of ``intake``: fill, replace one's own."""

from django.db.backends.utils import CursorWrapper

from guanxi.intake.services.staging import changes
from guanxi.intake.services.staging.changes import Change, Group
from guanxi.intake.services.staging.mergers import Values

BLANK = "''"
CUSTOMER = Change(
    table="customers_customer",
    groups=(
        Group("name", ("name", "reading", "initials")),
        Group("gender", ("gender",)),
        Group("birth_date", ("born_on",)),
        Group("id_number", ("identity_tail", "identity_digest", "identity_sealed")),
    ),
    # the same number sealed anew is another text: only its digest says whether it is another number
    new="""
SELECT r.cid AS key, r.row, r.name, r.reading, r.initials, r.gender, r.born_on, i.tail AS identity_tail,
  i.digest AS identity_digest, CASE WHEN c.identity_digest = i.digest THEN c.identity_sealed ELSE i.sealed END
  AS identity_sealed
FROM intake_row r JOIN customers_customer c ON c.id = r.cid LEFT JOIN intake_sealed i ON i.person = r.person
WHERE r.is_first AND NOT r.is_new_person
""",
    empties={"name": BLANK, "reading": BLANK, "initials": BLANK, "gender": BLANK, "identity_tail": BLANK},
)
ADDRESS = Change(
    table="customers_address",
    groups=(Group("address", ("province", "city", "district", "line"), shown="line"),),
    new="""
SELECT DISTINCT ON (r.cid) a.id AS key, r.row, r.province, r.city, r.district, r.line
FROM intake_row r JOIN customers_address a ON a.customer_id = r.cid
WHERE r.is_first AND NOT r.is_new_person AND coalesce(r.province, r.line) IS NOT NULL AND a.run_id IS DISTINCT
  FROM %(run)s
ORDER BY r.cid, (a.run_id IN (SELECT id FROM intake_own)) IS TRUE DESC, a.id
""",
    empties=dict.fromkeys(("province", "city", "district", "line"), BLANK),
)
RELATION = Change(
    table="customers_relation",
    groups=(
        Group("category", ("category",), is_fact=True),
        Group("consultant", ("consultant_id", "consultant_name"), shown="consultant_name"),
    ),
    new="""
SELECT DISTINCT ON (o.id) o.id AS key, r.row, 'OWNER' AS category, s.user_id AS consultant_id,
  CASE WHEN s.user_id IS NULL THEN r.consultant END AS consultant_name
FROM intake_row r JOIN customers_relation o ON o.customer_id = r.cid AND o.outlet_id = r.node_id AND o.ended_on IS NULL
LEFT JOIN intake_staff s ON s.outlet_id = r.node_id AND s.name = r.consultant
WHERE NOT r.is_new_person AND o.run_id IS DISTINCT FROM %(run)s ORDER BY o.id, r.is_owner DESC, r.sold_on, r.row
""",
    empties={"consultant_name": BLANK},
)
VEHICLE = Change(
    table="vehicles_vehicle",
    groups=(
        Group("model", ("trim_id", "model_text"), shown="model_text"),
        Group("colour", ("colour",)),
        Group("plate", ("plate",)),
        Group("sold_on", ("sold_on",)),
        Group("insured_until", ("insured_until",)),
    ),
    new="""
SELECT r.vid AS key, r.row, t.trim_id, r.model_text, r.colour, r.plate, r.sold_on, r.insured_until
FROM intake_row r LEFT JOIN intake_trim t ON t.model_text = r.model_text
WHERE r.is_car AND r.is_owner AND NOT r.is_new_car
""",
    empties={"model_text": BLANK, "colour": BLANK, "plate": BLANK},
)
SALE = Change(
    table="vehicles_sale",
    groups=(
        Group("sold_on", ("sold_on",)),
        Group("price", ("price",)),
        Group("consultant", ("consultant_id", "consultant_name"), shown="consultant_name"),
    ),
    new="""
SELECT DISTINCT ON (o.id) o.id AS key, r.row, r.sold_on, r.price, s.user_id AS consultant_id,
  CASE WHEN s.user_id IS NULL THEN r.consultant END AS consultant_name
FROM intake_row r JOIN vehicles_sale o ON o.vehicle_id = r.vid AND o.outlet_id = r.node_id AND o.customer_id = r.cid
LEFT JOIN intake_staff s ON s.outlet_id = r.node_id AND s.name = r.consultant
WHERE NOT r.is_new_car AND o.run_id IS DISTINCT FROM %(run)s ORDER BY o.id, r.is_car DESC, r.row
""",
    empties={"consultant_name": BLANK},
)
# The plate changed from one to another: the former ends, the new one begins, on the day of the import.
NEW_PLATES = """
INSERT INTO vehicles_plate (vehicle_id, number, since, touched_at, run_id)
SELECT id, new_plate, CASE WHEN old_plate = '' THEN NULL ELSE %(day)s::date END, %(at)s, %(run)s
FROM intake_change WHERE take_plate
"""
FORMER = "t.until IS NULL AND t.vehicle_id IN (SELECT id FROM intake_change WHERE take_plate)"
END_PLATES = (
    "UPDATE vehicles_plate t SET until = greatest(%(day)s::date, t.since), touched_at = %(at)s WHERE " + FORMER  # noqa: S608 -- our own text
)
# The main number that this system brought gives way to the one that it brings now.
FORMER_MAIN = """
t.is_primary AND t.channel = 'MOBILE' AND t.run_id IN (SELECT id FROM intake_own)
AND t.touched_at IN (SELECT at FROM intake_moment) AND EXISTS (
  SELECT 1 FROM intake_row r WHERE r.is_first AND NOT r.is_new_person AND r.cid = t.customer_id AND r.mobile <> t.value
    AND NOT EXISTS (SELECT 1 FROM customers_contactpoint o
      WHERE o.customer_id = r.cid AND o.channel = 'MOBILE' AND o.value = r.mobile))
"""
DEMOTE = (
    "UPDATE customers_contactpoint t SET is_primary = false, touched_at = %(at)s, run_id = %(run)s WHERE " + FORMER_MAIN  # noqa: S608 -- our own text
)


def demote(cursor: CursorWrapper, values: Values) -> int:
    """Let the main numbers that the same system brought earlier give way; before the new ones are added."""
    changes.remember(cursor, "customers_contactpoint", ("is_primary",), FORMER_MAIN, values)
    cursor.execute(DEMOTE, values)
    return int(cursor.rowcount)


def change(cursor: CursorWrapper, values: Values) -> dict[str, int]:
    """Change what is there; return how many rows of each table."""
    counts = {}
    for item in (CUSTOMER, ADDRESS, RELATION, SALE, VEHICLE):
        counts[item.table] = changes.apply(cursor, item, values)
    changes.remember(cursor, "vehicles_plate", ("until",), FORMER, values)
    cursor.execute(END_PLATES, values)
    counts["vehicles_plate"] = int(cursor.rowcount)
    cursor.execute(NEW_PLATES, values)
    return counts
