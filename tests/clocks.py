"""A clock for tests: it goes as usual, and slows down just before midnight, so that no test sees two days."""

import datetime
from zoneinfo import ZoneInfo

BEGAN = datetime.datetime.now(ZoneInfo("Asia/Shanghai"))
MIDNIGHT = datetime.datetime.combine(BEGAN.date() + datetime.timedelta(days=1), datetime.time.min, BEGAN.tzinfo)
LAST = datetime.timedelta(seconds=1)
SLOWER = 100_000  # a day then takes less than a second


def within_the_day(at: datetime.datetime | None = None) -> datetime.datetime:
    """Return this moment in UTC, or, after midnight, one in the last second of the day on which the tests began."""
    at = at or datetime.datetime.now(datetime.UTC)
    late = at - MIDNIGHT
    return at if late < -LAST else (MIDNIGHT - LAST + (late + LAST) / SLOWER).astimezone(datetime.UTC)
