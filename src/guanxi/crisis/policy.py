"""Decisions about crises from plain values: what may follow, how grave one is, who may approve, what is a rise."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.crisis.states import MOVES, Risk

MILLION = 1_000_000
NIGHTS = 30  # of a month


def may_move(before: str, after: str) -> bool:
    """Say whether a crisis may go from one state to another."""
    return after in MOVES[before]


def risk_of(types: Sequence[str]) -> Risk:
    """Return how grave a crisis is taken to be until somebody judges it: by how many types of CLASS-44 it is of."""
    return (Risk.MEDIUM, Risk.HIGH)[bool(types)] if len(types) < 2 else Risk.EXTREME  # noqa: PLR2004 -- two types


def may_approve(author_id: int | None, person_id: int | None) -> bool:
    """Say whether somebody may approve a statement: a person who did not write it."""
    return person_id is not None and person_id != author_id


@dataclass(frozen=True)
class Counted:
    """Complaints about one thing in the days looked at and in the days before, and what they are to be measured by."""

    key: str
    seen: int
    before: int
    exposure: float
    exposure_before: float

    @property
    def share(self) -> float:
        """The part of the exposure that lies in the days looked at."""
        return self.exposure / (self.exposure + self.exposure_before)

    @property
    def expected(self) -> float:
        """How many complaints the rate of the days before lets expect."""
        return self.before / self.exposure_before * self.exposure


@dataclass(frozen=True)
class Rise:
    """A rise that chance would hardly make: its probability, and the limit it lies at or below."""

    counted: Counted
    chance: float
    limit: float
    cells: int


def chance_of(seen: int, before: int, share: float) -> float:
    """Return how probable at least ``seen`` of ``seen + before`` are in the days looked at, if the rate stayed.

    Of two Poisson counts of the same rate, the first is binomial once their sum is known: an exact test that needs
    no rate, and so is not deceived by one that was estimated from few complaints.
    """
    total, odds = seen + before, (math.log(share), math.log1p(-share))
    terms = (
        math.lgamma(total + 1) - math.lgamma(k + 1) - math.lgamma(total - k + 1) + k * odds[0] + (total - k) * odds[1]
        for k in range(seen, total + 1)
    )  # fmt: skip
    return min(1.0, math.fsum(math.exp(term) for term in terms))


def odds(chance: float) -> str:
    """Return a probability as people read it: once in so many, or in more than a million."""
    return f"1 : {round(1 / chance):,}" if chance >= 1 / MILLION else f"< 1 : {MILLION:,}"


def limit_of(per_month: float, cells: int) -> float:
    """Return at or below which probability an alarm is given, so that a month of nights has at most so many false ones
    on average: each night's share of them, shared among all that is compared (Bonferroni). It holds however
    the nights and the things compared depend on each other.
    """
    return per_month / NIGHTS / max(cells, 1)


def threshold(counted: Counted) -> Rise:
    """Return a rise that is one because a number is reached, however probable it is."""
    return Rise(counted, chance_of(counted.seen, counted.before, counted.share), 1.0, 1)


def rises(counted: Sequence[Counted], *, per_month: float, least: int) -> list[Rise]:
    """Return the rises of a night, the least probable first."""
    compared = [item for item in counted if item.seen + item.before > 0]
    limit = limit_of(per_month, len(compared))
    found = [
        Rise(item, chance_of(item.seen, item.before, item.share), limit, len(compared))
        for item in compared
        if item.seen >= least and item.seen > item.expected
    ]
    return sorted((rise for rise in found if rise.chance <= limit), key=lambda rise: rise.chance)
