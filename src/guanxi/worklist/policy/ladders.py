"""The ladder of escalation: which rung comes next for a task, and when."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guanxi.worklist.policy import reckoning
from guanxi.worklist.policy.calendar import Calendar


@dataclass(frozen=True)
class Step:
    """One rung: reached ``minutes`` of working time after the deadline (negative: before), or when ``percent`` of the
    working time until the deadline is over; tells somebody.
    """

    level: int
    minutes: int
    to: str
    roles: tuple[str, ...] = ()
    percent: int | None = None


@dataclass(frozen=True)
class Span:
    """From when until when something is to be done."""

    opens_at: datetime.datetime
    due_at: datetime.datetime


Ladder = Sequence[Step]


def ladder_of(ladders: Mapping[str, Ladder], kind: str) -> Ladder:
    """Return a kind's own ladder, or that of all others."""
    return ladders.get(kind) or ladders.get("", ())


def above(ladder: Iterable[Step], level: int) -> Step | None:
    """Return the lowest rung above a level; a ladder is never climbed down."""
    return min((step for step in ladder if step.level > level), key=lambda step: step.level, default=None)


def reached_at(calendar: Calendar, span: Span, step: Step) -> datetime.datetime | None:
    """Return when a rung is reached, in working time of the place; None if it never opens again."""
    due_at = span.due_at
    if step.percent is not None:
        part = reckoning.between(calendar, span.opens_at, due_at) * step.percent / 100
        return min(reckoning.add_time(calendar, span.opens_at, part).at or due_at, due_at)
    minutes = datetime.timedelta(minutes=abs(step.minutes))
    if step.minutes < 0:
        return reckoning.subtract_time(calendar, due_at, minutes)
    if step.minutes == 0:
        return due_at
    return reckoning.add_time(calendar, due_at, minutes).at


def next_rung_at(calendar: Calendar, ladder: Ladder, *, level: int, span: Span) -> datetime.datetime | None:
    """Return when the rung above ``level`` is reached; None: the ladder ends here."""
    step = above(ladder, level)
    return None if step is None else reached_at(calendar, span, step)
