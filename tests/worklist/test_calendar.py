"""Which hours hold on a day: layers, special days, announced holidays, and what is only assumed."""

import datetime

import pytest
from tests.worklist.conftest import shanghai

from guanxi.worklist.policy import reckoning
from guanxi.worklist.policy.calendar import (
    FIXED,
    STANDARD,
    Calendar,
    Holiday,
    Layer,
    Source,
    Special,
    WeekRule,
    plan,
)
from guanxi.worklist.policy.hours import read_day, read_week

LONG_AGO = datetime.date(2000, 1, 1)
OUTLET = read_week("|".join(["08:30-18:30"] * 7))
D = datetime.date


def calendar(*layers, **more):
    return Calendar(tuple(layers), **more)


def of(announcements):
    days = {
        D.fromisoformat(day["date"]): Holiday(day["name"], day["isOffDay"])
        for year in announcements.values()
        for day in year["days"]
    }
    return Calendar((), days, frozenset(int(year) for year, held in announcements.items() if held["days"]))


def test_every_announced_day_is_what_the_paper_says(announcements):
    held = of(announcements)
    published = {D.fromisoformat(d["date"]): d["isOffDay"] for y in announcements.values() for d in y["days"]}
    for number in range((D(2026, 12, 31) - D(2007, 1, 1)).days + 1):
        day = D(2007, 1, 1) + datetime.timedelta(number)
        found = plan(held, day)
        works = not published[day] if day in published else day.weekday() < 5
        assert (bool(found.hours), found.is_assumed) == (works, False), day


def test_a_year_without_a_paper_is_an_assumption_that_is_said(announcements):
    held = of(announcements)
    assert 2027 not in held.announced
    for number in range(365):
        day = D(2027, 1, 1) + datetime.timedelta(number)
        found = plan(held, day)
        assert found.is_assumed
        assert bool(found.hours) == (day.weekday() < 5 and (day.month, day.day) not in FIXED)


def test_a_deadline_across_an_unknown_year_says_so(announcements):
    held = of(announcements)
    known = reckoning.add_days(held, shanghai("2026-11-24 10:00"), 5)
    unknown = reckoning.add_days(held, shanghai("2026-12-30 10:00"), 5)
    assert (known.is_assumed, unknown.is_assumed) == (False, True)
    assert known.at == shanghai("2026-12-01 18:00")
    assert unknown.at == shanghai("2027-01-07 18:00")  # the 1st is a holiday by law, the 2nd and 3rd a weekend


def test_a_deadline_over_spring_festival_counts_the_sunday_worked(announcements):
    held = of(announcements)  # 2025: 28 January to 4 February off, Sunday 26 January and Saturday 8 February worked
    assert reckoning.add_days(held, shanghai("2025-01-25 12:00"), 1).at == shanghai("2025-01-26 18:00")
    assert reckoning.add_days(held, shanghai("2025-01-27 12:00"), 1).at == shanghai("2025-02-05 18:00")
    assert reckoning.add_days(held, shanghai("2025-01-27 12:00"), 4).at == shanghai("2025-02-08 18:00")


def test_the_nearer_place_wins():
    branch = Layer(2, (WeekRule(LONG_AGO, OUTLET, keeps_holidays=False),))
    network = Layer(None, (WeekRule(LONG_AGO, STANDARD),))
    outlet = Layer(3, (), {D(2026, 5, 9): Special((), "盘点")})
    held = calendar(outlet, branch, network, announced=frozenset({2026}))
    assert plan(held, D(2026, 5, 10)).node_id == 2
    closed = plan(held, D(2026, 5, 9))
    assert (closed.hours, closed.source, closed.node_id, closed.name) == ((), Source.SPECIAL, 3, "盘点")


def test_a_closure_above_holds_below_unless_the_place_says_otherwise():
    network = Layer(None, (WeekRule(LONG_AGO, STANDARD),), {D(2026, 5, 7): Special((), "年会")})
    own = Layer(3, (WeekRule(LONG_AGO, OUTLET),))
    assert plan(calendar(own, network), D(2026, 5, 7)).hours == ()
    open_all_the_same = Layer(3, own.weeks, {D(2026, 5, 7): Special(read_day("10:00-16:00"))})
    assert plan(calendar(open_all_the_same, network), D(2026, 5, 7)).hours == read_day("10:00-16:00")


def test_a_week_holds_from_its_day_on_and_can_be_given_back():
    own = Layer(3, (WeekRule(D(2026, 3, 2), OUTLET), WeekRule(D(2026, 6, 1), None)))
    network = Layer(None, (WeekRule(LONG_AGO, STANDARD),))
    held = calendar(own, network)
    assert [plan(held, day).node_id for day in (D(2026, 3, 1), D(2026, 3, 2), D(2026, 5, 31), D(2026, 6, 1))] == [
        None, 3, 3, None,
    ]  # fmt: skip


def test_a_place_that_works_on_holidays_does_not_care_for_them():
    own = Layer(3, (WeekRule(LONG_AGO, OUTLET, keeps_holidays=False),))
    held = calendar(own, holidays={D(2026, 10, 1): Holiday("国庆节", is_off=True)})
    assert plan(held, D(2026, 10, 1)).hours == OUTLET[3]
    assert not plan(held, D(2026, 10, 1)).is_assumed


def test_a_saturday_worked_has_its_own_hours_where_there_are_some():
    saturday, made_up = D(2026, 10, 10), Holiday("国庆节", is_off=False)
    usual = calendar(holidays={saturday: made_up})
    assert (plan(usual, saturday).hours, plan(usual, saturday).source) == (STANDARD[0], Source.MADE_UP)
    week = (*STANDARD[:5], read_day("10:00-15:00"), ())
    own = Layer(3, (WeekRule(LONG_AGO, week),))
    assert plan(calendar(own, holidays={saturday: made_up}), saturday).hours == read_day("10:00-15:00")


def test_without_any_word_the_standard_week_holds_and_says_so():
    found = plan(Calendar(), D(2026, 5, 6))
    assert found.hours == STANDARD[2]
    assert found.is_standard


@pytest.mark.parametrize(("day", "node"), [(D(1999, 12, 31), None), (D(2000, 1, 1), 3)])
def test_the_first_day_of_a_week_is_its_first(day, node):
    assert plan(calendar(Layer(3, (WeekRule(LONG_AGO, OUTLET),))), day).node_id == node
