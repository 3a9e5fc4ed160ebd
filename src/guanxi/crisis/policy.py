"""Decisions about crises from plain values: what may follow, how grave one is at first, who may approve."""

from collections.abc import Sequence

from guanxi.crisis.states import MOVES, Risk


def may_move(before: str, after: str) -> bool:
    """Say whether a crisis may go from one state to another."""
    return after in MOVES[before]


def risk_of(types: Sequence[str]) -> Risk:
    """Return how grave a crisis is taken to be until somebody judges it: by how many types of CLASS-44 it is of."""
    return (Risk.MEDIUM, Risk.HIGH)[bool(types)] if len(types) < 2 else Risk.EXTREME  # noqa: PLR2004 -- two types


def may_approve(author_id: int | None, person_id: int | None) -> bool:
    """Say whether somebody may approve a statement: a person who did not write it."""
    return person_id is not None and person_id != author_id
