"""The months and quarters by which figures of people are compiled, written as ``2026-11`` and ``2026-Q4``."""

from guanxi.foundation.values.months import Day, later
from guanxi.insight.policy.spans import DAY

MONTHS, QUARTERS = 13, 5  # how many one may choose from, with the present ones
THREE = 3


def quarter(day: Day) -> str:
    """Return the quarter of a day."""
    return f"{day.year}-Q{(day.month - 1) // THREE + 1}"


def offered(today: Day) -> list[str]:
    """Return the quarters and months to choose from, the newest first."""
    this = today.replace(day=1)
    quarters = [quarter(later(this, -THREE * back)) for back in range(QUARTERS)]
    return [*quarters, *(f"{later(this, -back):%Y-%m}" for back in range(MONTHS))]


def days_of(period: str) -> tuple[Day, Day]:
    """Return the first and the last day of a month or quarter.

    :raises ValueError: it is none.
    """
    year, _dash, part = period.partition("-")
    length, month = (THREE, THREE * int(part[1:]) - 2) if part.startswith("Q") else (1, int(part))
    first = Day(int(year), month, 1)
    return first, later(first, length) - DAY
