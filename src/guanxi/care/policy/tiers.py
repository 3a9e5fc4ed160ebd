"""In which tier a customer is, by what he paid in the workshop within twelve months (CLASS-36, AMB-34).

``insight.measures.tiers`` says the same for all customers at once; a test holds the two together.
"""

from collections.abc import Mapping, Sequence

from guanxi.care.states.tiers import ABOVE, Tier


def tier(paid: int, bounds: Mapping[str, int]) -> str:
    """Return the highest tier whose bound, in whole yuan, was paid; nobody is above normal who paid nothing."""
    return next((code for code in ABOVE if code in bounds and paid >= max(1, bounds[code])), Tier.NORMAL)


def bound_of_share(paid: Sequence[int], percent: int) -> int | None:
    """Return what those paid at least who are the first so many in a hundred of all who paid anything; at least one
    of them. None if nobody paid.
    """
    ordered = sorted((amount for amount in paid if amount > 0), reverse=True)
    if not ordered:
        return None
    return ordered[max(1, len(ordered) * percent // 100) - 1]
