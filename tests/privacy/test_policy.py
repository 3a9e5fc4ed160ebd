"""Which line of the ledger counts for an outlet."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.privacy.policy import Line, deciding

OUTLET, GROUP, BRAND = 7, 1, 2
START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def line(recipient, standing, day):
    return Line(recipient, standing, START + datetime.timedelta(days=day), day, None)


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize(
    ("lines", "standing"),
    [
        ([], None),
        ([(OUTLET, "GIVEN", 1)], "GIVEN"),
        ([(GROUP, "GIVEN", 1)], "GIVEN"),
        ([(OUTLET, "GIVEN", 1), (OUTLET, "WITHDRAWN", 2)], "WITHDRAWN"),
        ([(OUTLET, "WITHDRAWN", 1), (OUTLET, "GIVEN", 2)], "GIVEN"),
        ([(OUTLET, "GIVEN", 1), (GROUP, "REFUSED", 2)], "REFUSED"),  # a refusal of the group counts for all
        ([(OUTLET, "GIVEN", 1), (GROUP, "WITHDRAWN", 2)], "WITHDRAWN"),
        ([(GROUP, "REFUSED", 1), (OUTLET, "GIVEN", 2)], "GIVEN"),  # the outlet's own newer line wins
        ([(GROUP, "GIVEN", 1), (OUTLET, "REFUSED", 2)], "REFUSED"),
        ([(OUTLET, "REFUSED", 1), (GROUP, "GIVEN", 2)], "REFUSED"),  # lifted by the outlet's own line alone
        ([(BRAND, "REFUSED", 1), (GROUP, "GIVEN", 2)], "REFUSED"),
        ([(GROUP, "REFUSED", 1), (GROUP, "GIVEN", 2)], "GIVEN"),
    ],
)
def test_refusals_count_for_all_and_the_outlets_own_newer_line_wins(lines, standing):
    found = deciding([line(*item) for item in lines], OUTLET)
    assert (found.standing if found else None) == standing


def test_of_two_lines_of_one_moment_the_later_written_counts():
    old, new = Line(OUTLET, "WITHDRAWN", START, 1, "old"), Line(OUTLET, "GIVEN", START, 2, "new")
    assert deciding([new, old], OUTLET).source == "new"


STANDINGS = st.sampled_from(["GIVEN", "REFUSED", "WITHDRAWN"])


@given(st.lists(st.tuples(st.sampled_from([OUTLET, GROUP, BRAND]), STANDINGS, st.integers(0, 20)), max_size=8))
def test_nobody_is_contacted_against_the_newest_word_of_all(items):
    lines = [line(*item) for item in items]
    found = deciding(lines, OUTLET)
    assert (found is None) == (not lines)
    if lines:
        last = max(lines, key=lambda item: (item.moment, item.order))
        older = [item for item in lines if item.moment == last.moment and item.standing != last.standing]
        if last.standing != "GIVEN" and not older:
            assert found.standing != "GIVEN"
