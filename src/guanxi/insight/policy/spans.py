"""The spans of days of which figures speak: the last thirty days, weeks, months, this year."""

import datetime

from guanxi.foundation.values.months import Day, later

DAY = datetime.timedelta(days=1)
USUAL = "recent"  # what figures speak of when nobody chose: it is never nearly empty, as a month on its first day
SPANS = (USUAL, "this_week", "last_week", "this_month", "last_month", "this_year")


def days_of(span: str, today: Day) -> tuple[Day, Day]:
    """Return the first and the last day of a span. Weeks begin on Monday.

    :raises KeyError: there is no such span.
    """
    monday, first = today - today.weekday() * DAY, today.replace(day=1)
    return {
        USUAL: (today - 29 * DAY, today),
        "this_week": (monday, monday + 6 * DAY),
        "last_week": (monday - 7 * DAY, monday - DAY),
        "this_month": (first, later(first, 1) - DAY),
        "last_month": (later(first, -1), first - DAY),
        "this_year": (today.replace(month=1, day=1), today.replace(month=12, day=31)),
    }[span]
