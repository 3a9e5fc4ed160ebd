"""What two arms come to: against published numbers, and laws that hold whatever the numbers."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.foundation.values.proportions import Stratum, difference, summed
from guanxi.insight.policy import effects
from guanxi.insight.policy.effects import compare
from guanxi.insight.states import Verdict

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# R. G. Newcombe, Statistics in Medicine 17 (1998), table II, method 10: did/of, did/of, lower, upper
NEWCOMBE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]
# A. Agresti, Categorical Data Analysis (3rd edition, 2013), eight clinics, table 6.9; p. 231: 0.130
CLINICS = [
    (11, 36, 10, 37), (16, 20, 22, 32), (14, 19, 7, 19), (2, 16, 1, 17), (6, 17, 0, 12), (1, 11, 0, 10), (1, 5, 1, 9),
    (4, 6, 6, 7),
]  # fmt: skip
# K. J. Rothman and others, Modern Epidemiology (3rd edition, 2008), table 15-1, tolbutamide; risk difference 0.035
TOLBUTAMIDE = [(8, 106, 5, 120), (22, 98, 16, 85)]


def stratum(did, of, did0, of0):
    return Stratum(of, did, of0, did0)


def found(*strata):
    return difference(summed(stratum(*one) for one in strata))


def sizes(most=60):
    arm = st.integers(0, most).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
    return st.builds(lambda one, other: (*one, *other), arm, arm)


@pytest.mark.parametrize(("did", "of", "did0", "of0", "low", "high"), NEWCOMBE)
def test_the_interval_is_that_of_the_paper(did, of, did0, of0, low, high):
    held = found((did, of, did0, of0))
    assert held.value == pytest.approx(did / of - did0 / of0)
    assert (round(held.low, 4), round(held.high, 4)) == (low, high)


@pytest.mark.parametrize(("strata", "value"), [(CLINICS, 0.130), (TOLBUTAMIDE, 0.035)])
def test_the_weighted_difference_is_that_of_the_textbooks(strata, value):
    held = found(*strata)
    assert round(held.value, 3) == value
    assert held.low < held.value < held.high


def test_like_is_compared_with_like():
    """A busy month has a large control group, a quiet one a small one. In both, two in a hundred more come of the
    contacted; thrown together they seem to come less often than those left out.
    """
    busy, quiet = (52, 100, 200, 400), (88, 800, 9, 100)
    naive = (52 + 88) / 900 - (200 + 9) / 500
    assert naive < -0.2
    held = found(busy, quiet)
    assert 0 < held.value == pytest.approx((0.02 * 80 + 0.02 * 800 / 9) / (80 + 800 / 9))
    assert compare(summed([stratum(*busy), stratum(*quiet)]), left_out=500, fewest=30).verdict == Verdict.UNCLEAR


@SLOW
@given(st.lists(sizes(), min_size=1, max_size=8))
def test_laws_of_the_difference(strata):
    held = found(*strata)
    both = [one for one in strata if one[1] and one[3]]
    if held is None:
        assert not both
        return
    assert held == found(*both)  # a stratum without one of the arms says nothing
    assert -1 <= held.low <= held.value + 1e-12 <= held.high + 2e-12 <= 1 + 1e-9
    turned = found(*((did0, of0, did, of) for did, of, did0, of0 in strata))
    assert (turned.value, turned.low, turned.high) == pytest.approx((-held.value, -held.high, -held.low), abs=1e-9)
    each = [did / of - did0 / of0 for did, of, did0, of0 in both]
    assert min(each) - 1e-9 <= held.value <= max(each) + 1e-9


@SLOW
@given(sizes(), st.integers(2, 5))
def test_more_customers_make_the_interval_narrower(one, times):
    held, larger = found(one), found(tuple(times * number for number in one))
    if held is not None:
        assert larger.value == pytest.approx(held.value)
        assert larger.high - larger.low < held.high - held.low


def test_the_interval_holds_in_95_of_100_also_in_very_small_strata():
    """Two hundred outlets with nine customers each, one in ten left out, who come with quite different shares."""
    chance = random.Random(20260301)
    shares = [chance.uniform(0.05, 0.5) for _outlet in range(200)]
    held = 0
    for _time in range(400):
        strata = []
        for share in shares:
            left = sum(chance.random() < 0.1 for _one in range(9))
            did, did0 = (sum(chance.random() < share for _one in range(of)) for of in (9 - left, left))
            strata.append((did, 9 - left, did0, left))
        interval = found(*strata)
        held += interval.low <= 0 <= interval.high
    assert 0.93 <= held / 400 <= 0.99


def verdict(*strata, left_out=None, fewest=30):
    sums = summed(stratum(*one) for one in strata)
    return compare(sums, left_out=sums.control if left_out is None else left_out, fewest=fewest)


def test_what_is_said():
    assert verdict((300, 1000, 20, 100)).verdict == Verdict.MORE
    assert verdict((200, 1000, 40, 100)).verdict == Verdict.FEWER
    assert verdict((230, 1000, 20, 100)).verdict == Verdict.UNCLEAR
    assert verdict((20, 30, 0, 29)).verdict == Verdict.TOO_FEW
    assert verdict((20, 30, 0, 30)).verdict == Verdict.MORE
    assert verdict((20, 1000, 0, 0)).verdict == Verdict.NO_CONTROL
    assert verdict((20, 1000, 0, 0), left_out=5).verdict == Verdict.OPEN
    assert verdict().verdict == Verdict.NO_CONTROL
    apart = verdict((300, 1000, 0, 0), (0, 0, 20, 100))
    assert (apart.verdict, apart.difference) == (Verdict.TOO_FEW, None)
    assert (apart.contact, apart.control) == (0.3, 0.2)


def test_nothing_is_said_of_a_difference_without_a_control_group():
    held = verdict((20, 1000, 0, 0))
    assert (held.difference, held.extra, held.control) == (None, None, None)
    assert held.contact == 0.02


def test_extra_visits_are_those_of_the_contacted_who_can_be_compared():
    held = verdict((300, 1000, 20, 100), (900, 1000, 0, 0))
    assert held.difference.value == pytest.approx(0.1)
    assert held.extra.value == 100
    assert held.extra.low == round(1000 * held.difference.low) > 0
    assert held.extra.high == round(1000 * held.difference.high)


@given(st.lists(st.integers(1, 40), max_size=30))
def test_the_middle_is_that_of_the_list(numbers):
    counts = {number: numbers.count(number) for number in numbers}
    assert effects.middle(counts) == (sorted(numbers)[(len(numbers) - 1) // 2] if numbers else None)


def test_points_and_how_far_a_drawing_goes():
    assert [effects.points(value) for value in (None, 0.12345, -0.0004)] == [None, 12.3, 0.0]
    assert effects.reach([]) == effects.NARROWEST
    held = verdict((300, 1000, 20, 100))
    assert effects.reach([held]) == held.difference.high
