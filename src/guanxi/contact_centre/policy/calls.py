"""Calls and visits: what one counts as, and what follows for its task: done, given up, or tried again and when."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from guanxi.contact_centre.states import OUTCOMES, Disposition, Means, MetAt, Outcome

Openings = Mapping[datetime.date, tuple[datetime.datetime, datetime.datetime]]  # when a place opens and closes
ONE_DAY = datetime.timedelta(days=1)
MOST_AHEAD = datetime.timedelta(days=60)
LOOKS_AHEAD = datetime.timedelta(days=45)  # beyond the longest holidays; a task may wait sixty
LONGEST_CALL = datetime.timedelta(hours=4)
VISIT_NOTED_WITHIN = datetime.timedelta(days=7)
DONE, REFUSED, GIVEN_UP = "REACHED", "REFUSED", "NOT_REACHED"  # how the worklist says that a task ended
DISPOSITIONS = {
    Outcome.NO_ANSWER: Disposition.NON_CONTACT,
    Outcome.BUSY: Disposition.NON_CONTACT,
    Outcome.SWITCHED_OFF: Disposition.NON_CONTACT,
    Outcome.CALL_LATER: Disposition.UNAVAILABLE,
    Outcome.WRONG_NUMBER: Disposition.BAD_NUMBER,
    Outcome.NOT_THE_OWNER: Disposition.NOT_ELIGIBLE,
    Outcome.REFUSED: Disposition.REFUSAL,
    Outcome.NOT_AT_HOME: Disposition.NON_CONTACT,
    Outcome.WRONG_ADDRESS: Disposition.BAD_NUMBER,
}
PROVEN = frozenset({Outcome.REACHED, Outcome.CALL_LATER, Outcome.REFUSED})
HOPELESS = frozenset({Outcome.WRONG_NUMBER, Outcome.WRONG_ADDRESS, Outcome.NOT_THE_OWNER})


@dataclass(frozen=True)
class Plan:
    """How somebody who is not reached is tried again: how often at most, at which hours, how soon after busy."""

    most_tries: int
    hours: Sequence[int]
    busy_minutes: int


@dataclass(frozen=True)
class Ended:
    """What is known at the end of a call: how it ended, for the how manieth time, what was promised."""

    outcome: str
    disposition: str
    tries: int
    at: datetime.datetime
    promised_at: datetime.datetime | None = None
    has_other_number: bool = False


@dataclass(frozen=True)
class Next:
    """What follows for the task: it ends with ``result``, or is tried again at ``at``, or waits as it is."""

    result: str = ""
    at: datetime.datetime | None = None


def disposition(outcome: str, *, answered: int, missing: int) -> Disposition:
    """Return what a call counts as: complete only if no mandatory question is left (FUP-30)."""
    if outcome != Outcome.REACHED:
        return DISPOSITIONS[Outcome(outcome)]
    if not missing:
        return Disposition.COMPLETE
    return Disposition.PARTIAL if answered else Disposition.BREAK_OFF


def began(started_at: datetime.datetime | None, at: datetime.datetime) -> datetime.datetime:
    """Return when a call began: as the page says, unless that cannot be."""
    if started_at is None or not at - LONGEST_CALL <= started_at <= at:
        return at
    return started_at


def may_end(means: str, outcome: str) -> bool:
    """Say whether a call or a visit may end so."""
    return means in Means.values and outcome in OUTCOMES[Means(means)]


def is_placed(means: str, met_at: str) -> bool:
    """Say whether a visit says where it was, and a call does not."""
    return met_at in MetAt.values if means == Means.VISIT else not met_at


def is_noted_in_time(visited_at: datetime.datetime, at: datetime.datetime) -> bool:
    """Say whether a visit may be written down at a moment."""
    return at - VISIT_NOTED_WITHIN <= visited_at <= at


def may_promise(outcome: str, *, is_broken_off: bool) -> bool:
    """Say whether a call that ended so may promise another one."""
    return outcome == Outcome.CALL_LATER or (outcome == Outcome.REACHED and is_broken_off)


def follow(ended: Ended, plan: Plan, zone: ZoneInfo, openings: Openings) -> Next:
    """Return what follows for the task of a call. A promise is kept however often was tried before."""
    if ended.disposition == Disposition.COMPLETE:
        return Next(DONE)
    if ended.outcome == Outcome.REFUSED:
        return Next(REFUSED)
    if ended.promised_at is not None:
        return Next(at=ended.promised_at)
    if ended.outcome == Outcome.WRONG_NUMBER and ended.has_other_number:
        return Next()
    gives_up = ended.outcome in HOPELESS or ended.tries >= plan.most_tries
    return Next(GIVEN_UP) if gives_up else Next(at=next_try(ended, plan, zone, openings))


def next_try(ended: Ended, plan: Plan, zone: ZoneInfo, openings: Openings) -> datetime.datetime:
    """Return when to try again: after busy soon, if the place is still open then; else on the next day on which it
    works, at another hour at which it is open. A place that does not open again is tried on the next day all the same.
    """
    local = ended.at.astimezone(zone)
    if ended.outcome == Outcome.BUSY:
        soon = (ended.at + datetime.timedelta(minutes=plan.busy_minutes)).astimezone(zone)
        if soon.date() == local.date() and soon.hour <= max(plan.hours) and _is_open(openings, soon):
            return soon
    day = next((day for day in sorted(openings) if day > local.date()), None)
    if day is None:
        return _at(local.date() + ONE_DAY, _another(sorted(plan.hours), local.hour), zone)
    hours = [hour for hour in sorted(plan.hours) if _is_open(openings, _at(day, hour, zone))]
    others = [hour for hour in hours if hour != local.hour] or hours
    return _at(day, _another(others, local.hour), zone) if others else openings[day][0].astimezone(zone)


def _another(hours: Sequence[int], tried: int) -> int:
    return next((hour for hour in hours if hour > tried), hours[0])


def _at(day: datetime.date, hour: int, zone: ZoneInfo) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), zone)


def _is_open(openings: Openings, at: datetime.datetime) -> bool:
    found = openings.get(at.date())
    return found is not None and found[0] <= at < found[1]
