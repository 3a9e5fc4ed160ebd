"""Decisions about the network, from values alone."""

import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.network import policy
from guanxi.network.policy import Interval, Span
from guanxi.network.states import MANDATORY_UNITS, PARENTS, Kind

DAY = datetime.date(2024, 5, 1)
days = st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1))
parents = st.integers(1, 5)


@st.composite
def histories(draw):
    """A life in placements: one after the other, now and then with a gap, the last one maybe without end."""
    edges = sorted(draw(st.lists(days, min_size=2, max_size=8, unique=True)))
    spans = [Span(draw(parents), start, end) for start, end in pairwise(edges) if draw(st.booleans())]
    return [*spans, Span(draw(parents), edges[-1], None)] if draw(st.booleans()) else spans


def parent_on(spans, day):
    found = [span.parent for span in spans if span.start <= day and (span.end is None or day < span.end)]
    assert len(found) <= 1, "two placements overlap"
    return found[0] if found else None


def no_overlap(spans):
    ordered = sorted(spans, key=lambda span: span.start)
    return all(a.end is not None and a.end <= b.start for a, b in pairwise(ordered)) and all(
        span.end is None or span.start < span.end for span in ordered
    )


@pytest.mark.covers("ORG-10")
@given(spans=histories(), parent=parents, on=days)
def test_placements_never_overlap_after_a_move(spans, parent, on):
    assert no_overlap(policy.replan(spans, parent=parent, on=on))


@pytest.mark.covers("ORG-10")
@given(spans=histories(), parent=parents, on=days, asked=days)
def test_a_move_leaves_history_and_decides_the_future(spans, parent, on, asked):
    after = policy.replan(spans, parent=parent, on=on)
    assert parent_on(after, asked) == (parent_on(spans, asked) if asked < on else parent)


@given(spans=histories(), parent=parents, on=days)
def test_moving_twice_is_moving_once(spans, parent, on):
    once = policy.replan(spans, parent=parent, on=on)
    assert policy.replan(once, parent=parent, on=on) == once


@given(spans=histories(), on=days)
def test_neighbours_with_one_parent_are_one_placement(spans, on):
    before = parent_on(spans, on - datetime.timedelta(days=1))
    if before is not None:
        after = policy.replan(spans, parent=before, on=on)
        assert after[-1].start < on
        assert after[-1].end is None


@given(spans=histories(), on=days, asked=days)
def test_after_the_closing_day_it_stands_nowhere(spans, on, asked):
    after = policy.end_on(spans, on)
    assert no_overlap(after)
    assert parent_on(after, asked) == (parent_on(spans, asked) if asked < on else None)


@pytest.mark.parametrize(
    ("kind", "opened", "closed", "held"),
    [
        (Kind.BRANCH, DAY, None, True),
        (Kind.BRANCH, DAY + datetime.timedelta(days=1), None, False),
        (Kind.GROUP, DAY + datetime.timedelta(days=1), None, True),
        (Kind.BRANCH, datetime.date(2000, 1, 1), datetime.date(2030, 1, 1), False),
        (Kind.GROUP, datetime.date(2000, 1, 1), DAY, False),
    ],
)
def test_only_what_is_open_and_stays_open_holds_others(kind, opened, closed, held):
    assert policy.can_hold(kind=kind, opened=opened, closed=closed, day=DAY) is held


@pytest.mark.covers("ORG-10")
@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("above", Kind.values)
def test_every_pair_of_kinds_is_decided(kind, above):
    assert policy.may_stand_under(kind, above) is (above in PARENTS[kind])


@pytest.mark.covers("ORG-10")
def test_the_whole_chain_of_the_trade_can_be_built():
    chain = [Kind.GROUP, Kind.BRAND, Kind.BRANCH, Kind.MARKET_OFFICE, Kind.OUTLET, Kind.UNIT]
    assert all(policy.may_stand_under(low, high) for high, low in pairwise(chain))
    assert not any(policy.may_stand_under(high, low) for high, low in pairwise(chain))


def hour(text):
    return datetime.time.fromisoformat(text)


times = st.times().map(lambda time: time.replace(microsecond=0, tzinfo=None))
intervals = st.builds(lambda day, a, b: Interval(day, min(a, b), max(a, b)), st.integers(0, 6), times, times).filter(
    lambda item: item.opens < item.closes
)


def collide(a, b):
    return a.weekday == b.weekday and a.opens < b.closes and b.opens < a.closes


@given(st.lists(intervals, max_size=6))
def test_an_overlap_is_found_exactly_if_two_intervals_share_a_moment(week):
    expected = any(collide(a, b) for index, a in enumerate(week) for b in week[:index])
    assert bool(policy.overlapping(week)) == expected


def test_touching_intervals_do_not_overlap():
    morning = Interval(0, hour("08:00"), hour("12:00"))
    assert policy.overlapping([Interval(0, hour("12:00"), hour("18:00")), morning]) == []


@pytest.mark.parametrize(("time", "is_open"), [("07:59", False), ("08:00", True), ("11:59", True), ("12:00", False)])
def test_it_is_open_from_the_first_minute_until_before_the_last(time, is_open):
    week = [Interval(0, hour("08:00"), hour("12:00"))]
    assert policy.is_open(week, 0, hour(time)) is is_open
    assert not policy.is_open(week, 1, hour(time))


@pytest.mark.covers("ORG-17")
def test_an_outlet_misses_its_mandatory_departments():
    assert policy.missing_units(Kind.OUTLET, ["SALES"]) == list(MANDATORY_UNITS)
    assert policy.missing_units(Kind.OUTLET, ["DCRC", "SALES"]) == ["CS_COMMITTEE"]
    assert policy.missing_units(Kind.OUTLET, MANDATORY_UNITS) == []
    assert policy.missing_units(Kind.BRANCH, []) == []


letters = st.sampled_from("ABCDEFGH")


@given(st.dictionaries(letters, letters | st.just("TOP") | st.just("NONE"), max_size=8))
def test_every_row_is_ordered_after_its_parent_or_reported(parents_of):
    ordered, stuck = policy.in_import_order(list(parents_of.items()), ["TOP"])
    assert sorted([*ordered, *stuck]) == sorted(parents_of)
    placed = {"TOP"}
    for code in ordered:
        assert parents_of[code] in placed
        placed.add(code)
    for code in stuck:
        assert parents_of[code] not in placed


def test_a_circle_and_what_hangs_on_it_is_found():
    rows = [("A", "B"), ("B", "A"), ("C", "A"), ("D", "TOP")]
    assert policy.in_import_order(rows, ["TOP"]) == (["D"], ["A", "B", "C"])


def test_a_parent_may_stand_below_its_child_in_the_file():
    assert policy.in_import_order([("C", "B"), ("B", "A"), ("A", "TOP")], ["TOP"])[0] == ["A", "B", "C"]
