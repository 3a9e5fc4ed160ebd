"""Decisions about checks and correction orders from plain values."""

import datetime
import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from guanxi.foundation.values import vins
from guanxi.verification.states import MOVES, Found, Said, Source, State, Truth, Verdict

Z = 1.96  # of a two-sided interval of 95 per cent


JUNK_NUMBER = re.compile(r"(\d)\1{6}|0123456|1234567|2345678|3456789|9876543|8765432")
JUNK_NAME = re.compile(r"(测试|test|无名|未知|客户|先生|女士|某某|不详|.|\d+)")
VIN = re.compile(r"[A-HJ-NPR-Z0-9]{13}\d{4}")  # ISO 3779: no I, O and Q, four digits at the end
CHECKED = ("L", "1", "4", "5")  # made in China (GB 16735) or the United States: the check digit is compulsory
SAME_SIGNS = re.compile(r"(.)\1{7}")


def is_junk(source: str, value: str) -> bool:
    """Say whether a value is obviously none (INFO-32): a dummy number or name, as the quality of customers has it, or a
    VIN that cannot be: not 17 signs, one sign eight times in a row, a sequence at the end, or a wrong check digit where
    the digit is compulsory.
    """
    if not value:
        return False
    if source == Source.MOBILE:
        return JUNK_NUMBER.search(value) is not None
    if source == Source.NAME:
        return JUNK_NAME.fullmatch(value) is not None
    if source != Source.VIN:
        return False
    shape = VIN.fullmatch(value) and not SAME_SIGNS.search(value) and not JUNK_NUMBER.search(value[-7:])
    return not shape or (value.startswith(CHECKED) and vins.check_digit(value) != value[8])


@dataclass(frozen=True)
class Flaw:
    """A field that cannot be accepted: ``open``, ``unknown``, ``silent`` (wrong, without words) or ``empty``."""

    field: str
    what: str


def flaws(asked: Collection[str], said: Mapping[str, Said], held: Mapping[str, str]) -> list[Flaw]:
    """Return what a check lacks: each field is right, wrong with words, or not asked. What is empty is never right."""
    found = [Flaw(code, "unknown") for code in said if code not in asked]
    for code in asked:
        one = said.get(code)
        if one is None or one.found not in Found.values:
            found.append(Flaw(code, "open"))
        elif one.found == Found.WRONG and not one.words.strip():
            found.append(Flaw(code, "silent"))
        elif one.found == Found.RIGHT and not held.get(code, ""):
            found.append(Flaw(code, "empty"))
    return found


def rest_not_asked(asked: Collection[str], said: Mapping[str, Said]) -> dict[str, Said]:
    """Return what was said with the fields left open as not asked, for a call that broke off."""
    left = {code: Said(Found.NOT_ASKED) for code in asked if code not in said or not said[code].found}
    return {**said, **left}


def verdict(basics: Collection[str], found: Mapping[str, str]) -> Verdict:
    """Return what a check says of the record (INFO-31): invalid if a basic field is wrong, valid only if each of them
    was asked and right.
    """
    results = [found.get(code, Found.NOT_ASKED) for code in basics]
    if Found.WRONG in results:
        return Verdict.INVALID
    return Verdict.VALID if results and set(results) == {Found.RIGHT} else Verdict.OPEN


def truth(weights: Mapping[str, str], found: Mapping[str, str]) -> Truth:
    """Return what a check says of a warranty repair (FORM-32). ``weights``: what a wrong field makes of it, for the
    fields that say something of its truth. True only if nothing is wrong and all that would make it false was asked.
    """
    wrong = {weight for code, weight in weights.items() if found.get(code) == Found.WRONG}
    for worst in (Truth.FALSE, Truth.DOUBTFUL):
        if worst in wrong:
            return worst
    decisive = [found.get(code) for code, weight in weights.items() if weight == Truth.FALSE]
    return Truth.TRUE if decisive and set(decisive) == {Found.RIGHT} else Truth.OPEN


def may_move(before: str, after: str) -> bool:
    """Say whether an order may go from one state to another."""
    return after in MOVES[before]


def after_verification(*, is_right: bool) -> State:
    """Return where an order goes when the customer was asked again: closed, or back to the outlet."""
    return State.CLOSED if is_right else State.ISSUED


def is_late(state: str, due_at: datetime.datetime, at: datetime.datetime) -> bool:
    """Say whether the outlet owes a correction that is past its deadline."""
    return state == State.ISSUED and due_at < at


def unchanged(before: Mapping[str, bytes], now: Mapping[str, bytes]) -> list[str]:
    """Return the wrong fields that the record still holds as they were."""
    return [code for code, digest in before.items() if now.get(code) == digest]


@dataclass(frozen=True)
class Period:
    """A week from Monday or a month, as people choose it: ``2026-W48``, ``2026-11``; ``end`` is the day after it."""

    key: str
    first: datetime.date
    end: datetime.date

    @property
    def last(self) -> datetime.date:
        return self.end - datetime.timedelta(days=1)


def week_of(day: datetime.date) -> Period:
    """Return the week of a day."""
    first = day - datetime.timedelta(days=day.weekday())
    return Period(f"{day.isocalendar().year}-W{day.isocalendar().week:02d}", first, first + datetime.timedelta(days=7))


def month_of(day: datetime.date) -> Period:
    """Return the month of a day."""
    first = day.replace(day=1)
    return Period(f"{first:%Y-%m}", first, (first + datetime.timedelta(days=32)).replace(day=1))


def before(period: Period) -> Period:
    """Return the week or month before one."""
    return (week_of if "W" in period.key else month_of)(period.first - datetime.timedelta(days=1))


def back_from(period: Period, number: int) -> list[Period]:
    """Return so many periods up to one, the oldest first."""
    found = [period]
    while len(found) < number:
        found.insert(0, before(found[0]))
    return found


@dataclass(frozen=True)
class Share:
    """So many of so many, with the interval in which the share of all lies (Wilson, 95 per cent)."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return round(100 * self.part / self.whole, 1) if self.whole else None

    @property
    def low(self) -> float | None:
        return self._bound(-1)

    @property
    def high(self) -> float | None:
        return self._bound(1)

    def _bound(self, side: int) -> float | None:
        if not self.whole:
            return None
        share, square = self.part / self.whole, Z * Z / self.whole
        middle = share + square / 2
        spread = Z * math.sqrt(share * (1 - share) / self.whole + square / (4 * self.whole))
        return round(min(100.0, max(0.0, 100 * (middle + side * spread) / (1 + square))), 1)


def ranks(values: Iterable[float | None]) -> list[int | None]:
    """Return the rank of each value, the greatest first; equal ones share a rank, what is not known has none."""
    listed = list(values)
    known = sorted((value for value in listed if value is not None), reverse=True)
    return [None if value is None else known.index(value) + 1 for value in listed]
