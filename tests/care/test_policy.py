"""The rules of care from plain values: each state with its borders, and properties of all histories."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.care.policy.pace import Point, expected_km, pace, reach
from guanxi.care.policy.standing import Terms, standing
from guanxi.care.policy.upkeep import Done, Facts, Limits, Step, next_due, phase, warranty_end
from guanxi.foundation.values.months import later

DAY = datetime.date(2026, 3, 1)
OLD = datetime.date(2020, 1, 1)
THREE_STATES = Terms(lost_months=6, observe_months=None, new_months=6, new_as="SWING")
days = st.lists(st.dates(DAY - datetime.timedelta(days=1000), DAY), max_size=8)


def back(months=0, extra=0):
    return later(DAY, -months) + datetime.timedelta(days=extra)


@pytest.mark.covers("CLASS-28", "CLASS-29", "CLASS-30", "CLASS-31", "CLASS-34")
@pytest.mark.parametrize(
    ("visits", "start", "state", "since"),
    [
        ([back(1), back(5), back(11)], OLD, "ACTIVE", back(1)),
        ([back(1), back(5), back(12)], OLD, "SWING", DAY),  # today the third goes out of the year
        ([back(1), back(5), back(12, 1)], OLD, "ACTIVE", back(1)),
        ([back(1), back(5)], OLD, "SWING", back(1)),
        ([back(3)], OLD, "SWING_TO_LOST", DAY),
        ([back(3, 1)], OLD, "OBSERVE", back(3, 1)),
        ([back(8), back(13)], OLD, "SWING_TO_LOST", back(1)),
        ([back(12)], OLD, "LOST", DAY),
        ([back(12, 1)], OLD, "SWING_TO_LOST", later(back(12, 1), 3)),
        ([], back(11), "NEW", back(11)), ([], back(12), "LOST", DAY), ([], OLD, "LOST", datetime.date(2021, 1, 1)),
        ([back(14)], back(2), "NEW", back(2)),
    ],
)  # fmt: skip
def test_each_state_has_its_borders(visits, start, state, since):
    found = standing(DAY, visits, start, Terms())
    assert (found.state, found.since) == (state, since)


@pytest.mark.covers("CLASS-32", "CLASS-33")
@pytest.mark.parametrize(
    ("visits", "start", "state"),
    [
        ([back(1), back(3), back(5)], OLD, "ACTIVE"), ([back(1)], OLD, "SWING"), ([back(6)], OLD, "LOST"),
        ([back(6, 1)], OLD, "SWING"), ([], back(5), "SWING"), ([], back(6), "LOST"),
    ],
)  # fmt: skip
def test_three_states_are_enough_for_those_who_lose_after_half_a_year(visits, start, state):
    assert standing(DAY, visits, start, THREE_STATES).state == state


def test_the_kpi_has_its_own_definition_of_lost():
    assert standing(DAY, [back(6)], OLD, Terms()).kpi_lost
    assert standing(DAY, [back(6)], OLD, Terms()).state == "SWING_TO_LOST"
    assert not standing(DAY, [back(6, 1)], OLD, Terms()).kpi_lost
    assert not standing(DAY, [], back(5), Terms()).kpi_lost


@given(
    visits=days, start=st.dates(DAY - datetime.timedelta(days=900), DAY), terms=st.sampled_from([Terms(), THREE_STATES])
)
def test_since_is_the_first_day_of_an_unbroken_run(visits, start, terms):
    """On each day from ``since`` on it was the same; on the day before it was another, or a visit lies on it."""
    found = standing(DAY, visits, start, terms)
    states = {
        day: standing(day, visits, min(start, day), terms).state
        for day in (found.since + datetime.timedelta(days=ahead) for ahead in range(-1, (DAY - found.since).days + 1))
        if day >= start
    }
    before = found.since - datetime.timedelta(days=1)
    assert {state for day, state in states.items() if day >= found.since} <= {found.state}
    assert before < start or states[before] != found.state or found.since in visits


@given(visits=days, more=st.dates(DAY - datetime.timedelta(days=300), DAY))
def test_one_visit_more_never_makes_an_owner_less(visits, more):
    rank = ["LOST", "SWING_TO_LOST", "OBSERVE", "SWING", "ACTIVE"]
    less, better = (rank.index(standing(DAY, seen, OLD, Terms()).state) for seen in (visits, [*visits, more]))
    assert better >= less


def test_two_wrong_readings_do_not_move_the_pace():
    right = [Point(DAY - datetime.timedelta(days=100 * back), 60_000 - 4_000 * back) for back in range(10)]
    wrong = [*right[:3], Point(right[3].on, 500), *right[4:7], Point(right[7].on, 59_000), *right[8:]]
    assert pace(right, None, None).metres == 40_000
    assert pace(wrong, None, None).metres == 40_000


@pytest.mark.covers("CARE-34")
def test_without_readings_a_car_goes_like_others_of_its_model():
    sold = DAY - datetime.timedelta(days=100)
    found = pace([], sold, 40_000)
    assert (found.metres, found.base, found.readings) == (40_000, Point(sold, 0), 0)
    assert pace([], None, 40_000) is None
    assert pace([], sold, None) is None
    assert expected_km(0, sold, 40_000, DAY) == 4_000


readings = st.lists(st.tuples(st.dates(DAY - datetime.timedelta(days=900), DAY), st.integers(0, 300_000)), max_size=15)


@given(said=readings, km=st.integers(0, 400_000))
def test_an_interval_holds_what_is_expected(said, km):
    found = pace([Point(*one) for one in said], DAY - datetime.timedelta(days=1000), 30_000)
    assert found.least <= found.metres <= found.most
    goal = reach(found, km)
    assert goal.earliest <= goal.on <= goal.latest
    assert goal.on >= found.base.on


PLAN = [Step(1, False, 6, 5_000), Step(2, False, 12, 10_000), Step(3, True, 12, 10_000)]


@pytest.mark.covers("CARE-34", "LIFE-17")
def test_the_next_maintenance_is_by_time_or_mileage_whichever_comes_first():
    sold = DAY - datetime.timedelta(days=100)
    slow, fast = (pace([Point(DAY, km)], sold, None) for km in (1_000, 4_900))
    assert (next_due(PLAN, [], sold, slow).by, next_due(PLAN, [], sold, slow).on) == ("TIME", later(sold, 6))
    due = next_due(PLAN, [], sold, fast)
    assert (due.step_id, due.by, due.on) == (1, "MILEAGE", DAY + datetime.timedelta(days=2))
    second = next_due(PLAN, [Done(DAY, 4_900), Done(DAY, 4_900)], sold, fast)
    assert second.step_id == 2
    third = next_due(PLAN, [Done(back(6), 1_000), Done(back(1), 4_000)], sold, slow)
    assert (third.step_id, third.on) == (3, later(back(1), 12))
    assert warranty_end(Facts(warranty_until=DAY, warranty_km=4_900), fast) == DAY
    assert warranty_end(Facts(warranty_until=later(DAY, 9), warranty_km=4_949), fast) == DAY + datetime.timedelta(
        days=1
    )


@pytest.mark.covers("LIFE-01", "LIFE-14", "LIFE-18")
@pytest.mark.parametrize(
    ("sold", "ends", "done", "gone", "wanted"),
    [
        (back(2), back(-34), [], False, ("NEW_CAR", back(2))),
        (back(3), back(-33), [], False, ("FIRST_SERVICE", DAY)),
        (back(4), back(-32), [Done(back(0, -5), 5_000)], False, ("IN_WARRANTY", back(0, -5))),
        (back(7), back(-29), [], False, ("IN_WARRANTY", back(1))),
        (back(31), DAY + datetime.timedelta(days=180), [], False, ("WARRANTY_ENDING", DAY)),
        (back(36), DAY, [], False, ("WARRANTY_ENDING", DAY - datetime.timedelta(days=180))),
        (back(37), DAY - datetime.timedelta(days=1), [], False, ("OUT_OF_WARRANTY", DAY)),
        (back(37), None, [], True, ("SCRAPPED", back(1))), (None, None, [], False, ("UNKNOWN", None)),
    ],
)  # fmt: skip
def test_each_phase_has_its_borders(sold, ends, done, gone, wanted):
    facts = Facts(sold_on=sold, is_gone=gone, gone_on=back(1), warranty_until=ends)
    assert phase(DAY, facts, warranty_ends=ends, first=PLAN[0], done=done, limits=Limits()) == wanted
