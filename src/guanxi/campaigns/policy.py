"""Decisions about campaigns from plain values: moves, waves, what the money pays for."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from guanxi.campaigns.states import MOVES, WRITABLE

WHOLE = 100  # percent
MOST_WAVES = 6


def may_move(before: str, after: str) -> bool:
    """Say whether a campaign may go from one state to another."""
    return after in MOVES[before]


def may_write(state: str) -> bool:
    """Say whether what a campaign says may still be changed."""
    return state in WRITABLE


def may_approve(submitted_by: int | None, person: int | None) -> bool:
    """Say whether a person may approve: never what he submitted himself."""
    return person is None or submitted_by != person


def affordable(budget: Decimal | None, fixed: Decimal, each: Decimal) -> int | None:
    """Return how many can be addressed for the money; None if it sets no limit."""
    if budget is None:
        return None
    left = budget - fixed
    if left < 0:
        return 0
    return int(left / each) if each else None


def cost(fixed: Decimal, each: Decimal, addressed: int) -> Decimal:
    """Return what a campaign costs with so many addressed."""
    return fixed + each * addressed


def lines_of(text: str, most: int) -> list[tuple[int, str]]:
    """Return the first cell of each line of a list or a file of VINs that is not empty, with the number of the line; a
    heading without a digit is none.
    """
    cells = [(n, re.split(r"[,;\t]", line, maxsplit=1)[0].strip(' "')) for n, line in enumerate(text.splitlines(), 1)]
    return [(n, cell) for n, cell in cells if any(sign.isdigit() for sign in cell)][:most]


@dataclass(frozen=True)
class Wave:
    """The day of a wave and its share of the addressed, in percent."""

    on: datetime.date
    share: int


def fault_of_waves(waves: Sequence[Wave], today: datetime.date) -> str:
    """Return what is wrong with the waves: ``none``, ``many``, ``order``, ``past`` or ``share``; nothing if all is
    well.
    """
    days = [wave.on for wave in waves]
    wrong = (
        ("none", not waves),
        ("many", len(waves) > MOST_WAVES),
        ("order", days != sorted(set(days))),
        ("past", bool(days) and min(days) < today),
        ("share", sum(wave.share for wave in waves) != WHOLE or any(wave.share < 1 for wave in waves)),
    )
    return next((name for name, is_wrong in wrong if is_wrong), "")


def is_over(on: datetime.date, days: int, counted_on: datetime.date | None) -> bool:
    """Say whether all that counts of a wave is counted: its days lie before the day until which is counted."""
    return counted_on is not None and on + datetime.timedelta(days=days) <= counted_on


@dataclass(frozen=True)
class Price:
    """What one more visit or sale costs: the best guess, at least and at most. ``most`` is open where it may have
    brought none at all.
    """

    value: Decimal
    least: Decimal
    most: Decimal | None


def price(cost_of_all: Decimal, more: float, low: float, high: float) -> Price | None:
    """Return the cost of each of so many more; None if there are not more."""
    if more <= 0:
        return None

    def each(many: float) -> Decimal:
        return (cost_of_all / Decimal(many)).quantize(Decimal("0.01"))

    return Price(each(more), each(high), each(low) if low > 0 else None)
