"""Complaints counted by model, part, VIN range and outlet, in the days looked at and in those before, with what they
are measured by: car-days on the road, visits of an outlet, or days where there is neither.
"""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db import connection

from guanxi.crisis.policy import Counted
from guanxi.crisis.states import Cell
from guanxi.foundation import clock

COMPLAINTS = """
SELECT {key}, count(*) FILTER (WHERE c.opened_at >= %(mid_at)s), count(*) FILTER (WHERE c.opened_at < %(mid_at)s)
FROM complaints_complaint c {join}
WHERE c.kind = 'COMPLAINT' AND c.opened_at >= %(start_at)s AND c.opened_at < %(end_at)s AND {key} IS NOT NULL
GROUP BY 1
"""
CAR = "JOIN vehicles_vehicle v ON v.id = c.vehicle_id LEFT JOIN vehicles_trim t ON t.id = v.trim_id"
# The first eleven characters without the ninth, the check digit: what a factory built of one kind in a year.
RANGE = "left(v.vin, 8) || substr(v.vin, 10, 2)"
KEYS = {
    Cell.MODEL: ("t.model_id", CAR), Cell.MATTER: ("c.category_id", ""), Cell.VIN: (RANGE, CAR),
    Cell.OUTLET: ("c.outlet_id", ""),
}  # fmt: skip
# On how many days of each span how many cars were on the road; one that was never sold by us counts from the beginning.
CAR_DAYS = """
SELECT {key}, sum(greatest(0, %(end)s::date - greatest(%(mid)s::date, coalesce(v.sold_on, %(start)s::date)))),
  sum(greatest(0, %(mid)s::date - greatest(%(start)s::date, coalesce(v.sold_on, %(start)s::date))))
FROM vehicles_vehicle v LEFT JOIN vehicles_trim t ON t.id = v.trim_id
WHERE v.condition = 'IN_USE' AND {key} IS NOT NULL GROUP BY 1
"""
VISITS = """
SELECT w.outlet_id, count(*) FILTER (WHERE w.entered_on >= %(mid)s), count(*) FILTER (WHERE w.entered_on < %(mid)s)
FROM workshop_visit w WHERE w.entered_on >= %(start)s AND w.entered_on < %(end)s GROUP BY 1
"""
EXPOSURES = {
    Cell.MODEL: CAR_DAYS.replace("{key}", "t.model_id"), Cell.VIN: CAR_DAYS.replace("{key}", RANGE),
    Cell.OUTLET: VISITS,
}  # fmt: skip


def _rows(sql: str, values: dict[str, Any]) -> Iterator[tuple[str, float, float]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for key, now, before in cursor.fetchall():
            yield str(key), now, before


def counted(cell: str, day: datetime.date, window_days: int, base_days: int) -> list[Counted]:
    """Return the complaints up to a day, counted by one thing; two queries at most, set-based."""
    mid = day - datetime.timedelta(days=window_days)
    start = mid - datetime.timedelta(days=base_days)
    values: dict[str, Any] = {
        "start": start, "mid": mid, "end": day, "start_at": clock.start_of(start), "mid_at": clock.start_of(mid),
        "end_at": clock.start_of(day),
    }  # fmt: skip
    key, join = KEYS[Cell(cell)]
    found = {pk: (int(now), int(before)) for pk, now, before in _rows(COMPLAINTS.format(key=key, join=join), values)}
    sql = EXPOSURES.get(Cell(cell), "")
    exposed = {pk: (now, before) for pk, now, before in _rows(sql, values) if pk in found} if sql and found else {}
    lines = []
    for pk, (now, before) in sorted(found.items()):
        on_road, on_road_before = exposed.get(pk, (0, 0))
        is_known = on_road > 0 and on_road_before > 0
        measured = (on_road, on_road_before) if is_known else (window_days, base_days)
        lines.append(Counted(pk, now, before, float(measured[0]), float(measured[1])))
    return lines
