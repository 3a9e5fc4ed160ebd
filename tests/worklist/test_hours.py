"""Hours as people write them."""

import datetime
import re

import pytest
from hypothesis import given
from tests.worklist.conftest import days, weeks

from guanxi.worklist.policy import hours


@given(days())
def test_what_is_written_is_read_again(day):
    assert hours.read_day(hours.write_day(day)) == day
    assert re.fullmatch(hours.DAY_SHAPE, hours.write_day(day))


@given(weeks())
def test_a_week_is_read_as_it_is_stored(week):
    text = hours.write_week(week)
    assert hours.read_week(text) == week
    assert re.fullmatch(hours.WEEK_SHAPE, text)


def test_any_comma_dash_and_colon_will_do():
    assert hours.write_day(hours.read_day("13：30～18:00，9:00至12:00")) == "09:00-12:00,13:30-18:00"


@pytest.mark.parametrize(
    "text", ["9-12", "09:00-12:00,11:00-13:00", "25:00-26:00", "09:70-10:00", "x", "22:00-03:00,02:00-05:00"]
)
def test_nonsense_is_refused(text):
    with pytest.raises(ValueError):
        hours.read_day(text)


@pytest.mark.parametrize("text", ["", "09:00-12:00", "|||||||"])
def test_a_week_has_seven_days(text):
    with pytest.raises(ValueError):
        hours.read_week(text)


def test_a_shift_across_midnight_ends_on_the_next_day():
    night = hours.Span(datetime.time(22), datetime.time(6))
    assert (night.start, night.end) == (22 * 60, 30 * 60)
    assert hours.Span(datetime.time(0), datetime.time(0)).end == 24 * 60


def test_shifts_that_run_into_the_next_day_are_found():
    week = hours.read_week("22:00-06:00|05:00-12:00||||||22:00-06:00".replace("||||||", "|||||"))
    assert hours.clashes(week) == [0]
