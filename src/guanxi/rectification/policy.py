"""Decisions about notices from plain values."""

import datetime

from guanxi.rectification.states import ENDED, MOVES, WITH_DEPARTMENT, State


def may_move(before: str, after: str) -> bool:
    """Say whether a notice may go from one state to another."""
    return after in MOVES[before]


def after_verification(*, is_satisfied: bool) -> State:
    """Return where a notice goes when the customer was asked: closed, or back to the department (FUP-07)."""
    return State.CLOSED if is_satisfied else State.RECEIVED


def is_late(state: str, due_at: datetime.datetime, at: datetime.datetime) -> bool:
    """Say whether the department owes an answer that is past its deadline."""
    return state in WITH_DEPARTMENT and due_at < at


def is_over(state: str) -> bool:
    return state in ENDED
