"""Decisions about proposals of lectures from plain values: when a list may still change, when a kind comes back."""

import datetime
from collections.abc import Iterable

from guanxi.care.policy.audience import Condition
from guanxi.care.policy.rules import SLACK
from guanxi.care.states.gatherings import SOFT, State
from guanxi.foundation.values.months import later

Day = datetime.date
AGE = "age_months"
MOST_AHEAD = datetime.timedelta(days=180)


def is_living(state: str, planned_on: Day | None, today: Day) -> bool:
    """Say whether a list may still change: until it is decided, and when taken on until the planned day is over."""
    if state == State.OPEN:
        return True
    return state == State.ACCEPTED and planned_on is not None and planned_on >= today


def may_be_planned(planned_on: Day, today: Day) -> bool:
    """Say whether a lecture may be planned for a day: from today on, within half a year."""
    return today <= planned_on <= today + MOST_AHEAD


def comes_back_on(decided_on: Day, pause: int) -> Day:
    """Return the day from which on a declined kind may be proposed again."""
    return decided_on + datetime.timedelta(days=pause)


def is_invited(excluded: str, hand: str) -> bool:
    return not excluded and not hand


def may_insist(excluded: str) -> bool:
    """Say whether a person may invite somebody in spite of what the night found."""
    return excluded in SOFT


def sold_between(conditions: Iterable[Condition], today: Day) -> tuple[Day, Day] | None:
    """Return a span of days that holds every sale of a car of the ages asked for; None: no age is asked for.

    Only a first sieve, which the database can estimate: the age itself is asked for beside it. A sale that lies ahead
    makes nobody an owner.
    """
    spans = [item.values for item in conditions if item.fact == AGE]
    if not spans:
        return None
    slack = datetime.timedelta(days=SLACK)
    firsts = [later(today, -int(high) - 1) - slack for _low, high in spans if high]
    lasts = [later(today, -int(low)) + slack for low, _high in spans if low]
    return max(firsts, default=Day.min), min([today, *lasts])
