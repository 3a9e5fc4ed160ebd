"""Decisions about cars from plain values: warranty, maintenance, mileage, strangers at the desk."""

import calendar
import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guanxi.vehicles.states import DueBy, MaintenanceKind, WarrantyState

Day = datetime.date

_NO_MARKS = re.compile(r"[\s·•._#*-]")
MOST_KM_A_DAY = 1500
FEWEST_DAYS = 30


def add_months(day: Day, months: int) -> Day:
    """Return the same day some months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return Day(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def age_in_months(since: Day, today: Day) -> int:
    """Return how many whole months old a car is."""
    months = (today.year - since.year) * 12 + today.month - since.month
    return max(0, months - (add_months(since, max(0, months)) > today))


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
    return Warranty(add_months(sold_on, term.months) if term.months else None, term.km)


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


def daily_km(points: Iterable[Point], *, sold_on: Day | None = None) -> float | None:
    """Return how far a car is driven a day, from the newest two years of its readings; None if too few are known."""
    known = sorted([*([Point(sold_on, 0)] if sold_on else []), *points], key=_order)
    recent = [point for point in known if (known[-1].on - point.on).days <= 730] if known else []  # noqa: PLR2004 -- two years
    first = (recent if len(recent) > 1 else known)[:1]
    days = (known[-1].on - first[0].on).days if first else 0
    return (known[-1].km - first[0].km) / days if days >= FEWEST_DAYS else None


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


def reaches(km: int, now: Point | None, daily: float | None) -> Day | None:
    """Return the day on which a car is expected to have driven ``km``; None if that cannot be said."""
    if now is None or not daily or daily <= 0:
        return None
    days = (km - now.km) / daily
    return now.on + datetime.timedelta(days=round(days)) if abs(days) < 36_500 else None  # noqa: PLR2004 -- a century


@dataclass(frozen=True)
class Step:
    """One step of a maintenance plan."""

    id: int
    kind: str
    months: int | None
    km: int | None
    position: int = 0
    is_free: bool = False


@dataclass(frozen=True)
class Done:
    """A maintenance that was done."""

    on: Day
    km: int | None


@dataclass(frozen=True)
class Due:
    """The next maintenance: when by the calendar, at what mileage, and what is expected to come first."""

    step: Step
    by_date: Day | None
    by_km: int | None
    expected: Day | None
    due_by: DueBy | None
    is_overdue: bool


@dataclass(frozen=True)
class Use:
    """How a car is used: when sold, where the odometer stands, how far it goes a day."""

    sold_on: Day | None
    now: Point | None = None
    daily: float | None = None


def next_maintenance(steps: Sequence[Step], done: Sequence[Done], use: Use, today: Day) -> Due | None:
    """Return which maintenance comes next (SVC-25). Each one done fulfils the next step that comes once, counted
    from the sale; after them the periodic step repeats, counted from the last one done. Months or kilometres,
    whichever comes first.
    """
    plan = sorted(steps, key=lambda step: (step.position, step.months or 0, step.km or 0))
    once = [step for step in plan if step.kind != MaintenanceKind.PERIODIC]
    again = next((step for step in plan if step.kind == MaintenanceKind.PERIODIC), None)
    if len(done) < len(once) and use.sold_on:
        return _due(once[len(done)], use.sold_on, 0, use, today)
    last = max(done, key=lambda item: item.on, default=None)
    start = last.on if last else use.sold_on
    if again is None or start is None:
        return None
    return _due(again, start, last.km if last else 0, use, today)


def _due(step: Step, start: Day, start_km: int | None, use: Use, today: Day) -> Due:
    by_date = add_months(start, step.months) if step.months else None
    by_km = start_km + step.km if step.km and start_km is not None else None
    km_day = reaches(by_km, use.now, use.daily) if by_km is not None else None
    is_passed = by_km is not None and use.now is not None and use.now.km >= by_km
    first = min(
        ((day, due_by) for day, due_by in ((by_date, DueBy.TIME), (km_day, DueBy.MILEAGE)) if day), default=None
    )
    expected, due_by = first or (None, None)
    return Due(step, by_date, by_km, expected, due_by, is_passed or (expected is not None and expected < today))


def last_free(steps: Iterable[Step], sold_on: Day) -> Warranty | None:
    """Return until when, or until what mileage, the last free maintenance can be had (LIFE-17)."""
    free = [step for step in steps if step.is_free]
    if not free:
        return None
    months, km = max(step.months or 0 for step in free), max(step.km or 0 for step in free)
    return Warranty(add_months(sold_on, months) if months else None, km or None)


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
