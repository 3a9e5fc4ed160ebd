"""The working calendar of a place: which hours hold on a day, from where they come, and what is only assumed.

A calendar is a stack of layers, the nearest place first and the whole network last. A day that somebody wrote down
(a closure, an extra opening) counts before every weekly rule; among such days, and among weeks, the nearer wins.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from guanxi.worklist.policy.hours import Day, Week, read_week

SHANGHAI = ZoneInfo("Asia/Shanghai")
STANDARD = read_week("|".join(["09:00-12:00,13:30-18:00"] * 5 + ["", ""]))
# The days off that the law ties to a date of the calendar (State Council, in force from 2025): the others follow the
# moon, the sun, or a paper that comes out each autumn.
FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


class Source(StrEnum):
    """What decided about a day."""

    SPECIAL = "SPECIAL"
    HOLIDAY = "HOLIDAY"
    MADE_UP = "MADE_UP"
    WEEK = "WEEK"


@dataclass(frozen=True)
class Holiday:
    """A day of the announcements: off, or a weekend day worked in exchange."""

    name: str
    is_off: bool


@dataclass(frozen=True)
class Special:
    """A day that somebody wrote down: other hours, or none; with the reason."""

    hours: Day
    reason: str = ""


@dataclass(frozen=True)
class WeekRule:
    """A week in force from a day on. None as ``week``: from then on the place follows those above again."""

    since: datetime.date
    week: Week | None
    keeps_holidays: bool = True


@dataclass(frozen=True)
class Layer:
    """What one place says of its own (None: the whole network)."""

    node_id: int | None
    weeks: tuple[WeekRule, ...] = ()
    days: Mapping[datetime.date, Special] = field(default_factory=dict)

    def week_on(self, day: datetime.date) -> WeekRule | None:
        """Return the place's own week on a day, if it has one."""
        held = max((rule for rule in self.weeks if rule.since <= day), key=lambda rule: rule.since, default=None)
        return held if held is not None and held.week is not None else None


@dataclass(frozen=True)
class DayPlan:
    """What holds on one day: hours, what decided, whose word it is, and whether part of it is an assumption."""

    day: datetime.date
    hours: Day
    source: Source
    node_id: int | None = None
    name: str = ""
    is_assumed: bool = False
    is_standard: bool = False


@dataclass(frozen=True)
class Calendar:
    """Layers from the nearest to the whole network, the announced holidays, and the zone of the wall clock."""

    layers: tuple[Layer, ...] = ()
    holidays: Mapping[datetime.date, Holiday] = field(default_factory=dict)
    announced: frozenset[int] = frozenset()
    zone: ZoneInfo = SHANGHAI


_NOBODY = WeekRule(datetime.date.min, STANDARD)


def plan(calendar: Calendar, day: datetime.date) -> DayPlan:
    """Return what holds on a day."""
    for layer in calendar.layers:
        special = layer.days.get(day)
        if special is not None:
            return DayPlan(day, special.hours, Source.SPECIAL, layer.node_id, special.reason)
    for layer in calendar.layers:
        rule = layer.week_on(day)
        if rule is not None:
            return _by_week(calendar, day, rule, layer.node_id)
    return _by_week(calendar, day, _NOBODY, None, is_standard=True)


def _by_week(
    calendar: Calendar, day: datetime.date, rule: WeekRule, node_id: int | None, *, is_standard: bool = False
) -> DayPlan:
    week = rule.week or STANDARD
    hours = week[day.weekday()]
    plain = DayPlan(day, hours, Source.WEEK, node_id, is_standard=is_standard)
    if not rule.keeps_holidays:
        return plain
    holiday = calendar.holidays.get(day)
    if holiday is not None:
        source = Source.HOLIDAY if holiday.is_off else Source.MADE_UP
        worked = () if holiday.is_off else hours or working_day(week)
        return DayPlan(day, worked, source, node_id, holiday.name, is_standard=is_standard)
    if day.year in calendar.announced:
        return plain
    if (day.month, day.day) in FIXED:
        return DayPlan(day, (), Source.HOLIDAY, node_id, is_assumed=True, is_standard=is_standard)
    return DayPlan(day, hours, Source.WEEK, node_id, is_assumed=True, is_standard=is_standard)


def working_day(week: Week) -> Day:
    """Return the hours of the first weekday that has any: those of a Saturday worked in exchange."""
    return next((day for day in week if day), ())
