"""When a round is due, until when, what is wrong with answers and with a list that a person writes. Plain values."""

import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from guanxi.care.states.checklists import Finding, Outlets

Day = datetime.date
ONE_DAY = datetime.timedelta(days=1)
LEAST = datetime.timedelta(minutes=30)  # nobody has gone round before the place is open for so long
MOST_EVERY = 60  # working days
ON_CALL = 0  # asked of nobody: whoever has its role comes when he comes
BACK = datetime.timedelta(days=120)  # holds sixty working days, holidays included
LONGEST = 300
MOST = 40  # points of a list
LONGEST_ZH, LONGEST_EN = 120, 160
CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True)
class Rhythm:
    """When a list is gone through: on certain days of the week (1 is Monday), every so many working days, or, at
    ``ON_CALL``, whenever somebody comes by: an inspection, of which nobody is told beforehand.
    """

    weekdays: tuple[int, ...] = ()
    every: int = 1


@dataclass(frozen=True)
class Point:
    """One thing that a list looks at, in both languages; a new one has no code yet."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Reply:
    """What somebody says of one item."""

    finding: str
    remark: str = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong with the answer to an item: unknown, unsaid, unreadable, or unexplained."""

    item: str
    what: str


def is_due(rhythm: Rhythm, day: Day, worked: Collection[Day], last: Day | None) -> bool:
    """Say whether a round is due on a day: ``worked`` are the days on which the outlet works, up to this one, ``last``
    is when the list was due before. A day off is never due; a day of the week that is off falls out.
    """
    if rhythm.every == ON_CALL or day not in worked or (rhythm.weekdays and day.isoweekday() not in rhythm.weekdays):
        return False
    return last is None or sum(1 for item in worked if last < item <= day) >= rhythm.every


def due_at(wanted: datetime.datetime, opens: datetime.datetime, closes: datetime.datetime) -> datetime.datetime:
    """Return until when a round is due: as wanted, but within the hours of the day and not before a first walk can be
    over.
    """
    return min(max(wanted, opens + LEAST), closes)


def holds_at(outlets: str, *, sells: bool, serves: bool, is_key: bool) -> bool:
    """Say whether a list is gone through at an outlet."""
    held = {Outlets.ALL: True, Outlets.SALES: sells, Outlets.SERVICE: serves, Outlets.KEY: is_key}
    return held[Outlets(outlets)]


def successor_since(since: Day, today: Day, *, is_used: bool, is_asked_today: bool) -> Day | None:
    """Return from which day on the next version of a list holds: today, or tomorrow if today's rounds are asked for
    already. None: nobody has used the version of today yet, it may still be put right.
    """
    if since >= today and not is_used:
        return None
    return max(today + ONE_DAY if is_asked_today else today, since + ONE_DAY)


def begins(wanted: Day, today: Day, asked: Day | None) -> Day:
    """Return from which day on a version that a person writes holds: as wanted, but never before today, and after the
    last day on which somebody was asked for the list or went through it.
    """
    return max([wanted, today, *([asked + ONE_DAY] if asked is not None else [])])


def coded(points: Iterable[Point], known: Collection[str]) -> list[Point]:
    """Return points with a code for each that has none: one that no version of the list ever had."""
    points = list(points)
    taken = {*known, *(point.code for point in points)}
    free = (f"point_{number}" for number in range(1, len(taken) + len(points) + 1) if f"point_{number}" not in taken)
    return [point if point.code else Point(next(free), point.name_zh, point.name_en) for point in points]


def flaws(points: Sequence[Point]) -> Iterator[tuple[int, str, str]]:
    """Yield what is wrong with the points of a list: which one, in what, how."""
    for place, point in enumerate(points):
        for name, longest in (("name_zh", LONGEST_ZH), ("name_en", LONGEST_EN)):
            words = getattr(point, name)
            if not words:
                yield place, name, "missing"
            elif len(words) > longest:
                yield place, name, "long"
        if point.code and not CODE.fullmatch(point.code):
            yield place, "name_zh", "code"
        elif point.code and point.code in {other.code for other in points[:place]}:
            yield place, "name_zh", "double"


def faults(items: Sequence[str], replies: Mapping[str, Reply]) -> list[Fault]:
    """Return what is wrong with the answers of a round, in the order of its items; a round is said whole or not."""
    found = [Fault(code, "unknown") for code in replies if code not in items]
    for code in items:
        reply = replies.get(code)
        if reply is None or not reply.finding:
            found.append(Fault(code, "unsaid"))
        elif reply.finding not in Finding.values:
            found.append(Fault(code, "unreadable"))
        elif reply.finding == Finding.MISSING and not reply.remark.strip():
            found.append(Fault(code, "unexplained"))
    return found


def tidy(replies: Mapping[str, Reply]) -> dict[str, Reply]:
    """Return the answers as they are kept: a remark belongs to what is not fulfilled, and to nothing else."""
    return {
        code: Reply(reply.finding, " ".join(reply.remark.split())[:LONGEST] if reply.finding == Finding.MISSING else "")
        for code, reply in replies.items()
    }


def share(part: int, whole: int) -> int | None:
    """Return a share in whole percent, never 100 while something is missing; None of nothing."""
    return 100 * part // whole if whole else None
