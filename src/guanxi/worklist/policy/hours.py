"""Hours of a day and of a week as people write them: ``09:00-12:00,13:30-18:00``; a shift may cross midnight."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

DAYS = 7
MINUTES = 24 * 60
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_SPAN = rf"{_TIME}-{_TIME}"
DAY_SHAPE = rf"^(?:{_SPAN}(?:,{_SPAN})*)?$"
WEEK_SHAPE = rf"^(?:{_SPAN}(?:,{_SPAN})*)?(?:[|](?:{_SPAN}(?:,{_SPAN})*)?){{6}}$"
_WRITTEN = re.compile(r"^(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})$")


@dataclass(frozen=True, order=True)
class Span:
    """From a time of the clock until another; one that ends at or before its beginning ends on the next day."""

    opens: datetime.time
    closes: datetime.time

    @property
    def start(self) -> int:
        return self.opens.hour * 60 + self.opens.minute

    @property
    def end(self) -> int:
        """The minutes from the midnight before until it ends; past 24 hours when it crosses the next one."""
        minutes = self.closes.hour * 60 + self.closes.minute
        return minutes if minutes > self.start else minutes + MINUTES

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


Day = tuple[Span, ...]
Week = tuple[Day, ...]


def read_day(text: str) -> Day:
    """Return the hours written in a line, whatever comma, dash or colon is used; nothing means closed.

    :raises ValueError: something in it is no span, or two spans overlap.
    """
    spans = sorted(_span(part.strip()) for part in re.split(r"[,，、;；]", text) if part.strip())
    if any(later.start < earlier.end for earlier, later in pairwise(spans)):
        raise ValueError(text)
    if spans and spans[-1].end - spans[0].start > MINUTES:
        raise ValueError(text)
    return tuple(spans)


def _span(text: str) -> Span:
    match = _WRITTEN.match(text)
    if not match:
        raise ValueError(text)
    hour, minute, end, end_minute = (int(number) for number in match.groups())
    if (end, end_minute) == (24, 0):
        end = 0
    return Span(datetime.time(hour, minute), datetime.time(end, end_minute))


def write_day(day: Day) -> str:
    return ",".join(str(span) for span in day)


def read_week(text: str) -> Week:
    """Return a week as it is stored: seven days from Monday on, parted by ``|``.

    :raises ValueError: it has not seven days, or one of them cannot be read.
    """
    parts = text.split("|")
    if len(parts) != DAYS:
        raise ValueError(text)
    return tuple(read_day(part) for part in parts)


def write_week(week: Sequence[Day]) -> str:
    return "|".join(write_day(day) for day in week)


def clashes(week: Sequence[Day]) -> list[int]:
    """Return the weekdays whose last shift runs into the first of the day after (Sunday's into Monday's)."""
    found = []
    for number, day in enumerate(week):
        after = week[(number + 1) % DAYS]
        if day and after and day[-1].end - MINUTES > after[0].start:
            found.append(number)
    return found
