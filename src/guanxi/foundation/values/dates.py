"""Days as people and programs write them (ISO 8601, GB/T 7408, Excel's serial numbers, American and Chinese forms)."""

import datetime
import re

from guanxi.foundation.values import texts
from guanxi.foundation.values.flaws import Flaw
from guanxi.foundation.values.texts import Cleaned

# A time of day and a day of the week behind the date, which a day does not need.
TIME = r"(?: *T| *日)? *(?:上午|下午|早上|晚上|中午|凌晨|AM|PM)? *\d{1,2}(?::|时|点)\d{1,2}.*"
WEEKDAY = r" *\(?(?:星期|周|礼拜)[一二三四五六日天]\)?"
YEARS = range(1900, 2101)
CENTURY = 40  # two digits below stand for 20xx
SERIALS = range(10_000, 80_000)  # 1927 … 2119
EPOCH, EPOCH_1904 = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)
# What databases write where there is no day.
PLACEHOLDERS = frozenset({
    (0, 0, 0), (1, 1, 1), (1753, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 0), (1900, 1, 1), (9999, 12, 31),
    (2999, 12, 31),
})  # fmt: skip
MONTHS = {name: number for number, name in enumerate(
    ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), 1
)}  # fmt: skip
DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
MONTHS_IN_A_YEAR = 12
LONGEST = 60

_TIME = re.compile(TIME, re.ASCII)
_WEEKDAY = re.compile(WEEKDAY, re.ASCII)
_BIG_FIRST = re.compile(r"(\d{4}) *[-/.年_, ] *(\d{1,2}) *[-/.月_, ] *(\d{1,2}) *[日号]?", re.ASCII)
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?", re.ASCII)
_SMALL_FIRST = re.compile(r"(\d{1,2}) ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{4})", re.ASCII)
_SHORT_YEAR = re.compile(r"(\d{2})([-.年])(\d{1,2})[-.月](\d{1,2})日?", re.ASCII)
_SHORT_SLASH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{1,2})", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})(?:ST|ND|RD|TH)?[- /.]*([A-Z]{3,9})[-,. /]*(\d{4}|\d{2})", re.ASCII)
_MONTH_DAY = re.compile(r"([A-Z]{3,9})[-. ]*(\d{1,2})(?:ST|ND|RD|TH)?[-, ]+(\d{4})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_NO_DAY = re.compile(r"\d{4}[-/.年](?:0?[1-9]|1[0-2])月?|(?:19|20)\d{2}(?:0[1-9]|1[0-2])|(?:19|20)\d{2}年?", re.ASCII)
_HAN = re.compile(
    r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]", re.ASCII
)


def cut(text: str) -> str:
    """Return the text without time and day of the week: what is left decides the day."""
    return _WEEKDAY.sub("", _TIME.sub("", text)).strip(" ")


def _day(year: int, month: int, day: int) -> Cleaned[datetime.date]:
    if (year, month, day) in PLACEHOLDERS:
        return Cleaned(None, Flaw.DATE_PLACEHOLDER)
    try:
        found = datetime.date(year, month, day)
    except ValueError:
        return Cleaned(None, Flaw.DATE_IMPOSSIBLE)
    return Cleaned(found) if year in YEARS else Cleaned(None, Flaw.DATE_IMPOSSIBLE)


def _long(year: str) -> int:
    number = int(year)
    return number if len(year) > 2 else number + (2000 if number < CENTURY else 1900)  # noqa: PLR2004 -- digits of a short year


def _small_first(first: int, second: int, year: int, *, day_first: bool) -> Cleaned[datetime.date]:
    """Read 1/24/1968: the month first, as Excel does in its American form, unless the column shows otherwise."""
    if day_first:
        return _day(year, second, first)
    if first > MONTHS_IN_A_YEAR >= second:
        return Cleaned(None, Flaw.DATE_ORDER)
    return _day(year, first, second)


