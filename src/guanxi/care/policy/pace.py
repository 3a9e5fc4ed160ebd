"""How far a car goes a day, from what its odometer said, and how sure that is (CARE-34).

All figures are whole: metres a day, thousandths. So the same rule as one computation over all cars
(``insight.measures.cars``) comes to the same numbers, to the last digit. ``bench/forecast.py`` says what it is worth.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from guanxi.care.facts import (
    FARTHEST,
    FEWEST_DAYS,
    NEWEST,
    PRIOR_SPREAD,
    PRIOR_WEIGHT,
    UNSURE_DAYS,
    WIDEST,
)
from guanxi.foundation.values.months import Day


@dataclass(frozen=True)
class Point:
    """A mileage on a day."""

    on: Day
    km: int


@dataclass(frozen=True)
class Pace:
    """Metres a day, with the least and the most of an interval that holds in four of five cases; counted from the
    newest reading, or from nought on the day of the sale; on how many readings it rests.
    """

    metres: int
    least: int
    most: int
    base: Point
    readings: int


def pace(points: Iterable[Point], sold_on: Day | None, prior: int | None) -> Pace | None:
    """Return the pace of a car from its plausible readings: the median of the slopes between the earlier and the later
    half of the newest ones, each with its partner (Theil's incomplete method), which two wrong readings do not move.

    ``prior`` is the pace of the model: it stands where the car's own readings say nothing. A new car begins at nought
    on the day it was sold; readings before that day do not count. None if nothing is known.
    """
    known = [point for point in points if sold_on is None or point.on >= sold_on]
    readings = len(known)
    if sold_on:
        known.append(Point(sold_on, 0))
    ordered = sorted(known, key=lambda point: (point.on, point.km))[-NEWEST:]
    half = (len(ordered) + 1) // 2
    pairs = zip(ordered, ordered[half:], strict=False)
    slopes = sorted(slope for pair in pairs if (slope := _slope(*pair)) is not None)
    metres = max(1, slopes[(len(slopes) - 1) // 2]) if slopes else prior
    if not ordered or not metres:
        return None
    off = _spread(slopes, metres)
    least, most = metres * (1000 - off) // 1000, metres * (1000 + off) // 1000
    return Pace(metres, max(1, least), most, ordered[-1], readings)


def _slope(first: Point, second: Point) -> int | None:
    days = (second.on - first.on).days
    return (second.km - first.km) * 1000 // days if days >= FEWEST_DAYS and second.km >= first.km else None


def _spread(slopes: list[int], metres: int) -> int:
    """Return how far off a pace may be, in thousandths: half the span of the slopes without the outermost tenths,
    weighted with what is usual.
    """
    count = len(slopes)
    span = slopes[(9 * (count - 1) + 5) // 10] - slopes[(count - 1) // 10] if slopes else 0
    return min(WIDEST, (count * (span * 500 // metres) + PRIOR_WEIGHT * PRIOR_SPREAD) // (count + PRIOR_WEIGHT))


@dataclass(frozen=True)
class Reach:
    """The day on which a car is expected to have gone so far, with the interval of four in five."""

    on: Day
    earliest: Day
    latest: Day


def reach(held: Pace, km: int) -> Reach:
    """Return when a car reaches a mileage; not before its newest reading, and ten years after it at most."""
    way = max(0, km - held.base.km) * 1000

    def after(metres: int, more: int = 0) -> Day:
        return held.base.on + datetime.timedelta(days=min(max(0, way // metres + more), FARTHEST))

    return Reach(after(held.metres), after(held.most, -UNSURE_DAYS), after(held.least, UNSURE_DAYS))


def expected_km(base_km: int, base_on: Day, metres: int, day: Day) -> int:
    """Return what the odometer is reckoned to show on a day."""
    return base_km + max(0, (day - base_on).days) * metres // 1000
