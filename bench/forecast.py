"""How right the forecast of mileage is: the last reading of each car is held back and foretold from the others.

Measured are the days between the day on which the car is expected to have gone so far and the day on which it had, of
the cars of the database it is run on (the demonstration); of those foretold at least thirty days ahead. Several ways
to say a pace are compared; ``care.policy.pace`` is the one in use. FORECAST_CARS limits how many cars are taken.
"""

import datetime
import os
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import measure
from django.db import connection

from guanxi.care.policy.pace import Pace, Point, pace, reach
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM

CARS = int(os.environ.get("FORECAST_CARS", "20_000"))
FEWEST_DAYS = 30
READ = """
SELECT r.vehicle_id, coalesce(t.model_id, 0), v.sold_on, r.read_on, r.km FROM vehicles_reading r
JOIN vehicles_vehicle v ON v.id = r.vehicle_id LEFT JOIN vehicles_trim t ON t.id = v.trim_id
WHERE r.is_plausible AND r.vehicle_id IN (SELECT id FROM vehicles_vehicle ORDER BY id LIMIT %s) ORDER BY 1, 4, 5
"""
Way = Callable[[Sequence[Point], datetime.date | None, int], float | None]


def in_use(points: Sequence[Point], sold_on: datetime.date | None, prior: int) -> float | None:
    held = pace(points, sold_on, prior)
    return held.metres if held else None


def _slopes(points: Sequence[Point], pairs: Iterator[tuple[int, int]]) -> list[float]:
    found = []
    for first, second in pairs:
        days, km = (points[second].on - points[first].on).days, points[second].km - points[first].km
        if days >= 14 and km >= 0:
            found.append(km * 1000 / days)
    return sorted(found)


def all_pairs(points: Sequence[Point], sold_on: datetime.date | None, prior: int) -> float | None:
    """Theil and Sen: the median of the slopes between each two of the newest thirteen."""
    known = _known(points, sold_on)[-13:]
    found = _slopes(known, ((a, b) for b in range(len(known)) for a in range(b)))
    return statistics.median_low(found) if found else prior


def shrunk(points: Sequence[Point], sold_on: datetime.date | None, prior: int) -> float | None:
    """The median of the slopes to the newest reading, drawn towards the model's pace by a quarter of a slope."""
    known = _known(points, sold_on)
    found = _slopes(known, ((a, len(known) - 1) for a in range(len(known) - 1)))
    return (len(found) * statistics.median_low(found) + 0.25 * prior) / (len(found) + 0.25) if found else prior


def two_years(points: Sequence[Point], sold_on: datetime.date | None, prior: int) -> float | None:
    """From the first to the last reading of two years."""
    known = _known(points, sold_on)
    recent = [point for point in known if (known[-1].on - point.on).days <= 730]
    first = (recent if len(recent) > 1 else known)[0]
    days = (known[-1].on - first.on).days
    return (known[-1].km - first.km) * 1000 / days if days >= 30 else prior


def _known(points: Sequence[Point], sold_on: datetime.date | None) -> list[Point]:
    return sorted({*points, *([Point(sold_on, 0)] if sold_on else [])}, key=lambda point: (point.on, point.km))


WAYS: dict[str, Way] = {
    "halves (in use)": in_use, "all pairs": all_pairs, "to the newest, shrunk": shrunk, "two years": two_years,
}  # fmt: skip


def results() -> Iterator[measure.Result]:
    """Print the error of each way in days, and how often the interval of the one in use holds."""
    cases = list(_cases())
    priors = _priors(cases)
    for name, way in WAYS.items():
        errors = sorted(_error(case, way, priors) for case in cases)
        middle, eighty = errors[len(errors) // 2], errors[len(errors) * 8 // 10]
        print(f"  {name:<24} median error {middle:5.1f} days, 80 % within {eighty:5.1f} days, of {len(errors):,} cars")
    held = [_holds(case, priors) for case in cases]
    print(f"  interval of four in five: holds for {100 * sum(ok for ok, _width in held) / len(held):.1f} %")
    print(f"  its middle width: {statistics.median(width for _ok, width in held):.0f} days")
    yield from ()


Case = tuple[int, datetime.date | None, list[Point], Point]


def _cases() -> Iterator[Case]:
    cars: dict[int, list[tuple[int, datetime.date | None, Point]]] = defaultdict(list)
    with db.scoped(SYSTEM), connection.cursor() as cursor:
        cursor.execute(READ, [CARS])
        for vehicle, model, sold_on, day, km in cursor.fetchall():
            cars[vehicle].append((model, sold_on, Point(day, km)))
    for rows in cars.values():
        model, sold_on = rows[0][:2]
        points = [point for _model, _sold, point in rows if sold_on is None or point.on >= sold_on]
        known = _known(points[:-1], sold_on)
        if points and known and (points[-1].on - known[-1].on).days >= FEWEST_DAYS and points[-1].km > known[-1].km:
            yield model, sold_on, points[:-1], points[-1]


def _priors(cases: Sequence[Case]) -> dict[int, int]:
    paces: dict[int, list[int]] = defaultdict(list)
    for model, sold_on, points, _held_back in cases:
        if found := pace(points, sold_on, None):
            paces[model].append(found.metres)
            paces[-1].append(found.metres)
    return {model: statistics.median_low(found) // 1000 * 1000 for model, found in paces.items()}


def _error(case: Case, way: Way, priors: dict[int, int]) -> float:
    model, sold_on, points, held_back = case
    base = _known(points, sold_on)[-1]
    metres = max(1.0, way(points, sold_on, priors.get(model, priors[-1])) or 1.0)
    days = min(3650.0, (held_back.km - base.km) * 1000 / metres)
    return abs(days - (held_back.on - base.on).days)


def _holds(case: Case, priors: dict[int, int]) -> tuple[bool, int]:
    model, sold_on, points, held_back = case
    held: Pace | None = pace(points, sold_on, priors.get(model, priors[-1]))
    assert held is not None
    goal = reach(held, held_back.km)
    return goal.earliest <= held_back.on <= goal.latest, (goal.latest - goal.earliest).days