def _short_slash(parts: tuple[str, ...], *, day_first: bool) -> Cleaned[datetime.date]:
    """Read 24/1/5 or 1/24/68; where both are possible, say so."""
    first, second, third = parts
    big: Cleaned[datetime.date] = Cleaned(None)
    if len(first) == 2:  # noqa: PLR2004 -- a year has two
        big = _day(_long(first), int(second), int(third))
    small: Cleaned[datetime.date] = Cleaned(None)
    if len(third) == 2:  # noqa: PLR2004 -- a year has two
        small = _small_first(int(first), int(second), _long(third), day_first=day_first)
    if big.value and small.value and big.value != small.value:
        return Cleaned(None, Flaw.DATE_ORDER)
    found = big if big.value else small
    return found if found.value else Cleaned(None, Flaw.DATE_IMPOSSIBLE)


def _named(day: str, month: str, year: str) -> Cleaned[datetime.date]:
    number = MONTHS.get(month[:3], 0)
    return _day(_long(year), number, int(day)) if number else Cleaned(None, Flaw.DATE_FORM)


def _han(text: str) -> int:
    """Read 一 to 三十一."""
    tens, _, ones = text.rpartition("十")
    if "十" not in text:
        return int(text.translate(DIGITS)) if len(text) == 1 else 0
    return (int(tens.translate(DIGITS)) if tens else 1) * 10 + (int(ones.translate(DIGITS)) if ones else 0)


def _numbers(text: str, *, day_first: bool, epoch: datetime.date) -> Cleaned[datetime.date] | None:
    """Read the forms made of digits."""
    found = _BIG_FIRST.fullmatch(text) or _EIGHT.fullmatch(text)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    found = _SMALL_FIRST.fullmatch(text)
    if found:
        return _small_first(int(found[1]), int(found[2]), int(found[3]), day_first=day_first)
    found = _SHORT_YEAR.fullmatch(text)
    if found:
        return _day(_long(found[1]), int(found[3]), int(found[4]))
    found = _SHORT_SLASH.fullmatch(text)
    if found:
        return _short_slash(found.groups(), day_first=day_first)
    found = _SERIAL.fullmatch(text)
    if found and int(found[1]) in SERIALS:
        return Cleaned(epoch + datetime.timedelta(days=int(found[1])))
    return None


def _words(text: str) -> Cleaned[datetime.date]:
    """Read the forms with names of months or Chinese numerals."""
    found = _DAY_MONTH.fullmatch(text)
    if found:
        return _named(found[1], found[2], found[3])
    found = _MONTH_DAY.fullmatch(text)
    if found:
        return _named(found[2], found[1], found[3])
    found = _HAN.fullmatch(text)
    if found:
        return _day(int(found[1].translate(DIGITS)), _han(found[2]), _han(found[3]))
    return Cleaned(None, Flaw.DATE_NO_DAY if _NO_DAY.fullmatch(text) else Flaw.DATE_FORM)


def clean(text: str | None, *, day_first: bool = False, epoch: datetime.date = EPOCH) -> Cleaned[datetime.date]:
    """Return the day of a cell, without its time.

    ``day_first`` reads 24/1/1968; ``epoch`` is day 0 of Excel's serial numbers: a file of the 1904 system has another.
    """
    whole = texts.upper(texts.cell(text))
    if len(whole) > LONGEST:
        return Cleaned(None, Flaw.DATE_FORM)
    written = texts.cell(cut(whole))
    if not written:
        return Cleaned(None)
    found = _numbers(written, day_first=day_first, epoch=epoch)
    return _words(written) if found is None else found


def order(text: str) -> int:
    """Tell what a cell says of the order in its column: 1 day first, -1 month first, 0 nothing."""
    whole = texts.upper(texts.cell(text))
    found = _SMALL_FIRST.fullmatch(cut(whole)) if len(whole) <= LONGEST else None
    if found is None:
        return 0
    first, second = int(found[1]) > MONTHS_IN_A_YEAR, int(found[2]) > MONTHS_IN_A_YEAR
    return int(first) - int(second)
