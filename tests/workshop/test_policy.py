"""What a bill comes to, and where its figures do not agree."""

from decimal import Decimal

import pytest

from guanxi.workshop.policy import Amounts, disagreements, filled

D = Decimal
LINES = [("LABOUR", D(200)), ("LABOUR", D(100)), ("PART", D(380)), ("OTHER", D(20))]


@pytest.mark.parametrize(
    ("said", "lines", "known"),
    [
        (Amounts(), [], Amounts()),
        (Amounts(), LINES, Amounts(D(300), D(380), D(700))),
        (Amounts(labour=D(250)), LINES, Amounts(D(250), D(380), D(650))),
        (Amounts(total=D(600)), LINES, Amounts(D(300), D(380), D(600))),
        (Amounts(labour=D(300), parts=D(0)), [], Amounts(D(300), D(0), D(300))),
    ],
)
def test_what_is_left_open_comes_from_the_lines(said, lines, known):
    assert filled(said, lines) == known


@pytest.mark.parametrize(
    ("said", "lines", "wrong"),
    [
        (Amounts(D(300), D(380), D(700)), LINES, []),
        (Amounts(D(300), D(380), D(680)), [], []),
        (Amounts(D(300), D(380), D(600)), [], ["total"]),
        (Amounts(D(250), D(380), D(650)), LINES, ["labour"]),
        (Amounts(D(300), D(400), D(700)), LINES, ["total", "parts"]),
        (Amounts(total=D(600)), [], []),
    ],
)
def test_figures_that_do_not_agree_are_named(said, lines, wrong):
    assert disagreements(said, lines) == wrong
