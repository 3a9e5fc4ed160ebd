"""The palette's recognition and the other decisions from plain values."""

import pytest

from guanxi.workbench import policy


@pytest.mark.parametrize(
    ("text", "initials"),
    [("网点", "wd"), ("系统状态", "xtzt"), ("审计记录", "sjjl"), ("A 区", "aq"), ("龘", ""), ("😀", ""), ("", "")],
)
def test_pinyin_initials(text, initials):
    assert policy.pinyin_initials(text) == initials


@pytest.mark.parametrize("wanted", ["网", "WD", "wd", "out", "", " wd "])
def test_a_page_is_found_in_both_languages_and_by_pinyin(wanted):
    assert policy.matches(wanted, ("网点", "Outlets"))


def test_another_page_is_not_found():
    assert not policy.matches("xt", ("网点", "Outlets"))


@pytest.mark.parametrize(
    ("name", "short"), [("陈思敏", "思敏"), ("李", "李"), ("Anna Weber", "AW"), ("hq", "H"), ("", "?")]
)
def test_short_names(name, short):
    assert policy.short_name(name) == short


def test_a_kept_query_loses_what_changes_from_visit_to_visit():
    assert policy.kept_query("?q=a&page=3&export=xlsx&view=9&sort=-name&brand=") == "q=a&sort=-name"


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, "morning"), (10, "morning"), (11, "noon"), (13, "afternoon"), (18, "evening"), (23, "evening")],
)
def test_parts_of_the_day(hour, part):
    assert policy.part_of_day(hour) == part


def test_a_query_of_many_conditions_is_kept_as_it_is():
    query = "&".join(f"c{number}=1" for number in range(60))
    assert policy.kept_query(query) == query


@pytest.mark.parametrize(
    ("table", "is_one"),
    [
        ("network.outlets", True), ("access.people", True), ("outlets", False), ("a.b\n", False), ("", False),
        (".", False), ("a." + "b" * 59, False),
    ],
)  # fmt: skip
def test_the_name_of_a_list(table, is_one):
    assert policy.is_list(table) is is_one
