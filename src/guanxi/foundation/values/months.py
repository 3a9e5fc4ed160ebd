"""Months on the calendar, as every rule here counts them."""

import calendar
import datetime

Day = datetime.date


def later(day: Day, months: int) -> Day:
    """Return the same day some months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return Day(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
