"""Decisions about calls, from plain values."""

import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.contact_centre.policy import calls, scripts
from guanxi.contact_centre.policy.calls import Ended, Next, Plan
from guanxi.contact_centre.states import Disposition, Outcome

ZONE = ZoneInfo("Asia/Shanghai")
PLAN = Plan(5, (10, 15, 19), 30)


def openings(first, last, *, opens=9, closes=20, shut=()):
    """Return the days on which a place works, from a day to a day, but for some."""
    days = (first + datetime.timedelta(days=number) for number in range((last - first).days + 1))
    return {
        day: tuple(
            datetime.datetime.combine(day, datetime.time.min, ZONE) + datetime.timedelta(hours=hour)
            for hour in (opens, closes)
        )
        for day in days
        if day not in shut
    }


EVERY_DAY = openings(datetime.date(2025, 12, 1), datetime.date(2028, 3, 1))
AT = datetime.datetime(2026, 11, 24, 2, 20, tzinfo=datetime.UTC)  # twenty past ten in Shanghai
ROWS = [
    {"key": "hello", "kind": "NOTICE", "text_zh": "您好", "text_en": "Hello"},
    {"key": "owns", "kind": "YES_NO", "text_zh": "车在吗", "text_en": "Have it?", "mandatory": True},
    {
        "key": "why", "kind": "CHOICE", "text_zh": "原因", "text_en": "Why", "mandatory": True,
        "options": [{"code": "price", "zh": "价格", "en": "Price"}, {"code": "far", "zh": "远", "en": "Far"}],
        "when": {"question": "owns", "answers": ["yes"]},
    },
    {"key": "more", "kind": "TEXT", "text_zh": "具体", "text_en": "More", "when": {"question": "why", "answers": ["price"]}},
    {"key": "mark", "kind": "SCALE", "text_zh": "打分", "text_en": "Mark", "mandatory": True},
]  # fmt: skip
ASKED = scripts.read(ROWS)


def ended(outcome, tries=1, at=AT, **more):
    counts = more.pop("counts", None) or calls.disposition(outcome, answered=1, missing=0)
    return Ended(outcome, counts, tries, at, **more)


def test_a_branch_that_was_not_taken_is_neither_missing_nor_kept():
    assert scripts.settle(ASKED, {"owns": "no", "why": "far", "more": "远", "mark": "7"}) == scripts.Answers(
        {"owns": "no", "mark": "7"}
    )
    assert scripts.settle(ASKED, {"owns": "yes", "more": "远"}).missing == ("why", "mark")
    assert scripts.settle(ASKED, {"owns": "yes", "why": "price", "more": " 贵 ", "mark": 10}).given["more"] == "贵"


def test_what_is_no_answer_is_wrong_and_not_kept():
    found = scripts.settle(ASKED, {"owns": "maybe", "mark": "11", "hello": "x", "stranger": "x"})
    assert (found.given, found.wrong, found.missing) == ({}, ("owns", "mark"), ())
    assert scripts.settle(ASKED, {"owns": "yes", "why": "price", "more": "x" * 1001}).wrong == ("more",)


@given(
    st.dictionaries(
        st.sampled_from([row["key"] for row in ROWS]), st.sampled_from(["yes", "no", "price", "far", "7", "x", ""])
    )
)
def test_only_shown_questions_stand_and_each_is_answered_wrong_or_open(typed):
    found = scripts.settle(ASKED, typed)
    shown = {question.key for question in scripts.shown(ASKED, {key: value for key, value in typed.items() if value})}
    parts = [set(found.given), set(found.wrong), set(found.missing)]
    assert set.union(*parts) <= shown
    assert sum(map(len, parts)) == len(set.union(*parts))
    assert scripts.settle(ASKED, found.given).given.keys() <= found.given.keys()


def test_a_rule_goes_before_the_kind_of_its_task_and_both_before_any():
    held = [
        SimpleNamespace(code="plain", fits=["*"]), SimpleNamespace(code="kind", fits=["care.call"]),
        SimpleNamespace(code="rule", fits=["manager_call", "repair_call"]),
    ]  # fmt: skip

    def chosen(*keys):
        return scripts.choose(held, keys).code

    assert chosen("manager_call", "care.call") == "rule"
    assert chosen("unknown", "repair_call", "care.call") == "rule"
    assert chosen("unknown", "care.call") == "kind"
    assert chosen("worklist.manual") == "plain"
    assert scripts.choose([], ("x",)) is None


@pytest.mark.parametrize(
    ("outcome", "answered", "missing", "counts"),
    [
        ("REACHED", 5, 0, "1.1"), ("REACHED", 0, 0, "1.1"), ("REACHED", 2, 3, "1.2"), ("REACHED", 0, 5, "2.12"),
        ("NO_ANSWER", 0, 0, "2.2"), ("BUSY", 0, 5, "2.2"), ("SWITCHED_OFF", 0, 5, "2.2"), ("CALL_LATER", 0, 5, "2.21"),
        ("WRONG_NUMBER", 0, 5, "4.3"), ("NOT_THE_OWNER", 0, 5, "4.7"), ("REFUSED", 3, 0, "2.11"),
    ],
)  # fmt: skip
def test_what_a_call_counts_as(outcome, answered, missing, counts):
    assert calls.disposition(outcome, answered=answered, missing=missing) == counts


