"""When rules are due and what becomes of the cases of a day, from plain values."""

import datetime
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.care.policy import audience, sampling
from guanxi.care.policy.rules import Case, Timing, alone, anchors, decide, window

DAY = datetime.date(2026, 6, 10)
days = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31))
timings = st.builds(
    Timing, months=st.integers(0, 60), opens=st.integers(-200, 200), due=st.integers(-200, 400),
    unit=st.sampled_from(["DAYS", "HOURS", "WORKING_DAYS"]),
)  # fmt: skip


@given(timings, days)
def test_the_span_of_anchors_holds_every_anchor_whose_window_opens_in_it(timing, anchor):
    opens, _closes = window(timing, anchor)
    first, last = anchors(timing, opens, opens)
    assert first <= anchor <= last


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        (Timing(due=24, unit="HOURS"), ("2026-06-10", "2026-06-11")),
        (Timing(opens=3, due=7), ("2026-06-13", "2026-06-17")),
        (Timing(opens=-180, due=-150), ("2025-12-12", "2026-01-11")),
        (Timing(months=1, due=3), ("2026-07-10", "2026-07-13")),
    ],
)
def test_windows(timing, expected):
    assert tuple(day.isoformat() for day in window(timing, DAY)) == expected


cases = st.builds(
    Case,
    rule=st.sampled_from(["a_call", "b_call", "c_call"]), customer=st.integers(1, 3),
    vehicle=st.sampled_from([None, 7, 8]), anchor_on=st.sampled_from([DAY, DAY - datetime.timedelta(days=1)]),
    closes_on=st.dates(DAY - datetime.timedelta(days=1), DAY + datetime.timedelta(days=2)), priority=st.integers(1, 4),
    place=st.sampled_from([1, 1, 2, None]), cap=st.sampled_from(["call", "letter"]),
    obstacle=st.sampled_from(["", "", "", "NO_CONSENT", "DO_NOT_CONTACT", "NO_NUMBER", "EXCLUDED"]),
    coverage=st.sampled_from([100, 100, 40]), control=st.sampled_from([0, 0, 50]),
)  # fmt: skip
days_of = st.lists(cases, max_size=12, unique_by=lambda case: (case.rule, case.key))
contacts = st.dictionaries(
    st.tuples(st.integers(1, 3), st.sampled_from(["call", "letter"])),
    st.dates(DAY - datetime.timedelta(days=4), DAY), max_size=4,
)  # fmt: skip
CAPS = {"call": 2, "letter": 1}


@pytest.mark.covers("CARE-33")
@given(days_of, contacts)
def test_nobody_is_forgotten_and_nobody_gets_two_contacts_of_one_budget(found, last):
    verdicts = decide(found, DAY, caps=CAPS, last=last)
    assert set(verdicts) == set(found)
    led = Counter((case.customer, case.cap) for case, verdict in verdicts.items() if verdict == "TASK")
    assert all(number == 1 for number in led.values())
    for who, cap in led:
        before = last.get((who, cap))
        assert before is None or (DAY - before).days >= CAPS[cap]


@pytest.mark.covers("NFR-01")
@given(days_of, contacts)
def test_nobody_is_contacted_without_consent_or_against_his_will(found, last):
    for case, verdict in decide(found, DAY, caps=CAPS, last=last).items():
        if case.obstacle:
            assert verdict not in {"TASK", "MERGED", "WAIT"}


@given(days_of, contacts)
def test_a_mention_has_a_task_of_the_same_place_and_no_less_priority(found, last):
    verdicts = decide(found, DAY, caps=CAPS, last=last)
    for case, verdict in verdicts.items():
        if verdict == "MERGED":
            leads = [
                other for other, what in verdicts.items()
                if what == "TASK" and (other.customer, other.cap, other.place) == (case.customer, case.cap, case.place)
            ]  # fmt: skip
            assert len(leads) == 1
            assert leads[0].priority <= case.priority


@given(days_of, contacts, st.randoms())
def test_the_order_of_the_question_does_not_matter(found, last, chance):
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert decide(found, DAY, caps=CAPS, last=last) == decide(shuffled, DAY, caps=CAPS, last=last)


@given(days_of, contacts)
def test_whoever_waits_has_a_window_that_goes_on(found, last):
    for case, verdict in decide(found, DAY, caps=CAPS, last=last).items():
        if verdict == "WAIT":
            assert case.closes_on > DAY


def test_a_window_that_passed_is_late_whatever_else_holds():
    late = Case("a", 1, None, DAY, DAY - datetime.timedelta(days=1), 1, 1, "call")
    assert alone(late, DAY) == "LATE"


@pytest.mark.covers("FUP-20")
def test_a_sample_is_close_to_its_share_and_the_same_every_time():
    keys = [f"{number}:0:2026-06-10" for number in range(20_000)]
    drawn = {key for key in keys if sampling.is_drawn("1", "centre_day7", key, 40)}
    assert abs(len(drawn) / len(keys) - 0.40) < 0.012
    random.Random(1).shuffle(keys)
    assert {key for key in keys if sampling.is_drawn("1", "centre_day7", key, 40)} == drawn
    other = {key for key in keys if sampling.is_drawn("2", "centre_day7", key, 40)}
    assert abs(len(drawn & other) / len(keys) - 0.16) < 0.012


@given(st.text(max_size=9), st.text(max_size=9))
def test_everybody_is_drawn_at_a_hundred_and_nobody_at_nought(seed, key):
    assert sampling.is_drawn(seed, "r", key, 100)
    assert not sampling.is_drawn(seed, "r", key, 0)


def test_a_larger_sample_holds_the_smaller_one():
    keys = [str(number) for number in range(3000)]
    small = {key for key in keys if sampling.is_drawn("1", "r", key, 40)}
    assert small < {key for key in keys if sampling.is_drawn("1", "r", key, 70)}


def test_weights():
    assert sampling.weight(10, 4) * 4 == 10
    assert sampling.weight(3, 0) is None


KINDS = {"kind": "choice", "age": "number", "mobile": "flag", "tags": "list"}


@pytest.mark.parametrize(
    ("condition", "wrong"),
    [
        (("kind", "any", ("PERSON",)), ""), (("kind", "any", ()), "values"), (("kind", "between", ("1", "2")), "op"),
        (("age", "between", ("12", "")), ""), (("age", "between", ("", "")), "values"),
        (("age", "between", ("3", "1")), "values"), (("age", "between", ("a", "1")), "values"),
        (("mobile", "yes", ()), ""), (("mobile", "yes", ("1",)), "values"), (("unknown", "any", ("x",)), "fact"),
    ],
)  # fmt: skip
def test_conditions_are_checked(condition, wrong):
    assert audience.fault(audience.Condition(*condition), KINDS) == wrong


def test_conditions_are_read_as_they_were_written():
    held = [audience.Condition("kind", "any", ("PERSON",)), audience.Condition("mobile", "yes")]
    assert audience.read(audience.write(held)) == held
