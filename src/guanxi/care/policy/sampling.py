"""Who is drawn: a hash of seed, rule and case below the share. The same question has the same answer on any day and in
any order, so a draw can be checked by anybody who knows the seed. ``queries.matching`` says the same in SQL.
"""

import hashlib
from decimal import Decimal

WHOLE = 1 << 32
PERCENT = 100
MARGINS = range(1, 21)  # percentage points
SPREAD = 9604  # 1.96² · 0.5 · (1 - 0.5), in squares of percentage points: 95 in 100 samples, the widest spread


def mark(seed: str, rule: str, key: str) -> int:
    """Return the number of a case, evenly spread over 0 … 2³²-1."""
    text = f"{seed}:{rule}:{key}"
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:8], 16)


def is_drawn(seed: str, rule: str, key: str, share: int) -> bool:
    """Say whether a case is in a sample of ``share`` percent."""
    return mark(seed, rule, key) * PERCENT < share * WHOLE


def share(ratio: int, margin: int | None, population: int | None) -> int:
    """Return how many percent of a stratum are drawn: so many that a proportion within it is known to ``margin``
    percentage points with 95 % confidence, whatever the proportion is; ``ratio`` without a margin, or while nobody
    knows how many there are.

    Cochran, Sampling Techniques, 3rd ed. 1977, ch. 4: n0 = 1.96² · 0.25 / margin², n = n0 / (1 + (n0 - 1) / N); hence
    n / N = n0 / (N + n0 - 1), here in whole numbers and rounded up.
    """
    if margin is None or population is None:
        return ratio
    return min(PERCENT, -(-PERCENT * SPREAD // (margin * margin * (population - 1) + SPREAD)))


def case(customer: int, vehicle: int | None, anchor_on: str) -> str:
    """Return the key of one case of a rule: whom, which car, from which day."""
    return f"{customer}:{vehicle or 0}:{anchor_on}"


def weight(population: int, drawn: int) -> Decimal | None:
    """Return how many of its stratum each drawn case stands for; None where nobody was drawn."""
    return Decimal(population) / Decimal(drawn) if drawn else None
