"""Where a car stands in its life and which maintenance comes next (LIFE-01, LIFE-14, LIFE-17, CARE-34).

``insight.measures.cars`` says the same for all cars at once; a test holds the two together.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.care.policy.pace import Pace, reach
from guanxi.care.states.owners import DueBy, Phase
from guanxi.foundation.values.months import Day, later


@dataclass(frozen=True)
class Step:
    """One step of a maintenance plan, in the order of the plan; a periodic one repeats after all others."""

    id: int
    is_periodic: bool
    months: int | None
    km: int | None


@dataclass(frozen=True)
class Done:
    """A maintenance that was done."""

    on: Day
    km: int | None


@dataclass(frozen=True)
class Limits:
    """How long a car is new, in months, and how many days before its end a warranty is ending."""

    new_car_months: int = 3
    ending_days: int = 180


@dataclass(frozen=True)
class Facts:
    """What is known of a car. ``gone_on`` is the day it was scrapped or left, if it did."""

    sold_on: Day | None = None
    is_gone: bool = False
    gone_on: Day | None = None
    warranty_until: Day | None = None
    warranty_km: int | None = None


@dataclass(frozen=True)
class Due:
    """The next maintenance: which step, when expected and by what, and the interval of four in five. ``since``: nothing
    was done since that day, of the last maintenance or the sale.
    """

    step_id: int
    since: Day
    on: Day
    by: str
    earliest: Day
    latest: Day


def warranty_end(facts: Facts, held: Pace | None) -> Day | None:
    """Return when the warranty ends: by its day, or when its mileage is reached, whichever comes first."""
    by_km = reach(held, facts.warranty_km).on if held and facts.warranty_km is not None else None
    return min((day for day in (facts.warranty_until, by_km) if day), default=None)


def phase(
    day: Day, facts: Facts, *, warranty_ends: Day | None, first: Step | None, done: Sequence[Done], limits: Limits
) -> tuple[str, Day | None]:
    """Return where a car stands on a day, and since when (None: not known).

    After the new-car period the first maintenance is its own phase, until it is done or its time has passed.
    """
    if facts.is_gone:
        return Phase.SCRAPPED, facts.gone_on
    if warranty_ends and warranty_ends < day:
        return Phase.OUT_OF_WARRANTY, warranty_ends + datetime.timedelta(days=1)
    ending = warranty_ends - datetime.timedelta(days=limits.ending_days) if warranty_ends else None
    if ending and ending <= day:
        return Phase.WARRANTY_ENDING, max(ending, facts.sold_on or ending)
    covered = Phase.IN_WARRANTY if warranty_ends else Phase.UNKNOWN
    if facts.sold_on is None:
        return covered, None
    return _of_age(day, facts.sold_on, _first_served(facts.sold_on, first, done), covered, limits)


def _of_age(day: Day, sold_on: Day, served: Day | None, covered: str, limits: Limits) -> tuple[str, Day]:
    """Return the phase of a car whose warranty is not near its end, by the day it was sold."""
    settled = later(sold_on, limits.new_car_months)
    if settled > day:
        return Phase.NEW_CAR, sold_on
    if served and served > day:
        return Phase.FIRST_SERVICE, settled
    return covered, max(settled, served or settled)


def _first_served(sold_on: Day, first: Step | None, done: Sequence[Done]) -> Day | None:
    """Return when the first maintenance was done, or else the day on which its time passes."""
    if done:
        return min(item.on for item in done)
    return later(sold_on, first.months) if first and first.months else None


def next_due(steps: Sequence[Step], done: Sequence[Done], sold_on: Day | None, held: Pace | None) -> Due | None:
    """Return which maintenance comes next (SVC-25). Each one done fulfils the next step that comes once, counted from
    the sale; after them the periodic step repeats, counted from the last one done. Months or kilometres, whichever
    comes first. ``steps`` stand in the order of the plan; what was done on one day was done once.
    """
    times = len({item.on for item in done})
    last = max(done, key=lambda item: (item.on, -1 if item.km is None else item.km), default=None)
    since = last.on if last else sold_on
    once = [step for step in steps if not step.is_periodic]
    if times < len(once):
        return _due(once[times], since or sold_on, (sold_on, 0), held) if sold_on else None
    again = next((step for step in steps if step.is_periodic), None)
    if again is None or since is None:
        return None
    return _due(again, since, (since, last.km if last else 0), held)


def _due(step: Step, since: Day, counted: tuple[Day, int | None], held: Pace | None) -> Due | None:
    start, start_km = counted
    by_time = later(start, step.months) if step.months else None
    way = reach(held, start_km + step.km) if held and step.km and start_km is not None else None
    if way is None or (by_time and by_time <= way.on):
        if by_time is None:
            return None
        earliest = min(by_time, way.earliest) if way else by_time
        return Due(step.id, since, by_time, DueBy.TIME, earliest, by_time)
    latest = min(by_time, way.latest) if by_time else way.latest
    return Due(step.id, since, way.on, DueBy.MILEAGE, way.earliest, latest)
