"""What is decided from values alone: warranty, mileage, strangers."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.values.months import later
from guanxi.vehicles import policy
from guanxi.vehicles.policy import Known, Point, Step, Term, Warranty
from guanxi.vehicles.states import WarrantyState

DAY = datetime.date
PLAN = [Step(6, 5_000, is_free=True), Step(12, 10_000, is_free=True), Step(12, 10_000)]


@given(st.dates(DAY(2000, 1, 1), DAY(2050, 1, 1)), st.integers(0, 400))
def test_the_age_counts_whole_months(day, months):
    then = later(day, months)
    assert policy.age_in_months(day, then) == months
    assert policy.age_in_months(day, then - datetime.timedelta(days=1)) in {max(0, months - 1), months}


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
