"""When a round is due, until when, and what is wrong with answers. Plain values; ``services`` act on it."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from guanxi.care.states.checklists import Finding, Outlets

Day = datetime.date
ONE_DAY = datetime.timedelta(days=1)
LEAST = datetime.timedelta(minutes=30)  # nobody has gone round before the place is open for so long
MOST_EVERY = 60  # working days
BACK = datetime.timedelta(days=120)  # holds sixty working days, holidays included
LONGEST = 300


@dataclass(frozen=True)
class Rhythm:
    """When a list is gone through: on certain days of the week (1 is Monday), or every so many working days."""

    weekdays: tuple[int, ...] = ()
    every: int = 1


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
    if day not in worked or (rhythm.weekdays and day.isoweekday() not in rhythm.weekdays):
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
