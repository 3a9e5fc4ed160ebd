"""What files of visits write: visits, relations to the outlet, readings, doubts about the owner."""

from guanxi.intake.services.staging.changes import Change, Group
from guanxi.intake.services.staging.loading import Step

# What goes to the database as it is: finished rows in the order of the doors' columns.
VISIT_COLUMNS = (
    "outlet_id", "vehicle_id", "customer_id", "order_no", "category", "counts", "entered_on", "left_on", "km", "labour",
    "parts", "total", "currency", "advisor_name", "brought_by", "brought_by_phone", "words", "remark", "touched_at",
    "run_id",
)  # fmt: skip
VISITS = """
SELECT s.node_id, v.vid, v.cid, s.order_no, coalesce(k.code, ''), k.counts, s.entered_on, s.left_on, s.km, s.labour,
  s.parts, s.total, 'CNY', coalesce(s.advisor_name, ''), coalesce(s.brought_by, ''), coalesce(s.brought_by_phone, ''),
  coalesce(s.words, ''), coalesce(s.remark, ''), '{at}', {run}
FROM stage s JOIN seen v USING (row) LEFT JOIN codes k ON k.code = s.category WHERE v.held IS NULL
"""
READING_COLUMNS = ("vehicle_id", "read_on", "km", "source", "is_plausible", "touched_at", "run_id")
# What is there already, and what the database has to look at once more: column -> type, and the query of DuckDB.
HELD = {
    "held": "bigint", "row": "bigint", "vid": "bigint", "cid": "bigint", "entered_on": "date", "left_on": "date",
    "category": "text", "counts": "boolean", "km": "int", "labour": "numeric", "parts": "numeric", "total": "numeric",
    "advisor_name": "text", "brought_by": "text", "brought_by_phone": "text", "words": "text", "remark": "text",
}  # fmt: skip
HELD_ROWS = """
SELECT v.held, s.row, v.vid, v.cid, s.entered_on, s.left_on, coalesce(k.code, ''), k.counts, s.km, s.labour, s.parts,
  s.total, s.advisor_name, s.brought_by, s.brought_by_phone, s.words, s.remark
FROM stage s JOIN seen v USING (row) LEFT JOIN codes k ON k.code = s.category WHERE v.held IS NOT NULL
"""
BASE = {"cid": "bigint", "node_id": "int", "since": "date"}
BASE_ROWS = "SELECT cid, node_id, min(entered_on) FROM seen WHERE cid IS NOT NULL GROUP BY cid, node_id ORDER BY cid"
AGAIN = {"key": "bigint", "row": "bigint", "km": "int"}
AGAIN_ROWS = "SELECT key, row, km FROM again"
BROUGHT = {
    "vid": "bigint", "node_id": "int", "brought_by": "text", "brought_by_phone": "text", "cid": "bigint",
    "seen_on": "date",
}  # fmt: skip
BROUGHT_ROWS = """
SELECT v.vid, v.node_id, s.brought_by, s.brought_by_phone, v.cid, max(v.entered_on)
FROM stage s JOIN seen v USING (row) WHERE s.brought_by IS NOT NULL AND s.brought_by_phone IS NOT NULL
GROUP BY ALL
"""
LOOKED_AT = {
    "intake_row": (HELD, HELD_ROWS),
    "intake_base": (BASE, BASE_ROWS),
    "intake_again": (AGAIN, AGAIN_ROWS),
    "intake_brought": (BROUGHT, BROUGHT_ROWS),
}
NEWEST = {"vid": "bigint", "km": "int", "read_on": "date"}
RELATIONS = """
INSERT INTO customers_relation_new (customer_id, outlet_id, category, source, consultant_name, tags, since, touched_at,
  run_id)
SELECT r.cid, r.node_id, 'BASE', '', '', '{}', r.since, %(at)s, %(run)s
FROM intake_base r JOIN customers_customer c ON c.id = r.cid AND c.merged_into_id IS NULL
WHERE NOT EXISTS (SELECT 1 FROM customers_relation o
  WHERE o.customer_id = r.cid AND o.outlet_id = r.node_id AND o.ended_on IS NULL)
"""
WRONG = """
UPDATE vehicles_reading g SET is_plausible = false FROM intake_wrong w WHERE w.id = g.id
"""
# Who brought it is none of its people, by name and by number: once a car and outlet, the latest.
DOUBTS = r"""
INSERT INTO vehicles_ownerdoubt (vehicle_id, outlet_id, seen_on, name, phone, state, run_id)
WITH brought AS (
  SELECT r.vid, r.node_id, r.brought_by, r.brought_by_phone, max(r.seen_on) AS seen_on
  FROM intake_brought r LEFT JOIN customers_customer c ON c.id = r.cid
  WHERE c.name IS DISTINCT FROM r.brought_by GROUP BY 1, 2, 3, 4
)
SELECT DISTINCT ON (vid, node_id) vid, node_id, seen_on, brought_by, brought_by_phone, 'OPEN', %(run)s
FROM brought b WHERE EXISTS (SELECT 1 FROM vehicles_participant p WHERE p.vehicle_id = b.vid AND p.until IS NULL)
  AND NOT EXISTS (SELECT 1 FROM vehicles_participant p JOIN customers_customer c ON c.id = p.customer_id
    WHERE p.vehicle_id = b.vid AND p.until IS NULL AND (
      regexp_replace(c.name, '[\s·•._#*-]', '', 'g') = regexp_replace(b.brought_by, '[\s·•._#*-]', '', 'g')
      OR EXISTS (SELECT 1 FROM customers_contactpoint t WHERE t.customer_id = c.id AND t.value = b.brought_by_phone)))
  AND NOT EXISTS (SELECT 1 FROM vehicles_ownerdoubt d WHERE d.vehicle_id = b.vid AND d.outlet_id = b.node_id
    AND (d.state = 'OPEN' OR d.name = b.brought_by))
ORDER BY vid, node_id, seen_on DESC, brought_by
"""
BLANK = "''"
VISIT = Change(
    table="workshop_visit",
    groups=(
        Group("vin", ("vehicle_id", "customer_id")),
        Group("entered_on", ("entered_on",)),
        Group("left_on", ("left_on",)),
        Group("category", ("category", "counts")),
        Group("km", ("km",)),
        Group("labour", ("labour",)),
        Group("parts", ("parts",)),
        Group("total", ("total",)),
        Group("advisor", ("advisor_name",)),
        Group("bringer", ("brought_by",)),
        Group("bringer_mobile", ("brought_by_phone",)),
        Group("description", ("words",)),
        Group("note", ("remark",)),
    ),
    # whose car it was then stays: another owner since is no other visit
    new="""
SELECT r.held AS key, r.row, r.vid AS vehicle_id, CASE WHEN w.vehicle_id = r.vid THEN w.customer_id ELSE r.cid END
  AS customer_id, r.entered_on, r.left_on, r.category, r.counts, r.km, r.labour, r.parts, r.total, r.advisor_name,
  r.brought_by, r.brought_by_phone, r.words, r.remark
FROM intake_row r JOIN workshop_visit w ON w.id = r.held
""",
    empties=dict.fromkeys(("category", "advisor_name", "brought_by", "brought_by_phone", "words", "remark"), BLANK),
)
READING = Change(
    table="vehicles_reading",
    groups=(Group("km", ("km",)),),
    new="""
SELECT a.key, a.row, a.km FROM intake_again a JOIN vehicles_reading g ON g.id = a.key
WHERE a.km > g.km OR g.run_id IN (SELECT id FROM intake_own)
""",
    empties={},
)
ODOMETER = Change(
    table="vehicles_vehicle",
    groups=(Group("km", ("odometer_km", "odometer_on"), is_fact=True),),
    new="""
SELECT v.id AS key, 0 AS row, n.km AS odometer_km, n.read_on AS odometer_on
FROM intake_newest n JOIN vehicles_vehicle v ON v.id = n.vid
  AND (v.odometer_on IS NULL OR v.odometer_on <= n.read_on)
""",
    empties={},
)
RELATING = (Step("customers_relation", RELATIONS, is_door=True),)
AFTER = (Step("vehicles_ownerdoubt", DOUBTS),)
