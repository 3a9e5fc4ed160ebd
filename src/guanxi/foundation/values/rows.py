"""Rows of a form that are added, moved and removed by its buttons."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def rearranged(rows: Sequence[T], what: str, place: int, new: T) -> list[T]:
    """Return rows after a button was pressed: one added, moved or removed; a move beyond the end is none."""
    held = list(rows)
    if what == "add":
        return [*held, new]
    if not 0 <= place < len(held):
        return held
    row = held.pop(place)
    if what != "remove":
        held.insert(min(max(place + (-1 if what == "up" else 1), 0), len(held)), row)
    return held
