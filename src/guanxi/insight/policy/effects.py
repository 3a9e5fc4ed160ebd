"""What the difference between two arms says: how much more of the contacted came than of those left out at random.

How the difference is reckoned, and its interval, stands in ``foundation.values.proportions``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guanxi.foundation.values.proportions import Difference, Sums, difference
from guanxi.insight.states import Verdict

NARROWEST = 0.05  # a drawing goes at least five points to each side


@dataclass(frozen=True)
class Extra:
    """So many more, at least and at most so many."""

    value: int
    low: int
    high: int


@dataclass(frozen=True)
class Compared:
    """What came of a comparison: the sums behind it, the difference if there are enough to say one, the verdict."""

    sums: Sums
    verdict: Verdict
    difference: Difference | None = None

    @property
    def contact(self) -> float | None:
        """The share of those to be contacted, weighted if there is a difference, plain if there is none."""
        return self.difference.contact if self.difference else _share(self.sums.contact_did, self.sums.contact)

    @property
    def control(self) -> float | None:
        return self.difference.control if self.difference else _share(self.sums.control_did, self.sums.control)

    @property
    def extra(self) -> Extra | None:
        """How many more did it because of the rule: of the contacted who can be compared."""
        if self.difference is None:
            return None
        found, size = self.difference, self.sums.like_contact
        return Extra(round(found.value * size), round(found.low * size), round(found.high * size))


def _share(did: int, known: int) -> float | None:
    return did / known if known else None


def points(share: float | None) -> float | None:
    """Return a share, or a difference of shares, in hundredths to one place."""
    return None if share is None else round(100 * share, 1) + 0.0


def reach(every: Iterable[Compared]) -> float:
    """Return how far from nought a drawing of some intervals goes to each side."""
    ends = [max(abs(one.difference.low), abs(one.difference.high)) for one in every if one.difference]
    return max([NARROWEST, *ends])


def compare(sums: Sums, *, left_out: int, fewest: int) -> Compared:
    """Say what the arms come to: of ``left_out`` customers, whether their days are over or not, and with at least
    ``fewest`` known to the end in each arm where they can be compared.
    """
    if not left_out:
        return Compared(sums, Verdict.NO_CONTROL)
    if not sums.contact or not sums.control:
        return Compared(sums, Verdict.OPEN)
    found = difference(sums)
    if found is None or min(sums.like_contact, sums.like_control) < fewest:
        return Compared(sums, Verdict.TOO_FEW)
    if not found.is_clear:
        return Compared(sums, Verdict.UNCLEAR, found)
    return Compared(sums, Verdict.MORE if found.value > 0 else Verdict.FEWER, found)


def middle(counts: Mapping[int, int]) -> int | None:
    """Return the middle of some whole numbers, given how often each is there: the lower of two, None of none."""
    half = (sum(counts.values()) + 1) // 2
    for number in sorted(counts):
        half -= counts[number]
        if half <= 0:
            return number
    return None
