"""What is decided from values alone: warranty, maintenance, mileage, strangers."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.vehicles import policy
from guanxi.vehicles.policy import Done, Due, Known, Point, Step, Term, Use, Warranty
from guanxi.vehicles.states import DueBy, WarrantyState

DAY = datetime.date
PLAN = [
    Step(1, "FIRST", 6, 5_000, 0, is_free=True),
    Step(2, "MANDATORY", 12, 10_000, 1, is_free=True),
    Step(3, "PERIODIC", 12, 10_000, 2),
]


def test_months_end_with_the_month():
    assert policy.add_months(DAY(2024, 1, 31), 1) == DAY(2024, 2, 29)
    assert policy.add_months(DAY(2023, 12, 31), 14) == DAY(2025, 2, 28)


@given(st.dates(DAY(2000, 1, 1), DAY(2050, 1, 1)), st.integers(0, 400))
def test_the_age_counts_whole_months(day, months):
    later = policy.add_months(day, months)
    assert policy.age_in_months(day, later) == months
    assert policy.age_in_months(day, later - datetime.timedelta(days=1)) in {max(0, months - 1), months}


@pytest.mark.covers("LIFE-17")
def test_the_warranty_is_that_of_the_terms_of_the_day_of_sale():
    terms = [Term(24, 60_000, DAY(2015, 1, 1)), Term(36, 100_000, DAY(2020, 1, 1))]
    assert policy.warranty(DAY(2019, 12, 31), terms) == Warranty(DAY(2021, 12, 31), 60_000)
    assert policy.warranty(DAY(2020, 1, 1), terms) == Warranty(DAY(2023, 1, 1), 100_000)
    assert policy.warranty(DAY(2014, 1, 1), terms) is None
    assert policy.warranty(DAY(2020, 1, 1), [Term(None, 50_000, DAY(2020, 1, 1))]) == Warranty(None, 50_000)


@pytest.mark.covers("LIFE-17")
@pytest.mark.parametrize(
    ("today", "km", "state"),
    [
        (DAY(2025, 1, 1), 100_000, WarrantyState.RUNNING),
        (DAY(2025, 1, 1), None, WarrantyState.RUNNING),
        (DAY(2025, 1, 2), 10, WarrantyState.BY_TIME),
        (DAY(2024, 1, 1), 100_001, WarrantyState.BY_MILEAGE),
    ],
)
def test_time_or_mileage_whichever_comes_first(today, km, state):
    assert policy.warranty_state(Warranty(DAY(2025, 1, 1), 100_000), today=today, odometer_km=km) == state


def test_nothing_is_said_of_an_unknown_warranty():
    assert policy.warranty_state(Warranty(None, None), today=DAY(2025, 1, 1), odometer_km=5) is None


@pytest.mark.covers("LIFE-17")
def test_the_last_free_maintenance_is_the_latest_free_step():
    assert policy.last_free(PLAN, DAY(2024, 3, 15)) == Warranty(DAY(2025, 3, 15), 10_000)
    assert policy.last_free(PLAN[2:], DAY(2024, 3, 15)) is None


SOLD = DAY(2024, 3, 15)


LATER = DAY(2024, 5, 1)


def due(done=(), *, today=LATER, km=None, daily=None, plan=PLAN):
    return policy.next_maintenance(plan, done, Use(SOLD, Point(LATER, km) if km else None, daily), today)


@pytest.mark.covers("SVC-25")
def test_the_first_maintenance_is_due_by_time_or_by_mileage():
    assert due() == Due(PLAN[0], DAY(2024, 9, 15), 5_000, DAY(2024, 9, 15), DueBy.TIME, is_overdue=False)
    fast = due(km=4_000, daily=100.0)
    assert (fast.expected, fast.due_by, fast.is_overdue) == (DAY(2024, 5, 11), DueBy.MILEAGE, False)


@pytest.mark.covers("SVC-25")
def test_each_maintenance_done_fulfils_the_next_step_and_the_periodic_one_repeats():
    first, second, third = Done(DAY(2024, 9, 1), 4_800), Done(DAY(2025, 3, 1), 9_900), Done(DAY(2026, 4, 1), 21_000)
    assert (due([first]).step.id, due([first]).by_date) == (2, DAY(2025, 3, 15))
    assert due([first, second]).by_km == 19_900
    again = due([third, first, second])
    assert (again.step.id, again.by_date, again.by_km) == (3, DAY(2027, 4, 1), 31_000)


def test_what_is_past_is_overdue():
    assert due(today=DAY(2024, 9, 16)).is_overdue
    assert due(km=5_000).is_overdue
    assert not due(today=DAY(2024, 9, 15)).is_overdue


def test_without_a_plan_or_a_day_of_sale_nothing_is_due():
    assert due(plan=[]) is None
    assert policy.next_maintenance(PLAN, [], Use(None), DAY(2024, 5, 1)) is None
    assert policy.next_maintenance(PLAN[2:], [Done(DAY(2024, 1, 1), None)], Use(None), SOLD).by_km is None


KNOWN = [Point(DAY(2024, 1, 1), 1_000), Point(DAY(2024, 7, 1), 9_000)]


@pytest.mark.parametrize(
    ("point", "is_plausible"),
    [
        (Point(DAY(2024, 3, 1), 4_000), True),
        (Point(DAY(2024, 3, 1), 999), False),  # backwards
        (Point(DAY(2024, 3, 1), 9_001), False),  # more than later
        (Point(DAY(2024, 7, 2), 12_000), True),
        (Point(DAY(2024, 7, 2), 12_001), False),  # more than 1,500 a day
        (Point(DAY(2024, 7, 1), 8_990), True),  # the same day, said by another
        (Point(DAY(2023, 12, 31), 0), True),
    ],
)
def test_a_reading_is_judged_by_its_neighbours(point, is_plausible):
    assert policy.is_plausible(point, KNOWN) == is_plausible


def test_a_first_reading_is_judged_by_the_day_of_sale():
    sold = DAY(2024, 1, 1)
    assert policy.is_plausible(Point(DAY(2024, 1, 10), 15_000), [], sold_on=sold)
    assert not policy.is_plausible(Point(DAY(2024, 1, 10), 15_001), [], sold_on=sold)
    assert policy.is_plausible(Point(DAY(2023, 12, 1), 30_000), [], sold_on=sold)


def test_the_daily_mileage_is_that_of_the_newest_two_years():
    points = [Point(DAY(2018, 1, 1), 0), Point(DAY(2023, 1, 1), 100_000), Point(DAY(2024, 1, 1), 136_500)]
    assert policy.daily_km(points) == pytest.approx(100.0)
    assert policy.daily_km(points[-1:], sold_on=DAY(2023, 12, 20)) is None
    assert policy.daily_km([Point(DAY(2024, 3, 1), 6_000)], sold_on=DAY(2024, 1, 1)) == pytest.approx(100.0)
    assert policy.daily_km([]) is None


@pytest.mark.covers("LIFE-18")
@pytest.mark.parametrize(
    ("name", "phone", "is_stranger"),
    [
        ("李强", "13900139000", True),
        ("王 雪", "13900139000", False),  # the owner with another number
        ("李强", "+86 138-0013-8000", False),  # somebody else with the owner's number
        ("", "13900139000", False),
        ("李强", "", False),
    ],
)
def test_a_stranger_has_another_name_and_another_number(name, phone, is_stranger):
    assert policy.is_stranger(name, phone, [Known("王雪", ("13800138000",))]) == is_stranger


def test_nobody_is_a_stranger_to_a_car_without_people():
    assert not policy.is_stranger("李强", "13900139000", [])
