"""Working time: laws that hold for every calendar, in zones with and without summer time."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.worklist.conftest import UTC, ZONES, calendars, moments, shanghai

from guanxi.worklist.policy import reckoning
from guanxi.worklist.policy.calendar import STANDARD, Calendar, Layer, Special, WeekRule
from guanxi.worklist.policy.hours import read_week
from guanxi.worklist.policy.reckoning import Pause, Term

lengths = st.integers(1, 6000).map(lambda minutes: datetime.timedelta(minutes=minutes))
NEW_YORK = ZoneInfo("America/New_York")
ALWAYS = Layer(1, (WeekRule(datetime.date(2000, 1, 1), read_week("|".join(["00:00-00:00"] * 7)), False),))
walls_of_the_clock = st.datetimes(datetime.datetime(2025, 1, 1), datetime.datetime(2027, 1, 1))  # noqa: DTZ001 -- naive
usual = settings(max_examples=60, deadline=None)


@st.composite
def pauses(draw):
    starts = draw(st.lists(moments, max_size=4))
    return [Pause(start, start + datetime.timedelta(minutes=draw(st.integers(0, 20_000)))) for start in starts]


def night_of(zone, text, hours):
    week = read_week("|".join([hours] * 7))
    return Calendar((Layer(1, (WeekRule(datetime.date(2000, 1, 1), week, False),)),), zone=zone), text


@usual
@given(calendars(), moments, lengths, pauses())
def test_a_deadline_comes_after_exactly_its_working_time(calendar, start, length, stood):
    at = reckoning.add_time(calendar, start, length, stood).at
    assert reckoning.between(calendar, start, at, stood) == length
    assert reckoning.between(calendar, start, at - datetime.timedelta(seconds=1), stood) < length


@usual
@given(calendars(), moments, moments, moments, pauses())
def test_working_time_adds_up(calendar, a, b, c, stood):
    a, b, c = sorted((a, b, c))
    whole = reckoning.between(calendar, a, c, stood)
    assert whole == reckoning.between(calendar, a, b, stood) + reckoning.between(calendar, b, c, stood)
    assert datetime.timedelta() <= whole <= c - a
    assert reckoning.between(calendar, c, a, stood) == -whole


@usual
@given(calendars(), moments, lengths, lengths)
def test_more_time_is_never_due_earlier(calendar, start, one, two):
    short, long = sorted((one, two))
    assert reckoning.add_time(calendar, start, short).at <= reckoning.add_time(calendar, start, long).at


@usual
@given(calendars(), moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar, at):
    opens = reckoning.next_opening(calendar, at).at
    assert reckoning.is_open(calendar, opens)
    assert opens >= at
    assert reckoning.between(calendar, at, opens) == datetime.timedelta()
    assert (opens == at) == reckoning.is_open(calendar, at)


@usual
@given(calendars(), moments, lengths, moments, st.integers(1, 10_000))
def test_a_pause_written_down_afterwards_moves_the_deadline_by_its_working_time(
    calendar, start, length, begins, minutes
):
    before = reckoning.add_time(calendar, start, length).at
    pause = Pause(begins, begins + datetime.timedelta(minutes=minutes))
    after = reckoning.add_time(calendar, start, length, [pause]).at
    stood = reckoning.between(calendar, max(start, begins), min(pause.end, after)) if pause.end > start else None
    assume(stood is None or begins < after)
    moved = reckoning.between(calendar, before, after)
    assert after >= before
    assert moved == (max(stood, datetime.timedelta()) if stood is not None else datetime.timedelta())


@usual
@given(calendars(), moments, st.integers(0, 40), st.integers(1, 40))
def test_working_days_are_due_when_a_day_closes_and_in_order(calendar, start, days, more):
    at = reckoning.add_days(calendar, start, days).at
    assert at > start
    assert reckoning.is_open(calendar, at - datetime.timedelta(seconds=1))
    later = reckoning.add_days(calendar, start, days + more).at
    assert at < later or (at == later and (days, more) == (0, 1))  # on a day off, "today" is the next that works


@usual
@given(calendars(), moments, lengths)
def test_a_warning_lies_its_working_time_before_the_deadline(calendar, at, length):
    warned = reckoning.subtract_time(calendar, at, length)
    assert warned <= at
    assert reckoning.between(calendar, warned, at) == length


@usual
@given(
    st.sampled_from(ZONES),
    st.lists(walls_of_the_clock, min_size=2, max_size=6),
)
def test_earlier_times_of_the_clock_are_never_reached_later(zone, walls):
    walls = sorted(wall.replace(microsecond=0) for wall in walls)
    found = [reckoning.reached(wall, zone) for wall in walls]
    assert found == sorted(found)
    for wall, at in zip(walls, found, strict=True):
        assert at.astimezone(zone).replace(tzinfo=None) >= wall
        before = (at - datetime.timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert before < wall


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2026-03-08 02:30", "2026-03-08 07:00"),  # does not exist: when the clock jumps
        ("2026-03-08 03:00", "2026-03-08 07:00"),
        ("2026-11-01 01:30", "2026-11-01 05:30"),  # comes twice: the first
        ("2026-11-01 02:00", "2026-11-01 07:00"),
    ],
)
def test_gap_and_fold_of_new_york(wall, utc):
    wanted = datetime.datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert reckoning.reached(datetime.datetime.fromisoformat(wall), NEW_YORK) == wanted


@pytest.mark.parametrize(("evening", "hours"), [("2026-03-07", 7), ("2026-10-31", 9), ("2026-07-01", 8)])
def test_a_night_shift_is_as_long_as_the_night_was(evening, hours):
    calendar, day = night_of(NEW_YORK, datetime.date.fromisoformat(evening), "22:00-06:00")
    ((start, end),) = reckoning.stretches_of(calendar, day)
    assert end - start == datetime.timedelta(hours=hours)


def test_a_place_that_never_closes_counts_every_hour_once():
    calendar = Calendar((ALWAYS,), zone=NEW_YORK)
    start = datetime.datetime(2026, 10, 30, tzinfo=UTC)
    assert reckoning.between(calendar, start, start + datetime.timedelta(days=5)) == datetime.timedelta(days=5)


def test_the_lunch_break_does_not_count():
    calendar = Calendar((Layer(None, (WeekRule(datetime.date(2000, 1, 1), STANDARD),)),), announced=frozenset({2026}))
    assert reckoning.due(calendar, shanghai("2026-11-24 11:30"), Term(minutes=60)).at == shanghai("2026-11-24 14:00")
    assert reckoning.due(calendar, shanghai("2026-11-27 17:30"), Term(minutes=60)).at == shanghai("2026-11-30 09:30")
    assert reckoning.due(calendar, shanghai("2026-11-27 17:30"), Term(days=0)).at == shanghai("2026-11-27 18:00")
    assert reckoning.due(calendar, shanghai("2026-11-27 18:00"), Term(days=0)).at == shanghai("2026-11-30 18:00")


def test_a_clock_that_still_stands_is_never_due():
    calendar = Calendar(announced=frozenset({2026}))
    start, stands = shanghai("2026-11-24 09:00"), [Pause(shanghai("2026-11-24 10:00"))]
    assert reckoning.due(calendar, start, Term(minutes=90), stands).at is None
    assert reckoning.due(calendar, start, Term(minutes=60), stands).at == shanghai("2026-11-24 10:00")
    assert reckoning.due(calendar, start, Term(days=2), stands).at is None
    over = [Pause(shanghai("2026-11-24 10:00"), shanghai("2026-11-25 10:00"))]
    assert reckoning.due(calendar, start, Term(minutes=90), over).at == shanghai("2026-11-25 10:30")


def test_an_edited_calendar_reckons_the_same_term_anew():
    start, term = shanghai("2026-11-24 16:00"), Term(minutes=180)
    before = Calendar(announced=frozenset({2026}))
    closed = Layer(7, (), {datetime.date(2026, 11, 25): Special((), "停电")})
    after = Calendar((closed,), announced=frozenset({2026}))
    assert reckoning.due(before, start, term).at == shanghai("2026-11-25 10:00")
    assert reckoning.due(after, start, term).at == shanghai("2026-11-26 10:00")


def test_a_place_that_never_opens_is_never_due():
    never = Calendar((Layer(1, (WeekRule(datetime.date(2000, 1, 1), ((),) * 7),)),), announced=frozenset({2026}))
    start = shanghai("2026-11-24 16:00")
    assert reckoning.next_opening(never, start).at is None
    assert reckoning.due(never, start, Term(minutes=1)).at is None
    assert reckoning.due(never, start, Term(days=1)).at is None
    assert not reckoning.is_open(never, start)
