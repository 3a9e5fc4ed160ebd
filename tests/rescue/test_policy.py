"""Distance, who can help, who pays, what it costs."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.rescue import policy
from guanxi.rescue.policy import Able, Cover, Dot, Price, Rate
from guanxi.rescue.states import ENDED, MOVES, Claim, Inability, State

DAY = datetime.date(2026, 6, 3)
COVER = Cover(24, 60000, 2, 100)
RATE = Rate(Decimal(300), Decimal(10), 10, 50)
ABLE = Able(("TOW",), True, 50, 20, False)


def test_the_distance_between_two_cities_is_known():
    assert round(policy.distance(31.2304, 121.4737, 39.9042, 116.4074)) == 1067  # Shanghai, Beijing
    assert policy.distance(31.0, 121.0, 31.0, 121.0) == 0
    assert policy.by_road(10) == 13
    assert policy.minutes(45, kmh=45, ready=10) == 70


@given(st.floats(-89, 89), st.floats(-179, 179), st.floats(-89, 89), st.floats(-179, 179))
def test_a_way_is_as_long_there_as_back(north, east, to_north, to_east):
    there = policy.distance(north, east, to_north, to_east)
    assert 0 <= there <= 20016
    assert there == pytest.approx(policy.distance(to_north, to_east, north, east), abs=1e-6)


@pytest.mark.parametrize(
    ("text", "found"),
    [("31.2304, 121.4737", (Decimal("31.2304"), Decimal("121.4737"))), ("31.2，121.4", (Decimal("31.2"), Decimal("121.4"))),
     ("", None), ("  ", None)],
)  # fmt: skip
def test_a_position_is_read_as_a_map_gives_it(text, found):
    assert policy.position(text) == found


@pytest.mark.parametrize("text", ["here", "91, 20", "20, 181", "31.2304", "1;2"])
def test_what_is_no_position_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        policy.position(text)


@pytest.mark.parametrize(
    ("facts", "claim"),
    [
        ({}, Claim.ENTITLED), ({"sold_on": None}, Claim.NO_SALE), ({"sold_on": datetime.date(2024, 6, 3)}, Claim.TOO_OLD),
        ({"sold_on": datetime.date(2024, 6, 4)}, Claim.ENTITLED), ({"km": 60001}, Claim.TOO_FAR), ({"km": None}, Claim.ENTITLED),
        ({"used": 2}, Claim.USED_UP), ({"used": 1}, Claim.ENTITLED),
    ],
)  # fmt: skip
def test_who_pays_follows_years_kilometres_and_times(facts, claim):
    values = {"sold_on": datetime.date(2025, 6, 1), "km": 12000, "used": 0} | facts
    assert policy.claim(COVER, day=DAY, **values) == claim


@pytest.mark.parametrize(
    ("km", "night", "share", "price"),
    [
        (10, False, 0, Price(Decimal("300.00"), Decimal("300.00"))), (30, False, 0, Price(Decimal("500.00"), Decimal("500.00"))),
        (30, True, 0, Price(Decimal("750.00"), Decimal("750.00"))), (30, False, 100, Price(Decimal("500.00"), Decimal("0.00"))),
        (30, False, 33, Price(Decimal("500.00"), Decimal("335.00"))),
    ],
)  # fmt: skip
def test_a_price_follows_the_tariff(km, night, share, price):
    assert policy.price(RATE, km=km, is_night=night, share=share) == price


@pytest.mark.parametrize(("hour", "night"), [(21, False), (22, True), (2, True), (6, False), (12, False)])
def test_the_night_crosses_midnight(hour, night):
    assert policy.is_night(datetime.time(hour), datetime.time(22), datetime.time(6)) is night


@pytest.mark.parametrize(
    ("able", "why"),
    [
        (ABLE, None), (Able(("FUEL",), True, 50, 20, False), Inability.HELP),
        (Able(("TOW",), False, 50, 20, False), Inability.CLOSED), (Able(("TOW",), True, 50, 20, True), Inability.TRIED),
        (Able(("TOW",), True, 19, 20, False), Inability.DISTANCE), (Able(("TOW",), True, None, 900, False), None),
        (Able(("TOW",), True, 50, None, False), None),
    ],
)  # fmt: skip
def test_who_cannot_help_says_why(able, why):
    assert policy.inability(able, "TOW") == why


def test_a_sketch_has_north_above_and_east_on_the_right():
    assert policy.sketch(31.0, 121.0, (31.0, 121.0), reach_km=10, size=200) == Dot(100, 100)
    above = policy.sketch(31.0, 121.0, (31.05, 121.0), reach_km=10, size=200)
    right = policy.sketch(31.0, 121.0, (31.0, 121.05), reach_km=10, size=200)
    assert above.y < 100 == above.x
    assert right.x > 100 == right.y
    assert policy.sketch(31.0, 121.0, (50.0, 121.0), reach_km=10, size=200) == Dot(100, 0)


def test_nothing_follows_on_the_end():
    assert not any(policy.may_move(before, after) for before in ENDED for after in State)
    assert set(MOVES) == set(State)


@pytest.mark.parametrize(("score", "is_so"), [(1, True), (2, True), (3, False), (5, False)])
def test_the_two_lowest_scores_are_complaints(score, is_so):
    assert policy.is_complaint(score) is is_so
