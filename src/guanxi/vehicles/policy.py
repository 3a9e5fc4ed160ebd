"""Decisions about cars from plain values: warranty, mileage, strangers at the desk."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from guanxi.foundation.values.months import Day, later
from guanxi.vehicles.states import WarrantyState

_NO_MARKS = re.compile(r"[\s·•._#*-]")
MOST_KM_A_DAY = 1500


def age_in_months(since: Day, today: Day) -> int:
    """Return how many whole months old a car is."""
    months = (today.year - since.year) * 12 + today.month - since.month
    return max(0, months - (later(since, max(0, months)) > today))


@dataclass(frozen=True)
class Term:
    """How long a car is covered, for cars sold from a day on."""

    months: int | None
    km: int | None
    valid_from: Day


@dataclass(frozen=True)
class Warranty:
    """The end of a warranty: a day or a mileage, whichever comes first."""

    until: Day | None
    km: int | None


def warranty(sold_on: Day, terms: Iterable[Term]) -> Warranty | None:
    """Return the warranty of a car sold on a day: that of the newest terms of that day (LIFE-17)."""
    term = max((term for term in terms if term.valid_from <= sold_on), key=lambda term: term.valid_from, default=None)
    if term is None:
        return None
    return Warranty(later(sold_on, term.months) if term.months else None, term.km)


def warranty_state(held: Warranty, *, today: Day, odometer_km: int | None) -> WarrantyState | None:
    """Say whether a warranty still holds; None if nothing is known of its end."""
    if held.until is None and held.km is None:
        return None
    if held.until is not None and held.until < today:
        return WarrantyState.BY_TIME
    if held.km is not None and odometer_km is not None and odometer_km > held.km:
        return WarrantyState.BY_MILEAGE
    return WarrantyState.RUNNING


@dataclass(frozen=True)
class Point:
    """A mileage on a day."""

    on: Day
    km: int


def is_plausible(point: Point, known: Iterable[Point], *, sold_on: Day | None = None) -> bool:
    """Say whether a reading fits its neighbours: not backwards, and not more than a car can drive in that time."""
    start = [Point(sold_on, 0)] if sold_on and sold_on <= point.on else []
    beside = [other for other in known if other != point]
    before = max([*start, *(other for other in beside if other.on <= point.on)], key=_order, default=None)
    after = min((other for other in beside if other.on > point.on), key=_order, default=None)
    return (before is None or _follows(before, point)) and (after is None or _follows(point, after))


def _order(point: Point) -> tuple[Day, int]:
    return point.on, point.km


def _follows(first: Point, second: Point) -> bool:
    driven, days = second.km - first.km, (second.on - first.on).days
    return (days == 0 or driven >= 0) and abs(driven) <= MOST_KM_A_DAY * (days + 1)


@dataclass(frozen=True)
class Mark:
    """A reading as a point of a drawing: ``x`` from left to right by time, ``y`` from top to bottom by mileage."""

    x: float
    y: float
    on: Day
    km: int


def chart(points: Iterable[Point], *, width: int = 600, height: int = 120) -> list[Mark]:
    """Return where readings stand in a drawing of this size, from nought to the most; none for fewer than two."""
    known = sorted(points, key=_order)
    if len(known) < 2:  # noqa: PLR2004 -- a line needs two ends
        return []
    first, days = known[0].on, max(1, (known[-1].on - known[0].on).days)
    most = max(1, *(point.km for point in known))

    def mark(point: Point) -> Mark:
        across, up = (point.on - first).days / days, point.km / most
        return Mark(round(width * across, 1), round(height * (1 - up), 1), point.on, point.km)

    return [mark(point) for point in known]


@dataclass(frozen=True)
class Step:
    """One step of a maintenance plan: when, and whether it costs nothing."""

    months: int | None
    km: int | None
    is_free: bool = False


def last_free(steps: Iterable[Step], sold_on: Day) -> Warranty | None:
    """Return until when, or until what mileage, the last free maintenance can be had (LIFE-17)."""
    free = [step for step in steps if step.is_free]
    if not free:
        return None
    months, km = max(step.months or 0 for step in free), max(step.km or 0 for step in free)
    return Warranty(later(sold_on, months) if months else None, km or None)


@dataclass(frozen=True)
class Known:
    """Somebody who owns or drives a car."""

    name: str
    phones: tuple[str, ...] = ()


def is_stranger(name: str, phone: str, people: Iterable[Known]) -> bool:
    """Say whether who brought a car is none of its people: another name and another number than each (LIFE-18).

    Without a name or a number nothing can be said.
    """
    name, phone = _NO_MARKS.sub("", name), _digits(phone)
    if not name or not phone:
        return False
    known = list(people)
    names = {_NO_MARKS.sub("", person.name) for person in known}
    phones = {_digits(number) for person in known for number in person.phones}
    return bool(known) and name not in names and phone not in phones


def _digits(phone: str) -> str:
    return re.sub(r"^(?:0086|86)(?=1\d{10}$)", "", re.sub(r"\D", "", phone))
