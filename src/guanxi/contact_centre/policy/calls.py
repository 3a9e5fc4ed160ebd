"""Calls: what one counts as, and what follows for its task: done, given up, or tried again and when."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from guanxi.contact_centre.states import Disposition, Outcome

ONE_DAY = datetime.timedelta(days=1)
MOST_AHEAD = datetime.timedelta(days=60)
LONGEST_CALL = datetime.timedelta(hours=4)
DONE, REFUSED, GIVEN_UP = "REACHED", "REFUSED", "NOT_REACHED"  # how the worklist says that a task ended
DISPOSITIONS = {
    Outcome.NO_ANSWER: Disposition.NON_CONTACT,
    Outcome.BUSY: Disposition.NON_CONTACT,
    Outcome.SWITCHED_OFF: Disposition.NON_CONTACT,
    Outcome.CALL_LATER: Disposition.UNAVAILABLE,
    Outcome.WRONG_NUMBER: Disposition.BAD_NUMBER,
    Outcome.NOT_THE_OWNER: Disposition.NOT_ELIGIBLE,
    Outcome.REFUSED: Disposition.REFUSAL,
}
PROVEN = frozenset({Outcome.REACHED, Outcome.CALL_LATER, Outcome.REFUSED})


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


def may_promise(outcome: str, *, is_broken_off: bool) -> bool:
    """Say whether a call that ended so may promise another one."""
    return outcome == Outcome.CALL_LATER or (outcome == Outcome.REACHED and is_broken_off)


def follow(ended: Ended, plan: Plan, zone: ZoneInfo) -> Next:
    """Return what follows for the task of a call. A promise is kept however often was tried before."""
    if ended.disposition == Disposition.COMPLETE:
        return Next(DONE)
    if ended.outcome == Outcome.REFUSED:
        return Next(REFUSED)
    if ended.promised_at is not None:
        return Next(at=ended.promised_at)
    if ended.outcome == Outcome.WRONG_NUMBER and ended.has_other_number:
        return Next()
    gives_up = ended.outcome in {Outcome.WRONG_NUMBER, Outcome.NOT_THE_OWNER} or ended.tries >= plan.most_tries
    return Next(GIVEN_UP) if gives_up else Next(at=next_try(ended, plan, zone))


def next_try(ended: Ended, plan: Plan, zone: ZoneInfo) -> datetime.datetime:
    """Return when to try again: after busy soon, if that is still today's time for calls; else on another day at
    another hour.
    """
    local = ended.at.astimezone(zone)
    if ended.outcome == Outcome.BUSY:
        soon = (ended.at + datetime.timedelta(minutes=plan.busy_minutes)).astimezone(zone)
        if soon.date() == local.date() and soon.hour <= max(plan.hours):
            return soon
    hours = sorted(plan.hours)
    hour = next((hour for hour in hours if hour > local.hour), hours[0])
    day = local.date() + ONE_DAY
    return datetime.datetime.combine(day, datetime.time(hour), zone)
