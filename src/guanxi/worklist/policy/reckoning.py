"""Working time: is it open, when next, a deadline after so much working time, the working time between two moments.

One definition carries it all: a time of the wall clock is *reached* at the first moment at which the clock shows it or
a later one. So what opens at 02:30 in the night when 02:30 does not exist opens when the clock jumps, and a time that
comes twice is the first of the two; an hour that comes twice is worked twice. Earlier times are never reached later.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from guanxi.worklist.policy.calendar import Calendar, plan

UTC = datetime.UTC
ONE_DAY = datetime.timedelta(days=1)
NOTHING = datetime.timedelta()
MOST_CLOSED = 400  # days in a row without an hour: this calendar does not open again
Stretch = tuple[datetime.datetime, datetime.datetime]


@dataclass(frozen=True)
class Pause:
    """A time during which a clock stood; without an end it still stands."""

    start: datetime.datetime
    end: datetime.datetime | None = None


@dataclass(frozen=True)
class Term:
    """How long something may take: so much working time, or until the end of the n-th working day after."""

    minutes: int = 0
    days: int | None = None


@dataclass(frozen=True)
class Moment:
    """A reckoned moment (None: it never comes), and whether years without announced holidays were crossed."""

    at: datetime.datetime | None
    is_assumed: bool = False


def reached(wall: datetime.datetime, zone: ZoneInfo) -> datetime.datetime:
    """Return the first moment, in UTC, at which the clock of a zone shows ``wall`` (naive) or later."""
    late = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if late.astimezone(zone).replace(tzinfo=None) == wall:
        return late
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)  # in a gap: before the jump
    while late - early > datetime.timedelta(seconds=1):
        middle = early + (late - early) / 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).replace(tzinfo=None) >= wall:
            late = middle
        else:
            early = middle
    return late


def local_day(at: datetime.datetime, zone: ZoneInfo) -> datetime.date:
    return at.astimezone(zone).date()


def stretches_of(calendar: Calendar, day: datetime.date) -> list[Stretch]:
    """Return the open stretches that begin on a day, in UTC; the last may end on the day after."""
    midnight = datetime.datetime.combine(day, datetime.time.min)
    found = []
    for span in plan(calendar, day).hours:
        start = reached(midnight + datetime.timedelta(minutes=span.start), calendar.zone)
        end = reached(midnight + datetime.timedelta(minutes=span.end), calendar.zone)
        if end > start:
            found.append((start, end))
    return found


class _Walk:
    """Walks a calendar day by day from a moment on and remembers whether it had to assume anything."""

    def __init__(self, calendar: Calendar, start: datetime.datetime) -> None:
        self.calendar = calendar
        self.start = start.astimezone(UTC)
        self.is_assumed = False

    def days(self) -> Iterator[tuple[datetime.date, list[Stretch]]]:
        """Yield each day with its open stretches after the start, until too many days in a row were closed."""
        day = local_day(self.start, self.calendar.zone) - ONE_DAY
        until, closed = self.start, 0
        while closed <= MOST_CLOSED and day < datetime.date.max - ONE_DAY:
            open_times = []
            for start, end in stretches_of(self.calendar, day):
                start = max(start, until)  # noqa: PLW2901 -- the part that is still ahead
                if start < end:
                    open_times.append((start, end))
                    until = end
            self.is_assumed |= plan(self.calendar, day).is_assumed and day >= local_day(self.start, self.calendar.zone)
            closed = 0 if open_times else closed + 1
            yield day, open_times
            day += ONE_DAY

    def stretches(self) -> Iterator[Stretch]:
        for _day, open_times in self.days():
            yield from open_times


def without(stretches: Iterable[Stretch], pauses: Sequence[Pause]) -> Iterator[Stretch]:
    """Return stretches with the pauses cut out; pauses may overlap and stand in any order."""
    ordered = sorted(pauses, key=lambda pause: pause.start)
    for start, end in stretches:
        for pause in ordered:
            if pause.start >= end:
                break
            if start < pause.start:
                yield start, pause.start
            start = end if pause.end is None else max(start, min(end, pause.end))  # noqa: PLW2901 -- what is left
        if start < end:
            yield start, end


def is_open(calendar: Calendar, at: datetime.datetime) -> bool:
    """Say whether working time runs at a moment."""
    day = local_day(at, calendar.zone)
    return any(
        start <= at < end for near in (day - ONE_DAY, day, day + ONE_DAY) for start, end in stretches_of(calendar, near)
    )


def next_opening(calendar: Calendar, at: datetime.datetime) -> Moment:
    """Return the first moment from ``at`` on at which it is open: ``at`` itself while it is."""
    walk = _Walk(calendar, at)
    first = next(walk.stretches(), None)
    return Moment(None if first is None else first[0], walk.is_assumed)


def add_time(
    calendar: Calendar, start: datetime.datetime, length: datetime.timedelta, pauses: Sequence[Pause] = ()
) -> Moment:
    """Return the first moment at which ``length`` of working time has passed since ``start``, pauses left out."""
    walk = _Walk(calendar, start)
    if length <= NOTHING:
        return Moment(start.astimezone(UTC))
    if any(pause.end is None for pause in pauses):
        last = min(pause.start for pause in pauses if pause.end is None)
        if between(calendar, start, max(start, last), pauses) < length:
            return Moment(None)
    for begin, end in without(walk.stretches(), pauses):
        if end - begin >= length:
            return Moment(begin + length, walk.is_assumed)
        length -= end - begin
    return Moment(None, walk.is_assumed)


def add_days(calendar: Calendar, start: datetime.datetime, days: int, pauses: Sequence[Pause] = ()) -> Moment:
    """Return the end of the ``days``-th working day after the day of ``start``; 0 is this day or the next that works.

    A day counts if any of its hours is left beside the pauses.
    """
    walk = _Walk(calendar, start)
    today, left = local_day(start, calendar.zone), days
    still = min((pause.start for pause in pauses if pause.end is None), default=None)
    for day, open_times in walk.days():
        if still is not None and local_day(still, calendar.zone) < day:
            return Moment(None, walk.is_assumed)
        worked = list(without(open_times, pauses))
        if day < today or not worked or (days and day == today):
            continue
        if left <= (1 if days else 0):
            return Moment(worked[-1][1], walk.is_assumed)
        left -= 1
    return Moment(None, walk.is_assumed)


def due(calendar: Calendar, start: datetime.datetime, term: Term, pauses: Sequence[Pause] = ()) -> Moment:
    """Return when a term ends. The same call after an edit of the calendar, or of a pause, reckons it anew."""
    if term.days is not None:
        return add_days(calendar, start, term.days, pauses)
    return add_time(calendar, start, datetime.timedelta(minutes=term.minutes), pauses)


def between(
    calendar: Calendar, start: datetime.datetime, end: datetime.datetime, pauses: Sequence[Pause] = ()
) -> datetime.timedelta:
    """Return the working time from ``start`` to ``end``, pauses left out; negative when ``end`` lies before."""
    if end < start:
        return -between(calendar, end, start, pauses)
    total = NOTHING
    for begin, until in without(_until(_Walk(calendar, start), end), pauses):
        total += until - begin
    return total


def _until(walk: _Walk, end: datetime.datetime) -> Iterator[Stretch]:
    last = local_day(end, walk.calendar.zone)
    for day, open_times in walk.days():
        yield from ((begin, min(until, end)) for begin, until in open_times if begin < end)
        if day > last:
            return


def _after_the_night(calendar: Calendar, day: datetime.date) -> list[Stretch]:
    """Return the open stretches of a day without what the shift of the evening before covers already."""
    before = stretches_of(calendar, day - ONE_DAY)
    night = before[-1][1] if before else None
    cut = ((start if night is None else max(start, night), end) for start, end in stretches_of(calendar, day))
    return [(start, end) for start, end in cut if start < end]


def subtract_time(calendar: Calendar, end: datetime.datetime, length: datetime.timedelta) -> datetime.datetime:
    """Return the last moment from which ``length`` of working time is left until ``end``; for warnings before."""
    end = end.astimezone(UTC)
    day = local_day(end, calendar.zone) + ONE_DAY
    cut, closed = end, 0
    while closed <= MOST_CLOSED and day > datetime.date.min + ONE_DAY:
        closed += 1
        for start, until in reversed(_after_the_night(calendar, day)):
            until = min(until, cut)  # noqa: PLW2901 -- the part that lies before
            if start >= until:
                continue
            if until - start >= length:
                return until - length
            length -= until - start
            cut, closed = start, 0
        day -= ONE_DAY
    return cut
