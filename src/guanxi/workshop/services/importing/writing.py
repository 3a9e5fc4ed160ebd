"""What files of visits write: visits, relations to the outlet, readings, doubts about the owner."""

from guanxi.intake.services.staging.changes import Change, Group
from guanxi.intake.services.staging.loading import Step

VISITS = """
INSERT INTO workshop_visit_new (outlet_id, vehicle_id, customer_id, order_no, category, counts, entered_on, left_on, km,
  labour, parts, total, currency, advisor_name, brought_by, brought_by_phone, words, remark, touched_at, run_id)
SELECT node_id, vid, cid, order_no, category, counts, entered_on, left_on, km, labour, parts, total, 'CNY',
  coalesce(advisor_name, ''), coalesce(brought_by, ''), coalesce(brought_by_phone, ''), coalesce(words, ''),
  coalesce(remark, ''), %(at)s, %(run)s
FROM intake_row WHERE held IS NULL ORDER BY row
"""
RELATIONS = """
INSERT INTO customers_relation_new (customer_id, outlet_id, category, source, consultant_name, tags, since, touched_at,
  run_id)
SELECT r.cid, r.node_id, 'BASE', '', '', '{}', min(r.entered_on), %(at)s, %(run)s
FROM intake_row r JOIN customers_customer c ON c.id = r.cid AND c.merged_into_id IS NULL
WHERE NOT EXISTS (SELECT 1 FROM customers_relation o
  WHERE o.customer_id = r.cid AND o.outlet_id = r.node_id AND o.ended_on IS NULL)
GROUP BY r.cid, r.node_id
"""
READINGS = """
INSERT INTO vehicles_reading_new (vehicle_id, read_on, km, source, is_plausible, touched_at, run_id)
SELECT vid, entered_on, max(km), 'VISIT', true, %(at)s, %(run)s FROM intake_row r
WHERE km IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vehicles_reading o
  WHERE o.vehicle_id = r.vid AND o.read_on = r.entered_on AND o.source = 'VISIT')
GROUP BY vid, entered_on
"""
# A reading is judged by its neighbours: which of two that contradict each other is wrong, the next but one says.
CLASH = "({a}_km > {b}_km AND {b}_on > {a}_on OR abs({b}_km - {a}_km) > 1500 * ({b}_on - {a}_on + 1))"
NEAR = """
DROP TABLE IF EXISTS intake_near;
CREATE TEMP TABLE intake_near ON COMMIT DROP AS
SELECT id, read_on AS r_on, km AS r_km, is_mine,
  coalesce(lag(read_on) OVER w, CASE WHEN sold_on <= read_on THEN sold_on END) AS p_on,
  coalesce(lag(km) OVER w, CASE WHEN sold_on <= read_on THEN 0 END) AS p_km,
  lag(read_on, 2) OVER w AS pp_on, lag(km, 2) OVER w AS pp_km, lead(read_on) OVER w AS n_on, lead(km) OVER w AS n_km,
  lead(read_on, 2) OVER w AS nn_on, lead(km, 2) OVER w AS nn_km
FROM (
  SELECT g.id, g.vehicle_id, g.read_on, g.km, v.sold_on, g.touched_at = %(at)s AND g.run_id = %(run)s AS is_mine
  FROM vehicles_reading g JOIN vehicles_vehicle v ON v.id = g.vehicle_id
  WHERE g.vehicle_id IN (SELECT vid FROM intake_row WHERE km IS NOT NULL) AND (g.is_plausible OR g.run_id = %(run)s)
) known WINDOW w AS (PARTITION BY vehicle_id ORDER BY read_on, km)
"""
_PR, _RN, _PN, _RNN, _PPR = (
    f"coalesce({CLASH.format(a=a, b=b)}, false)"
    for a, b in (("p", "r"), ("r", "n"), ("p", "n"), ("r", "nn"), ("pp", "r"))
)
JUDGE = f"""
UPDATE vehicles_reading g SET is_plausible = false FROM intake_near k WHERE k.id = g.id AND k.is_mine AND CASE
  WHEN p_on IS NOT NULL AND n_on IS NOT NULL
    THEN ({_PR} AND ({_RN} OR NOT {_PN})) OR ({_RN} AND NOT {_PN} AND {_RNN})
  WHEN n_on IS NULL THEN {_PR} AND (pp_on IS NULL OR {_PPR})
  ELSE {_RN} AND {_RNN} END
"""  # noqa: S608 -- expressions of our own
# Who brought it is none of its people, by name and by number: once a car and outlet, the latest.
DOUBTS = r"""
INSERT INTO vehicles_ownerdoubt (vehicle_id, outlet_id, seen_on, name, phone, state, run_id)
WITH brought AS (
  SELECT r.vid, r.node_id, r.brought_by, r.brought_by_phone, max(r.entered_on) AS seen_on
  FROM intake_row r LEFT JOIN customers_customer c ON c.id = r.cid
  WHERE r.brought_by IS NOT NULL AND r.brought_by_phone IS NOT NULL AND c.name IS DISTINCT FROM r.brought_by
  GROUP BY 1, 2, 3, 4
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
HOLD = """
SELECT count(*) FROM (SELECT 1 FROM vehicles_vehicle v WHERE v.id IN (SELECT vid
  FROM intake_row) FOR KEY SHARE OF v) cars;
SELECT count(*) FROM (SELECT 1 FROM customers_customer c WHERE c.id IN (SELECT cid
  FROM intake_row) FOR KEY SHARE OF c) people
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
SELECT g.id AS key, min(r.row) AS row, max(r.km) AS km FROM intake_row r
JOIN vehicles_reading g ON g.vehicle_id = r.vid AND g.read_on = r.entered_on AND g.source = 'VISIT'
WHERE r.km IS NOT NULL GROUP BY g.id HAVING max(r.km) > min(g.km) OR bool_or(g.run_id IN (SELECT id FROM intake_own))
""",
    empties={},
)
ODOMETER = Change(
    table="vehicles_vehicle",
    groups=(Group("km", ("odometer_km", "odometer_on"), is_fact=True),),
    new="""
SELECT v.id AS key, 0 AS row, n.km AS odometer_km, n.read_on AS odometer_on
FROM (SELECT DISTINCT ON (g.vehicle_id) g.vehicle_id, g.km, g.read_on FROM vehicles_reading g
  WHERE g.is_plausible AND g.vehicle_id IN (SELECT vid FROM intake_row WHERE km IS NOT NULL)
  ORDER BY g.vehicle_id, g.read_on DESC, g.km DESC) n
JOIN vehicles_vehicle v ON v.id = n.vehicle_id AND (v.odometer_on IS NULL OR v.odometer_on <= n.read_on)
""",
    empties={},
)
STEPS = (
    Step("customers_relation", RELATIONS, is_door=True),
    Step("workshop_visit", VISITS, is_door=True),
    Step("vehicles_reading", READINGS, is_door=True),
)
JUDGING = (Step("readings", NEAR), Step("readings", JUDGE))
AFTER = (Step("vehicles_ownerdoubt", DOUBTS),)
