"""Decisions about the network from plain values."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from guanxi.network.states import MANDATORY_UNITS, PARENTS, Kind


@dataclass(frozen=True)
class Span:
    """Where a node stands: under ``parent`` from a day until before a day (None: without end)."""

    parent: int
    start: datetime.date
    end: datetime.date | None


@dataclass(frozen=True)
class Interval:
    weekday: int
    opens: datetime.time
    closes: datetime.time


def may_stand_under(kind: str, parent_kind: str) -> bool:
    return parent_kind in PARENTS[kind]


def can_hold(*, kind: str, opened: datetime.date, closed: datetime.date | None, day: datetime.date) -> bool:
    """Say whether something may stand under a place, without end, from ``day`` on.

    A group is entered when work begins here; what stands under it may be older.
    """
    return closed is None and (opened <= day or kind == Kind.GROUP)


def replan(spans: Sequence[Span], *, parent: int, on: datetime.date) -> list[Span]:
    """Return the placements of one node for one brand after it moves to ``parent`` on ``on``.

    What lies before ``on`` stays; what was planned for later is replaced (it was planned from a place
    that no longer holds). Neighbours with the same parent are joined.
    """
    kept = [
        Span(span.parent, span.start, on if span.end is None or span.end > on else span.end)
        for span in sorted(spans, key=lambda item: item.start)
        if span.start < on
    ]
    if kept and kept[-1].parent == parent and kept[-1].end == on:
        last = kept.pop()
        return [*kept, Span(parent, last.start, None)]
    return [*kept, Span(parent, on, None)]


def end_on(spans: Sequence[Span], day: datetime.date) -> list[Span]:
    """Return the placements after the node closes on ``day``."""
    return [
        Span(span.parent, span.start, day if span.end is None or span.end > day else span.end)
        for span in spans
        if span.start < day
    ]


_INTERVAL = re.compile(r"^(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})$")
_DAYS = re.compile(
    r"^(?:周|星期)?([一二三四五六日天1-7])(?:\s*[-–~至到]\s*(?:周|星期)?([一二三四五六日天1-7]))?[\s:：]+(?=\d{1,2}[:：])"
)
_NUMBER = {name: number for names in ("一二三四五六日", "1234567") for number, name in enumerate(names)} | {"天": 6}


def read_intervals(text: str, weekday: int) -> list[Interval]:
    """Return the intervals written in a line, whatever comma, dash or colon is used.

    :raises ValueError: something in it is no interval, or ends before it begins.
    """
    found = []
    for part in re.split(r"[,，、;；]", text):
        if not part.strip():
            continue
        match = _INTERVAL.match(part.strip())
        if not match:
            raise ValueError(part)
        start, start_minute, end, end_minute = (int(number) for number in match.groups())
        if (end, end_minute) == (24, 0):
            end, end_minute = 23, 59
        opens, closes = datetime.time(start, start_minute), datetime.time(end, end_minute)
        if closes <= opens:
            raise ValueError(part)
        found.append(Interval(weekday, opens, closes))
    return found


def read_week(text: str) -> list[Interval]:
    """Return a week written in one cell: ``08:30-18:00`` for every day, or days in front of each part,
    parts separated by semicolons: ``周一至周五 08:30-12:00, 13:30-18:00; 周六 09:00-16:00``.

    :raises ValueError: something in it is no interval, or two of a day overlap.
    """
    found: list[Interval] = []
    for part in re.split(r"[;；\n]", text):
        if not part.strip():
            continue
        match = _DAYS.match(part.strip())
        first, last = (_NUMBER[match[1]], _NUMBER[match[2] or match[1]]) if match else (0, 6)
        if last < first:
            raise ValueError(part)
        lines = part.strip()[match.end() :] if match else part
        for weekday in range(first, last + 1):
            found += read_intervals(lines, weekday)
    if overlapping(found):
        raise ValueError(text)
    return found


def is_open(intervals: Iterable[Interval], weekday: int, time: datetime.time) -> bool:
    return any(item.weekday == weekday and item.opens <= time < item.closes for item in intervals)


def overlapping(intervals: Sequence[Interval]) -> list[tuple[Interval, Interval]]:
    """Return the pairs of intervals of one day that overlap; touching is allowed."""
    ordered = sorted(intervals, key=lambda item: (item.weekday, item.opens))
    return [(a, b) for a, b in pairwise(ordered) if a.weekday == b.weekday and b.opens < a.closes]


def missing_units(kind: str, functions: Iterable[str]) -> list[str]:
    """Return the mandatory departments that an outlet lacks (ORG-17)."""
    if kind != Kind.OUTLET:
        return []
    present = set(functions)
    return [unit for unit in MANDATORY_UNITS if unit not in present]


def in_import_order(rows: Sequence[tuple[str, str]], known: Iterable[str]) -> tuple[list[str], list[str]]:
    """Order (code, parent code) pairs so that every parent comes before its children.

    Return the codes in order and those that stand in a circle or hang on one.
    """
    parents: Mapping[str, str] = dict(rows)
    placed = set(known) - set(parents)
    ordered: list[str] = []
    waiting = list(parents)
    while waiting:
        ready = [code for code in waiting if not parents[code] or parents[code] in placed]
        if not ready:
            return ordered, waiting
        ordered += ready
        placed |= set(ready)
        waiting = [code for code in waiting if code not in placed]
    return ordered, []
