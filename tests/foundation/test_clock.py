"""Days where the business lives."""

import datetime

import pytest
from tests import clocks

from guanxi.foundation import clock


@pytest.mark.covers("NFR-11")
@pytest.mark.parametrize(("hour", "day"), [(15, 24), (16, 25), (23, 25)])
def test_a_moment_belongs_to_the_day_of_shanghai(hour, day):
    at = datetime.datetime(2026, 11, 24, hour, 30, tzinfo=datetime.UTC)
    assert clock.day_of(at) == datetime.date(2026, 11, day)


def test_a_day_begins_at_midnight_of_shanghai():
    start = clock.start_of(datetime.date(2026, 11, 25))
    assert start == datetime.datetime(2026, 11, 24, 16, 0, tzinfo=datetime.UTC)
    assert clock.day_of(start) == datetime.date(2026, 11, 25)


@pytest.mark.parametrize("minutes", [-600, 0, 1, 300])
def test_a_run_of_tests_over_midnight_stays_on_its_day(minutes):
    at = clocks.MIDNIGHT + datetime.timedelta(minutes=minutes)
    seen, later = clocks.within_the_day(at), clocks.within_the_day(at + datetime.timedelta(seconds=9))
    assert clock.day_of(seen) == clocks.BEGAN.date()
    assert seen < later < clocks.MIDNIGHT
    assert (seen == at) is (minutes < 0)
