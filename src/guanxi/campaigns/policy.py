"""Decisions about campaigns from plain values: moves, waves, what the money pays for."""

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guanxi.campaigns.states import MOVES, WRITABLE
from guanxi.foundation.values.months import later

WHOLE = 100  # percent
MOST_WAVES, MOST_MONTHS = 6, 24
LEAD = datetime.timedelta(days=14)  # so long before its first wave a campaign that comes again is written
LONGEST_CODE = 24


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


LARGE, SAMPLED, SPREAD = 50_000, 20_000, 1 << 32  # beyond so many a count looks at about so many, by a hash below
FEWEST = 5  # of a group of fewer nothing is told: each of them could be somebody known
Z = 1.96  # of an interval that holds in 95 of 100 cases
LETTERS = "ABCD"
CODE = (4, 9, 14)  # where the groups of a customer's own code end: ACDE-FHJKL-MNPRT


@dataclass(frozen=True)
class Text:
    """One of the texts between which the addressed are drawn, with its share in percent."""

    letter: str
    template: str
    share: int


def texts(first: str, others: Sequence[tuple[str, int]]) -> list[Text]:
    """Return the texts of a campaign: the first has what the others leave."""
    found = [Text(letter, template, share) for letter, (template, share) in zip(LETTERS[1:], others, strict=False)]
    return [Text(LETTERS[0], first, WHOLE - sum(text.share for text in found)), *found]


def fault_of_texts(first: str, others: Sequence[tuple[str, int]]) -> str:
    """Return what is wrong with further texts: ``many``, ``share`` or ``same``; nothing if all is well."""
    named = [first, *(template for template, _share in others)]
    wrong = (
        ("many", len(others) >= len(LETTERS)),
        ("share", any(share < 1 for _template, share in others) or sum(share for _t, share in others) >= WHOLE),
        ("same", len(set(named)) < len(named)),
    )
    return next((name for name, is_wrong in wrong if is_wrong), "")


def next_code(code: str) -> str:
    """Return the offer code of a campaign that repeats one with this code: SUMMER, SUMMER-2, SUMMER-3."""
    stem, dash, number = code.rpartition("-")
    if not (dash and number.isdecimal()):
        stem, number = code, "1"
    tail = f"-{int(number) + 1}"
    return stem[: LONGEST_CODE - len(tail)] + tail if code else ""


def again_on(first: datetime.date, months: int, today: datetime.date) -> datetime.date:
    """Return the day of the first wave of a campaign that comes again so many months after one: never sooner than it
    can be looked at and approved.
    """
    return max(later(first, months), today + LEAD)


def is_due_again(first: datetime.date, months: int, today: datetime.date) -> bool:
    """Say whether a campaign that comes again so many months after one is to be written."""
    return later(first, months) - LEAD <= today


def own_code(typed: str) -> str:
    """Return a customer's own code as it is kept, whatever stands between its signs; nothing if it cannot be one."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    return (
        "-".join(signs[start:end] for start, end in zip((0, *CODE), CODE, strict=False))
        if len(signs) == CODE[-1]
        else ""
    )


@dataclass(frozen=True)
class Sample:
    """A sample by a hash of each customer below a number of 2³²: the same key, the same customers."""

    below: int
    key: int

    @property
    def share(self) -> float:
        return self.below / SPREAD


def sample_of(size: int, key: int) -> Sample | None:
    """Return the sample by which so many are counted; None if they are few enough to look at all of them."""
    return Sample(SPREAD * SAMPLED // size, key) if size > LARGE else None


@dataclass(frozen=True)
class About:
    """How many there are about, at least and at most in 95 of 100 cases; known exactly, all three are the same."""

    value: int
    low: int
    high: int

    @property
    def margin(self) -> int:
        return max(self.high - self.value, self.value - self.low)


def about(found: int, share: float = 1.0) -> About:
    """Return how many there are when so many were found in a sample of a share. Each is in the sample by chance: found
    is binomial, and the interval is that of its score (Wilson), which holds for few and for none too.
    """
    if share >= 1:
        return About(found, found, found)
    left = Z * Z * (1 - share)
    middle, spread = found + left / 2, math.sqrt(left * found + left * left / 4)
    low = max(found, math.floor((middle - spread) / share))
    return About(round(found / share), low, math.ceil((middle + spread) / share))


def percent(share: float | None) -> float | None:
    """Return a share in percent, with one digit behind the point."""
    return None if share is None else round(WHOLE * share, 1)


def hidden(counts: Mapping[str, int]) -> frozenset[str]:
    """Return the groups of a whole of which nothing is told, so that nobody is known by being one of few. What is left
    when the others are taken from the whole is as large as a group must be, and never one group alone.
    """
    found: list[str] = []
    many = 0
    for name, count in sorted(counts.items(), key=lambda item: (item[1], item[0])):
        if count >= FEWEST and (not found or (len(found) > 1 and many >= FEWEST)):
            break
        found.append(name)
        many += count
    return frozenset(found)


def reached(free: int, control: int, most: int | None) -> tuple[int, int, int]:
    """Return of so many who may be addressed: the control group, who is addressed for the money, who is beyond it."""
    left_out = round(free * control / WHOLE)
    addressed = free - left_out if most is None else min(free - left_out, most)
    return left_out, addressed, free - left_out - addressed


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
