"""Who is drawn: a hash of seed, rule and case below the share. The same question has the same answer on any day and in
any order, so a draw can be checked by anybody who knows the seed. ``queries.matching`` says the same in SQL.
"""

import hashlib
from decimal import Decimal

WHOLE = 1 << 32
PERCENT = 100


def mark(seed: str, rule: str, key: str) -> int:
    """Return the number of a case, evenly spread over 0 … 2³²-1."""
    text = f"{seed}:{rule}:{key}"
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:8], 16)


def is_drawn(seed: str, rule: str, key: str, share: int) -> bool:
    """Say whether a case is in a sample of ``share`` percent."""
    return mark(seed, rule, key) * PERCENT < share * WHOLE


def case(customer: int, vehicle: int | None, anchor_on: str) -> str:
    """Return the key of one case of a rule: whom, which car, from which day."""
    return f"{customer}:{vehicle or 0}:{anchor_on}"


def weight(population: int, drawn: int) -> Decimal | None:
    """Return how many of its stratum each drawn case stands for; None where nobody was drawn."""
    return Decimal(population) / Decimal(drawn) if drawn else None
