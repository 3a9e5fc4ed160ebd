"""Words by which a text is found, and moves."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.knowledge import policy
from guanxi.knowledge.states import MOVES, STAGE_MOVES, Stage, State

DAY = datetime.date(2026, 6, 3)


def test_chinese_is_found_by_two_characters_and_codes_as_they_are():
    assert policy.words("离合器 P0810") == ["离", "合", "器", "离合", "合器", "p0810"]
    assert policy.asked("离合器 Ｐ０８１０") == ["离合", "合器", "p0810"]
    assert policy.asked("水") == ["水"]


def test_words_of_every_question_say_nothing():
    assert policy.asked("怎么 the") == []
    assert policy.asked("what is a clutch") == ["clutch"]


@given(st.text(max_size=60))
def test_what_is_asked_is_found_in_itself(text):
    assert set(policy.asked(text)) <= set(policy.words(text))


@pytest.mark.parametrize(("count", "needed"), [(1, 1), (2, 1), (3, 2), (7, 4)])
def test_half_of_the_words_are_enough(count, needed):
    assert policy.enough(count) == needed


def test_a_list_is_read_with_any_comma():
    assert policy.listed(" 轻卡， 重卡,轻卡\n、皮卡;", 4) == ["轻卡", "重卡", "皮卡"]
    with pytest.raises(ValueError, match="12345"):
        policy.listed("12345", 4)


@pytest.mark.parametrize(("until", "holds"), [(None, True), (DAY, False), (DAY + datetime.timedelta(days=1), True)])
def test_the_day_until_which_it_holds_is_outside(until, holds):
    assert policy.is_in_force(DAY, until, DAY) is holds
    assert policy.is_in_force(DAY + datetime.timedelta(days=1), None, DAY) is False


def test_nothing_comes_back_from_the_end():
    assert not any(policy.may_become(Stage.RETIRED, stage) for stage in Stage)
    assert not any(policy.may_move(state, after) for state in (State.SOLVED, State.WITHDRAWN) for after in State)
    assert {move for moves in (MOVES, STAGE_MOVES) for move in moves} == {*State, *Stage}
