"""The only place that reads the clock: doors and tasks call it and pass ``at`` down (NFR-11)."""

import datetime

from django.utils import timezone


def now() -> datetime.datetime:
    """Return this moment, aware, in UTC."""
    return timezone.now()


def today() -> datetime.date:
    """Return today's date where the business lives (Asia/Shanghai by default)."""
    return timezone.localdate()


def local_now() -> datetime.datetime:
    """Return this moment on the wall clock where the business lives."""
    return timezone.localtime()


def local(at: datetime.datetime) -> datetime.datetime:
    """Return a moment on the wall clock where the business lives."""
    return timezone.localtime(at)


def day_of(at: datetime.datetime) -> datetime.date:
    """Return the day of a moment where the business lives: an evening in London is the next day in Shanghai."""
    return timezone.localdate(at)


def start_of(day: datetime.date) -> datetime.datetime:
    """Return the first moment of a day where the business lives."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