@pytest.mark.parametrize("outcome", Outcome.values)
def test_a_promise_is_kept_however_often_was_tried(outcome):
    later = AT + datetime.timedelta(days=9)
    counts = Disposition.PARTIAL if outcome == "REACHED" else None
    found = calls.follow(ended(outcome, tries=99, promised_at=later, counts=counts), PLAN, ZONE, EVERY_DAY)
    assert found == (Next("REFUSED") if outcome == "REFUSED" else Next(at=later))


def test_what_ends_a_task():
    assert calls.follow(ended("REACHED"), PLAN, ZONE, EVERY_DAY) == Next("REACHED")
    assert calls.follow(ended("REFUSED"), PLAN, ZONE, EVERY_DAY) == Next("REFUSED")
    assert calls.follow(ended("NOT_THE_OWNER"), PLAN, ZONE, EVERY_DAY) == Next("NOT_REACHED")
    assert calls.follow(ended("WRONG_NUMBER"), PLAN, ZONE, EVERY_DAY) == Next("NOT_REACHED")
    assert calls.follow(ended("WRONG_NUMBER", has_other_number=True), PLAN, ZONE, EVERY_DAY) == Next()
    assert calls.follow(ended("NO_ANSWER", tries=5), PLAN, ZONE, EVERY_DAY) == Next("NOT_REACHED")
    assert calls.follow(ended("NO_ANSWER", tries=4), PLAN, ZONE, EVERY_DAY).at is not None


def local(found):
    return found.at.astimezone(ZONE).strftime("%m-%d %H:%M")


def test_the_next_try_comes_at_another_hour_of_another_day_after_busy_soon():
    assert local(calls.follow(ended("NO_ANSWER"), PLAN, ZONE, EVERY_DAY)) == "11-25 15:00"
    evening = AT + datetime.timedelta(hours=9)
    assert local(calls.follow(ended("SWITCHED_OFF", at=evening), PLAN, ZONE, EVERY_DAY)) == "11-25 10:00"
    assert local(calls.follow(ended("BUSY"), PLAN, ZONE, EVERY_DAY)) == "11-24 10:50"
    assert (
        local(calls.follow(ended("BUSY", at=AT + datetime.timedelta(hours=10)), PLAN, ZONE, EVERY_DAY)) == "11-25 10:00"
    )


@pytest.mark.covers("FUP-30")
def test_the_next_try_keeps_weekends_holidays_and_closing_time():
    week = openings(
        AT.date(), datetime.date(2026, 12, 8), closes=18,
        shut={datetime.date(2026, 11, day) for day in (25, 26, 28, 29)},
    )  # fmt: skip

    def found(outcome="NO_ANSWER", at=AT, held=week):
        return local(calls.follow(ended(outcome, at=at), PLAN, ZONE, held))

    assert found() == "11-27 15:00"
    assert found(at=AT + datetime.timedelta(hours=5)) == "11-27 10:00"  # 19:00 lies after closing time
    assert found(at=AT + datetime.timedelta(days=3)) == "11-30 15:00"
    assert found("BUSY", at=AT + datetime.timedelta(hours=7, minutes=20)) == "11-27 10:00"  # closed half an hour later
    assert found("BUSY", at=AT + datetime.timedelta(days=1)) == "11-27 15:00"
    short = openings(AT.date(), datetime.date(2026, 12, 8), opens=12, closes=14)
    assert found(held=short) == "11-25 12:00"
    one_hour = openings(AT.date(), datetime.date(2026, 12, 8), opens=9, closes=11)
    assert found(held=one_hour) == "11-25 10:00"
    assert found(held={}) == "11-25 15:00"


moments = st.datetimes(
    datetime.datetime(2026, 1, 1), datetime.datetime(2027, 12, 30), timezones=st.just(datetime.UTC)  # noqa: DTZ001 -- naive, for hypothesis
)  # fmt: skip
plans = st.builds(
    Plan, st.integers(1, 20), st.lists(st.integers(0, 23), min_size=2, max_size=6, unique=True), st.integers(5, 240)
)


@given(
    moments, plans, st.sampled_from([outcome for outcome in Outcome.values if outcome != "REACHED"]), st.integers(1, 25)
)
def test_a_task_ends_or_waits_and_never_waits_for_the_past(at, plan, outcome, tries):
    held = openings(at.date(), at.date() + datetime.timedelta(days=9), opens=0, closes=24)
    found = calls.follow(ended(outcome, tries=tries, at=at), plan, ZONE, held)
    assert (found.at is None) == bool(found.result)
    if found.at is not None:
        assert tries < plan.most_tries
        assert at < found.at <= at + calls.MOST_AHEAD
    if found.at is not None and outcome != "BUSY":
        here, there = at.astimezone(ZONE), found.at.astimezone(ZONE)
        assert there.date() > here.date()
        assert there.hour in plan.hours
        assert there.hour != here.hour


def test_a_call_begins_when_the_page_says_unless_that_cannot_be():
    early = AT - datetime.timedelta(minutes=7)
    assert calls.began(early, AT) == early
    for wrong in (None, AT + datetime.timedelta(minutes=1), AT - datetime.timedelta(days=1)):
        assert calls.began(wrong, AT) == AT
