"""Mileages of visits in DuckDB: which are new, which of them are plausible, what each car's odometer says now.

A reading is judged by its neighbours: which of two that contradict each other is wrong, the next but one says.
"""

from django.db.backends.utils import CursorWrapper

from guanxi.foundation.columnar import Connection, run
from guanxi.intake.services.staging import exchanging
from guanxi.intake.services.staging.mergers import Values

KNOWN = {
    "id": "BIGINT", "vid": "BIGINT", "read_on": "DATE", "km": "INTEGER", "is_visit": "BOOLEAN",
    "is_plausible": "BOOLEAN", "is_own": "BOOLEAN",
}  # fmt: skip
READINGS = """
SELECT g.id, g.vehicle_id, g.read_on, g.km, g.source = 'VISIT', g.is_plausible,
  (g.run_id IN (SELECT id FROM intake_own) AND g.touched_at IN (SELECT at FROM intake_moment)) IS TRUE
FROM vehicles_reading g WHERE g.vehicle_id IN (SELECT vid FROM intake_car)
"""
SAID = """
CREATE OR REPLACE TABLE said AS
SELECT vid, entered_on AS read_on, max(km) AS km, min(row) AS row FROM seen WHERE km IS NOT NULL
GROUP BY vid, entered_on
"""
# What the same car's visit of the same day said already: replaced where it is the same system's own.
AGAIN = """
CREATE OR REPLACE TABLE again AS
SELECT k.id AS key, s.row, s.km, k.is_own AND s.km <> k.km AS is_changed
FROM said s JOIN known k ON k.vid = s.vid AND k.read_on = s.read_on AND k.is_visit
"""
# New ones have no key yet. An implausible reading counts only if it is said anew.
COUNTED = """
CREATE OR REPLACE TABLE counted AS
SELECT NULL::BIGINT AS id, s.vid, s.read_on, s.km, true AS is_mine, true AS was_plausible
FROM said s ANTI JOIN (SELECT vid, read_on FROM known WHERE is_visit) k ON k.vid = s.vid AND k.read_on = s.read_on
UNION ALL
SELECT k.id, k.vid, k.read_on, CASE WHEN a.is_changed THEN a.km ELSE k.km END, coalesce(a.is_changed, false),
  k.is_plausible
FROM known k LEFT JOIN again a ON a.key = k.id
WHERE (k.is_plausible OR a.is_changed) AND k.vid IN (SELECT vid FROM said)
"""
CLASH = "({a}_km > {b}_km AND {b}_on > {a}_on OR abs({b}_km - {a}_km) > 1500 * ({b}_on - {a}_on + 1))"
_PR, _RN, _PN, _RNN, _PPR = (
    f"coalesce({CLASH.format(a=a, b=b)}, false)"
    for a, b in (("p", "r"), ("r", "n"), ("p", "n"), ("r", "nn"), ("pp", "r"))
)
WRONG = f"""
CASE WHEN p_on IS NOT NULL AND n_on IS NOT NULL
    THEN ({_PR} AND ({_RN} OR NOT {_PN})) OR ({_RN} AND NOT {_PN} AND {_RNN})
  WHEN n_on IS NULL THEN {_PR} AND (pp_on IS NULL OR {_PPR})
  ELSE {_RN} AND {_RNN} END
"""
JUDGED = """
CREATE OR REPLACE TABLE judged AS
SELECT id, vid, r_on AS read_on, r_km AS km, is_mine, was_plausible, is_mine AND {wrong} AS is_wrong FROM (
  SELECT id, vid, read_on AS r_on, km AS r_km, is_mine, was_plausible,
    coalesce(lag(read_on) OVER w, CASE WHEN sold_on <= read_on THEN sold_on END) AS p_on,
    coalesce(lag(km) OVER w, CASE WHEN sold_on <= read_on THEN 0 END) AS p_km,
    lag(read_on, 2) OVER w AS pp_on, lag(km, 2) OVER w AS pp_km, lead(read_on) OVER w AS n_on, lead(km) OVER w AS n_km,
    lead(read_on, 2) OVER w AS nn_on, lead(km, 2) OVER w AS nn_km
  FROM counted LEFT JOIN (SELECT vid, any_value(sold_on) AS sold_on FROM cars GROUP BY vid) c USING (vid)
  WINDOW w AS (PARTITION BY vid ORDER BY read_on, km)
)
"""
NEW = """
SELECT vid, read_on, km, 'VISIT', NOT is_wrong, '{at}', {run} FROM judged WHERE id IS NULL ORDER BY vid, read_on
"""
NOW_WRONG = "SELECT id FROM judged WHERE id IS NOT NULL AND is_wrong"
# The newest plausible mileage of each car, where the car shows another.
NEWEST = """
SELECT n.vid, n.km, n.read_on FROM (
  SELECT vid, arg_max(km, (read_on, km)) AS km, max(read_on) AS read_on FROM judged WHERE was_plausible AND NOT is_wrong
  GROUP BY vid
) n JOIN (
  SELECT vid, any_value(odometer_km) AS km, any_value(odometer_on) AS read_on FROM cars GROUP BY vid
) c USING (vid)
WHERE (c.read_on IS NULL OR c.read_on <= n.read_on)
  AND (c.km IS DISTINCT FROM n.km OR c.read_on IS DISTINCT FROM n.read_on)
ORDER BY n.vid
"""


def know(cursor: CursorWrapper, duck: Connection, values: Values) -> None:
    """Make the tables ``known`` of the readings of the cars that are there, ``said`` of what the rows say, ``again`` of
    what they say of a reading that is there.
    """
    exchanging.fetch(cursor, duck, "known", KNOWN, READINGS, values)
    run(duck, SAID)
    run(duck, AGAIN)


def judge(duck: Connection) -> None:
    """Make the table ``judged`` of all readings that count for the cars of which the rows say a mileage."""
    run(duck, COUNTED)
    run(duck, JUDGED.format(wrong=WRONG))
