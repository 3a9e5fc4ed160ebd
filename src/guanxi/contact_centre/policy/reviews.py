"""Points of a call: whether they can be, and what they come to."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ONE_WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Item:
    """One thing that a call is judged by, and the most points for it."""

    code: str
    zh: str
    en: str
    points: int


@dataclass(frozen=True)
class Sum:
    """The points of a call, of how many; and the items whose points are missing or cannot be."""

    points: int
    most: int
    wrong: tuple[str, ...] = ()


def summed(items: Sequence[Item], scores: Mapping[str, int | None]) -> Sum:
    """Return what the points of a call come to; none may be missing, negative or above the most."""
    wrong, points = [], 0
    for item in items:
        given = scores.get(item.code)
        if given is None or not 0 <= given <= item.points:
            wrong.append(item.code)
        else:
            points += given
    return Sum(points, sum(item.points for item in items), tuple(wrong))


def is_over(week: datetime.date, today: datetime.date) -> bool:
    """Say whether a day is a Monday whose week is over: from a week that goes on the draw would still change."""
    return week.weekday() == 0 and week + ONE_WEEK <= today


def last_week(today: datetime.date) -> datetime.date:
    """Return the Monday of the last week that is over."""
    return today - datetime.timedelta(days=today.weekday()) - ONE_WEEK
