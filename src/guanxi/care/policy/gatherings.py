"""Decisions about proposals of lectures from plain values: when a list may still change, when a kind comes back."""

import datetime

from guanxi.care.states.gatherings import SOFT, State

Day = datetime.date
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
