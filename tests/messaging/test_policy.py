"""What a text names, how long it is, when it may go, what stops a channel."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.messaging import policy

TIMES = st.times().map(lambda time: time.replace(second=0, microsecond=0))
MOMENTS = st.integers(0, 10**6).map(
    lambda number: datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(minutes=number)
)
WORDS = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=20)
PIECES = st.lists(st.one_of(WORDS, st.sampled_from(["{customer}", "{plate}"])), max_size=8)


@given(PIECES)
def test_the_parts_make_the_text_again(pieces):
    text = "".join(pieces)
    found = policy.parts(text)
    assert "".join(part.words or f"{{{part.variable}}}" for part in found) == text
    assert [part.variable for part in found if part.variable] == [piece[1:-1] for piece in pieces if piece[:1] == "{"]
    assert policy.is_balanced(text)


@pytest.mark.parametrize("text", ["{", "}", "{customer", "customer}", "{{customer}}", "{Customer}", "{}", "{a b}"])
def test_a_brace_that_stands_alone_is_seen(text):
    assert not policy.is_balanced(text)


def test_unknown_variables_are_named():
    assert policy.unknown("{customer} {nonsense} {plate} {nonsense}", {"customer", "plate"}) == ["{nonsense}"]


@pytest.mark.parametrize(
    ("text", "units", "parts", "is_unicode"),
    [
        ("", 0, 0, False), ("a" * 160, 160, 1, False), ("a" * 161, 161, 2, False), ("a" * 306, 306, 2, False),
        ("a" * 307, 307, 3, False), ("€" * 80, 160, 1, False), ("您" * 70, 70, 1, True), ("您" * 71, 71, 2, True),
        ("您" * 134, 134, 2, True), ("您" * 135, 135, 3, True), ("a" * 70 + "您", 71, 2, True), ("😀" * 35, 70, 1, True),
        ("a" * 152 + "€" + "a" * 152, 306, 3, False),  # a sign of two units is not divided
        ("您" * 66 + "😀" + "您" * 66, 134, 3, True),
    ],
)  # fmt: skip
def test_the_length_of_a_text_message(text, units, parts, is_unicode):
    assert policy.length(text) == policy.Length(is_unicode, units, parts)


@given(st.text(max_size=400))
def test_parts_hold_the_text(text):
    found = policy.length(text)
    one, part = (70, 67) if found.is_unicode else (160, 153)
    assert found.parts == (1 if found.units else 0) if found.units <= one else found.parts * part >= found.units
    assert found.units > one or found.parts <= 1


@given(MOMENTS, TIMES, TIMES)
def test_the_earliest_moment_is_the_first_that_is_not_quiet(at, start, end):
    found = policy.earliest(at, start, end)
    assert found >= at
    assert not policy.is_quiet(found, start, end)
    assert found - at < datetime.timedelta(days=1)
    if found > at:
        assert found.time() == end
        assert policy.is_quiet(found - datetime.timedelta(minutes=1), start, end)
        assert policy.is_quiet(at, start, end)


def test_quiet_hours_cross_midnight():
    start, end = datetime.time(21), datetime.time(8, 30)
    day = datetime.datetime(2026, 6, 10, tzinfo=datetime.UTC)
    assert policy.earliest(day.replace(hour=23), start, end) == day.replace(day=11, hour=8, minute=30)
    assert policy.earliest(day.replace(hour=3), start, end) == day.replace(hour=8, minute=30)
    assert policy.earliest(day.replace(hour=20, minute=59), start, end) == day.replace(hour=20, minute=59)


@pytest.mark.parametrize("words", ["TD", "td", "ＴＤ", " t d。", "退订", "「退订」!", "Stop."])
def test_stop_words_in_any_width_case_and_with_signs(words):
    assert policy.is_stop(words, ["TD", "退订", "STOP"])


@pytest.mark.parametrize("words", ["", "。", "不要退订", "TD-100 多少钱", "STOP BY", "谢谢"])
def test_other_words_do_not_stop(words):
    assert not policy.is_stop(words, ["TD", "退订", "STOP", "。"])
