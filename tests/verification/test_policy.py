"""What is decided on paper: verdicts, truth, intervals, ranks, weeks and months."""

import datetime
import itertools

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests import garage

from guanxi.customers.services import deriving
from guanxi.foundation import clock
from guanxi.verification import policy
from guanxi.verification.policy import Share
from guanxi.verification.states import Found, Said, Source


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(8, 10, 49.0, 94.3), (0, 10, 0.0, 27.8), (10, 10, 72.2, 100.0), (81, 263, 25.5, 36.6)],
)
def test_the_interval_is_that_of_wilson(part, whole, low, high):
    """The last line is the example of Newcombe (1998): 81 of 263, 25.5 to 36.6 per cent."""
    assert (Share(part, whole).low, Share(part, whole).high) == (low, high)


def test_of_nothing_there_is_no_share():
    assert (Share(0, 0).percent, Share(0, 0).low, Share(0, 0).high) == (None, None, None)


@given(st.integers(1, 5000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_share_lies_in_its_interval(pair):
    share = Share(*pair)
    assert 0 <= share.low <= share.percent + 0.05
    assert share.percent - 0.05 <= share.high <= 100


def test_equal_values_share_a_rank_and_unknown_ones_have_none():
    assert policy.ranks([80.0, None, 90.0, 80.0, 10.0]) == [2, None, 1, 2, 4]


def test_weeks_and_months_follow_each_other_without_gaps():
    day = datetime.date(2027, 1, 1)  # a Friday of the last week of 2026
    week, month = policy.week_of(day), policy.month_of(day)
    assert (week.key, week.first, week.last) == ("2026-W53", datetime.date(2026, 12, 28), datetime.date(2027, 1, 3))
    assert (month.key, month.first, month.last) == ("2027-01", day, datetime.date(2027, 1, 31))
    for last in (week, month):
        rows = policy.back_from(last, 14)
        assert len({row.key for row in rows}) == 14
        assert rows[-1] == last
        assert all(before.end == after.first for before, after in itertools.pairwise(rows))


def test_a_record_without_basic_fields_is_never_valid():
    assert policy.verdict([], {"NAME": Found.RIGHT}) == "OPEN"
    assert policy.truth({}, {"NAME": Found.RIGHT}) == "OPEN"


def test_who_broke_off_was_not_asked_the_rest():
    said = policy.rest_not_asked(["A", "B", "C"], {"A": Said("RIGHT"), "B": Said("")})
    assert {code: one.found for code, one in said.items()} == {"A": "RIGHT", "B": "NOT_ASKED", "C": "NOT_ASKED"}


@pytest.mark.covers("INFO-32")
@pytest.mark.parametrize(
    ("source", "value", "is_junk"),
    [
        (Source.MOBILE, "13800138000", False),
        (Source.MOBILE, "13888888888", True),
        (Source.MOBILE, "13812345678", True),
        (Source.MOBILE, "13898765432", True),
        (Source.NAME, "王雪", False),
        (Source.NAME, "测试", True),
        (Source.NAME, "王", True),
        (Source.NAME, "12345", True),
        (Source.VIN, garage.vin(7), False),
        (Source.VIN, garage.vin(7, is_right=False), True),
        (Source.VIN, "11111111111111111", True),  # its check digit is right
        (Source.VIN, "LYT8A6E50RAO00007", True),
        (Source.VIN, "LYT8A6E5", True),
        (Source.VIN, "WVWZZZ1KZ8W386752", False),  # made in Germany: there the ninth sign is no check digit
        (Source.PLATE, "11111111", False),
        (Source.VIN, "", False),
    ],
)
def test_what_is_obviously_no_value_is_junk(source, value, is_junk):
    assert policy.is_junk(source, value) == is_junk


def test_numbers_and_names_are_junk_by_the_rule_of_customers(cast):
    """The quality of customers says it in SQL; both say the same."""
    numbers = ["13800138000", "13888888888", "13801234567", "02134567890", "13877777770", "13666666123", "13765432198"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customers_is_junk(n) FROM unnest(%s::text[]) WITH ORDINALITY u (n, i) ORDER BY i", [numbers]
        )
        said = [row[0] for row in cursor.fetchall()]
    assert said == [policy.is_junk(Source.MOBILE, number) for number in numbers]
    assert True in said
    assert False in said
    for name in ("测试", "王", "王雪", "12", "女士", "test"):
        row = garage.customer(name, "13800138001", cast.outlet_id)
        deriving.grade([row.pk], clock.now())
        row.refresh_from_db()
        assert ("JUNK_NAME" in row.quality.doubts) == policy.is_junk(Source.NAME, name), name
