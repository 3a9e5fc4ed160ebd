"""Decisions about one task: what may follow, how far it may be postponed, and what to do first."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from guanxi.worklist.policy.calendar import Calendar
from guanxi.worklist.policy.reckoning import add_days
from guanxi.worklist.states import MOVES

MOST_POSTPONED = 3
MOST_DAYS_LATER = 10  # working days past the first deadline


class Dated(Protocol):
    """What the order of work needs to know of a task."""

    id: int
    opens_at: datetime.datetime
    due_at: datetime.datetime
    wake_at: datetime.datetime | None
    priority: int


T = TypeVar("T", bound=Dated)


@dataclass(frozen=True)
class Reach:
    """How often and how far a task may still be postponed."""

    times: int
    latest: datetime.datetime | None


def may_move(state: str, to: str) -> bool:
    return to in MOVES[state]


def reach(calendar: Calendar, *, first_due_at: datetime.datetime, postponed: int) -> Reach:
    """Return how often a task may still be postponed, and no later than when."""
    return Reach(max(0, MOST_POSTPONED - postponed), add_days(calendar, first_due_at, MOST_DAYS_LATER).at)


def group(task: Dated, *, at: datetime.datetime, day_ends: datetime.datetime) -> str:
    """Say where a task stands in the day: late, today (due, or to be tried again), or coming."""
    if task.due_at < at:
        return "late"
    wakes = task.wake_at is not None and at < task.wake_at < day_ends
    return "today" if task.due_at < day_ends or wakes else "coming"


def sleeps(task: Dated, at: datetime.datetime) -> bool:
    """Say whether nothing can be done now: it is not open yet, or a next try is agreed for later."""
    return task.opens_at > at or (task.wake_at is not None and task.wake_at > at)


def in_order(tasks: Iterable[T], at: datetime.datetime) -> list[T]:
    """Return tasks as they are best done: what can be done before what waits, urgent before usual, then by deadline."""

    def place(task: T) -> tuple[bool, datetime.datetime, int, datetime.datetime, int]:
        waits = sleeps(task, at)
        wakes = max(task.opens_at, task.wake_at or task.opens_at) if waits else at
        return waits, wakes, task.priority, task.due_at, task.id

    return sorted(tasks, key=place)
