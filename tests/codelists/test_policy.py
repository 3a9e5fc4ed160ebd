"""Decisions about code lists, from values alone."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.codelists import policy
from guanxi.codelists.states import Standing

DAY = datetime.date(2024, 5, 1)
ONE = datetime.timedelta(days=1)
dates = st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1))
codes = st.from_regex(r"\A[A-Z][A-Z0-9_]{0,6}\Z")
keys = st.tuples(st.sampled_from(["a", "b"]), codes)
wanted = st.dictionaries(
    keys,
    st.builds(policy.Wanted, st.sampled_from("甲乙"), st.sampled_from("xy"), position=st.integers(0, 9)),
    max_size=6,
)


@given(start=dates, length=st.integers(1, 9999), on=dates)
def test_a_code_is_future_then_valid_then_retired(start, length, on):
    end = start + datetime.timedelta(days=length)
    expected = Standing.FUTURE if on < start else Standing.VALID if on < end else Standing.RETIRED
    assert policy.standing(start, end, on) == expected


@given(start=dates, on=dates)
def test_without_an_end_it_never_retires(start, on):
    assert policy.standing(start, None, on) in {Standing.FUTURE, Standing.VALID}


@given(start=dates, on=dates)
def test_a_retired_code_held_for_a_day_at_least(start, on):
    end = policy.end_of(start, on)
    assert end > start
    assert end == on or on <= start


@pytest.mark.parametrize("text", ["A", "A_1", "11", "X" * 40])
def test_these_are_codes(text):
    assert policy.is_code(text)


@pytest.mark.parametrize("text", ["", "a", "_A", "A-B", "A B", "甲", "X" * 41, "A\n"])
def test_these_are_not(text):
    assert not policy.is_code(text)


@given(codes)
def test_local_codes_have_the_prefix_once(code):
    once = policy.local_code(code)
    assert once.startswith("X_")
    assert policy.local_code(once) == once


@pytest.mark.parametrize(
    ("is_extensible", "kind", "answer"),
    [(True, "OUTLET", True), (True, "BRANCH", True), (True, "GROUP", False), (False, "OUTLET", False)],
)
def test_who_may_extend(is_extensible, kind, answer):
    assert policy.may_extend(is_extensible=is_extensible, kind=kind) is answer


def test_levels_are_counted_beside_what_is_expected():
    counts = policy.level_counts([1, 1, 2], [2, 3])
    assert [(item.level, item.count, item.expected, item.is_met) for item in counts] == [
        (1, 2, 2, True),
        (2, 1, 3, False),
    ]


def test_levels_beyond_the_expected_are_shown_too():
    assert [(item.count, item.expected) for item in policy.level_counts([1, 2], [1])] == [(1, 1), (1, None)]
    assert policy.level_counts([], None) == []


def test_depth():
    assert policy.deepest_level([7, 21, 65]) == 3
    assert policy.deepest_level(None) == policy.DEEPEST


def place(pk, parent=None, position=0):
    return policy.Place(pk, parent, position, f"C{pk}")


def test_the_tree_reads_parents_first_then_position():
    rows = [place(3, 1, 20), place(2, 1, 30), place(1), place(4, 3), place(5, position=-1)]
    assert policy.tree_order(rows) == [5, 1, 3, 4, 2]


def test_a_code_whose_parent_is_not_shown_stands_at_the_top():
    assert policy.tree_order([place(2, 1)]) == [2]


@given(st.lists(st.integers(0, 20), min_size=1, max_size=20))
def test_the_tree_loses_nothing(parents):
    rows = [place(pk, above if 0 < above < pk else None) for pk, above in enumerate(parents, start=1)]
    order = policy.tree_order(rows)
    assert sorted(order) == [row.id for row in rows]
    for row in rows:
        assert row.parent_id is None or order.index(row.parent_id) < order.index(row.id)


def test_below_takes_everything_beneath():
    rows = [place(1), place(2, 1), place(3, 2), place(4)]
    assert policy.below(rows, 1) == {1, 2, 3}
    assert policy.below(rows, 4) == {4}


def stored(want, source="p", **marks):
    return policy.Stored(want.name_zh, want.name_en, source, want.parent, want.position, dict(want.attributes), **marks)


def kinds(steps):
    return [step.kind for step in steps]


@given(wanted)
def test_nothing_stored_means_everything_is_added(want):
    assert kinds(policy.difference(want, {}, "p")) == ["add"] * len(want)


@given(wanted)
def test_what_follows_its_preset_has_no_difference(want):
    have = {key: stored(item) for key, item in want.items()}
    assert policy.difference(want, have, "p") == []


@given(wanted, wanted)
def test_codes_of_others_are_never_touched(want, other):
    have = {key: stored(item, source="") for key, item in other.items()}
    steps = policy.difference(want, have, "p")
    assert {step.key for step in steps} == set(want) - set(have)
    assert set(kinds(steps)) <= {"add"}


@given(wanted)
def test_what_a_preset_no_longer_names_is_retired_once(want):
    have = {key: stored(item) for key, item in want.items()}
    assert kinds(policy.difference({}, have, "p")) == ["retire"] * len(want)
    gone = {key: stored(item, is_retired=True) for key, item in want.items()}
    assert policy.difference({}, gone, "p") == []


WANT = policy.Wanted("新", "new", position=10, attributes={"a": "1"})
KEY = ("list", "CODE")


@pytest.mark.parametrize(
    ("have", "expected"),
    [
        (policy.Stored("旧", "old", "p", position=10, attributes={"a": "1"}), ["rename"]),
        (policy.Stored("旧", "old", "p", position=10, attributes={"a": "1"}, is_renamed_here=True), []),
        (policy.Stored("新", "new", "p", position=20, attributes={"a": "1"}), ["change"]),
        (policy.Stored("新", "new", "p", position=20, attributes={"a": "1"}, is_placed_here=True), []),
        (policy.Stored("新", "new", "p", position=20, attributes={}, is_placed_here=True), ["change"]),
        (policy.Stored("新", "new", "p", position=10, attributes={"a": "1"}, is_retired=True), ["reinstate"]),
        (
            policy.Stored("新", "new", "p", position=10, attributes={"a": "1"}, is_retired=True, is_retired_here=True),
            [],
        ),
    ],
)
def test_what_people_decided_here_survives_a_newer_preset(have, expected):
    assert kinds(policy.difference({KEY: WANT}, {KEY: have}, "p")) == expected
