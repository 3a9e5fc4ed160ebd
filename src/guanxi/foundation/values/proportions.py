"""The difference of two proportions over strata, with its interval: how much more of one group did something than of
another that was drawn at random.

The difference of two proportions has Newcombe's hybrid score interval (R. G. Newcombe, Statistics in Medicine 17, 1998,
873-890, method 10). Over several strata the difference is that of Mantel and Haenszel: each stratum's own, weighted by
n₁n₀/(n₁+n₀) (S. Greenland and J. M. Robins, Biometrics 41, 1985, 55-68), so that only like is compared with like. Its
interval is the same hybrid over the weighted proportions, each with the size that its weights leave it (after X. Yan
and X. G. Su, Statistics in Biopharmaceutical Research 2, 2010, 329-335, with the weights of Mantel and Haenszel). Of
one stratum it is Newcombe's own. Strata may be as small as one customer an arm; where they differ much from each other
the interval is somewhat too wide, not too narrow.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

Z = 1.959963984540054  # 95 in 100 of the normal distribution lie within


@dataclass(frozen=True)
class Stratum:
    """One version, place and month: how many of each arm are known to the end, and how many of them did it."""

    contact: int
    contact_did: int
    control: int
    control_did: int


@dataclass(frozen=True)
class Sums:
    """What strata sum up to: customers of each arm and those who did it; customers in strata that have both arms
    (``like``); the weights, the weighted shares, and the weights' squares by the size of each arm.
    """

    contact: int = 0
    contact_did: int = 0
    control: int = 0
    control_did: int = 0
    like_contact: int = 0
    like_control: int = 0
    weight: float = 0.0
    contact_share: float = 0.0
    control_share: float = 0.0
    contact_spread: float = 0.0
    control_spread: float = 0.0


@dataclass(frozen=True)
class Difference:
    """The share of those to be contacted who did it, less the share of those left out; the interval holds in 95 of 100
    cases.
    """

    contact: float
    control: float
    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        return self.low > 0 or self.high < 0


def summed(strata: Iterable[Stratum]) -> Sums:
    """Sum strata up; ``queries.effects`` says the same in SQL."""
    parts = [_part(stratum) for stratum in strata]
    return Sums(*(sum(column) for column in zip(*parts, strict=True))) if parts else Sums()


def _part(one: Stratum) -> Sequence[float]:
    plain = (one.contact, one.contact_did, one.control, one.control_did)
    if not one.contact or not one.control:
        return (*plain, *(0,) * (len(fields(Sums)) - len(plain)))
    weight = one.contact * one.control / (one.contact + one.control)
    return (
        *plain, one.contact, one.control, weight, weight * one.contact_did / one.contact,
        weight * one.control_did / one.control, weight**2 / one.contact, weight**2 / one.control,
    )  # fmt: skip


def wilson(share: float, size: float) -> tuple[float, float]:
    """Return Wilson's score interval of a share of so many."""
    middle, spread = share + Z**2 / (2 * size), math.sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    return (middle - Z * spread) / (1 + Z**2 / size), (middle + Z * spread) / (1 + Z**2 / size)


def difference(sums: Sums) -> Difference | None:
    """Return the difference over all strata with both arms; None if there is no such stratum."""
    if not sums.weight:
        return None
    contact, control = sums.contact_share / sums.weight, sums.control_share / sums.weight
    low1, high1 = wilson(contact, sums.weight**2 / sums.contact_spread)
    low0, high0 = wilson(control, sums.weight**2 / sums.control_spread)
    value = contact - control
    low, high = math.hypot(contact - low1, high0 - control), math.hypot(high1 - contact, control - low0)
    return Difference(contact, control, value, max(value - low, -1.0), min(value + high, 1.0))  # no share leaves 0 to 1
