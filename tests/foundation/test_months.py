"""Months on the calendar."""

import datetime

from guanxi.foundation.values.months import later

DAY = datetime.date


def test_months_end_with_the_month():
    assert later(DAY(2024, 1, 31), 1) == DAY(2024, 2, 29)
    assert later(DAY(2023, 12, 31), 14) == DAY(2025, 2, 28)
    assert later(DAY(2024, 3, 31), -1) == DAY(2024, 2, 29)
