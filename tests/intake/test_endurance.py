"""No text takes long to be understood or given up, however it was made."""

import contextlib
import re
import signal

import pytest

from guanxi.foundation import divisions
from guanxi.foundation.values import dates, distances, identity, money, names, numerals, phones, plates, texts, vins
from guanxi.intake.policy import dialects, headings

LONG = 200_000
TEXTS = {
    "digits": "1" * LONG + "x", "short digits": "1" * 58 + "x", "spaces": "1" + " " * LONG + "x", "short spaces": "1" + " " * 57 + "x",
    "brackets": "(" * LONG, "commas": "1," * LONG, "points": "1." * LONG, "numerals": "一" * LONG, "units": "万" * 58, "money": "1元" * 29, "jiao": "1角" * 29,
    "phones": "13812345678 " * (LONG // 12), "almost phones": "1381234567 " * (LONG // 12), "extensions": "1 转" * LONG, "hyphens": "1-" * LONG,
    "han": "王 " * LONG, "company": "公(" * LONG, "formula": '="' * LONG, "quotes": "'" * LONG, "slashes": "1/" * LONG, "times": "1:" * LONG, "wide": "１" * LONG,
    "invisible": "\u200b" * LONG, "radicals": "⼀" * LONG, "letters": "JAN" * LONG, "dots": "•" * LONG, "marks": "字第" * LONG,
}  # fmt: skip
RULES = [
    module.clean for module in (dates, distances, identity, money, names, numerals, phones, plates, texts, vins)
] + [
    headings.normal,
    lambda text: divisions.resolve(text, text, text),
    lambda text: headings.header_row([[text, "x"]] * 40, frozenset()),
]


HOPELESS = 60  # seconds; what grows with the square of a text's length needs many times as long


@contextlib.contextmanager
def ends():
    """Break off what would not come to an end in any sensible time; how fast it is says ``bench/endurance.py``."""

    def give_up(_number, _frame):
        pytest.fail(f"still busy after {HOPELESS} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(HOPELESS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", TEXTS)
def test_every_rule_ends(name):
    with ends():
        for rule in RULES:
            rule(TEXTS[name])


LINES = {
    "quotes": ['"' * 300_000], "openers": ['"a,' * 100_000], "no delimiter": ['"' + 'a"a' * 100_000], "spaces behind quotes": ['"a" ' * 100_000],
    "odd lines": ['"a,b'] * 5000, "even lines": ['"a"b,"c'] * 5000, "doubled": ['""a,'] * 5000, "one by one": ['"'] * 5000,
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_every_text_is_parted(name):
    with ends():
        assert list(dialects.records(LINES[name], ","))


def test_what_does_not_end_is_broken_off(monkeypatch):
    monkeypatch.setattr(signal, "alarm", lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds / 600))
    with pytest.raises(pytest.fail.Exception, match="still busy"), ends():
        re.fullmatch(r"(a+)+b", "a" * 64)
