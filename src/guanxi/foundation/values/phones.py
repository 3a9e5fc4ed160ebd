"""Telephone numbers of the Chinese mainland (numbering plan of YD/T 1140): mobiles 13-19, landlines with area code.

A cell may hold several numbers, a country code, an extension, words. The steps are regular expressions only, so that
the same steps run in a columnar engine.
"""

import re
from typing import NamedTuple

from guanxi.foundation.values import texts
from guanxi.foundation.values.flaws import Flaw
from guanxi.foundation.values.texts import Cleaned


class Phones(NamedTuple):
    """The numbers of one cell: the first mobile, the first landline, all further ones."""

    mobile: str | None
    landline: str | None
    more: tuple[str, ...]


MOBILE = r"1[3-9]\d{9}"
# 1. The whole cell is one mobile number, written with whatever separators and country code.
WEAK = r"[ ().+_·—–-]"
ONE = rf"(?:(?:00)?86)?({MOBILE})"
# 2. A number of a spreadsheet: a useless fraction; a power of ten, exact or with digits lost.
FRACTION = r"\.0+"
EXPONENT = r"(\d)\.?(\d*)E\+?(\d{1,2})"
# 3. Extensions are marked, words and strong separators become /, and so does a space after a whole number.
EXTENSION = r"(\d) *(?:转|分机号?|EXT\.?|X|#)[:. ]*(\d{1,6})"
STRONG = r"[^0-9 ().+~_·—–*-]+"
WHOLE = rf"({MOBILE}|[ -]\d{{8}}|\d-\d{{7}}|^\d{{8}}) +"
# 4. Each part, its separators written as single hyphens, is one of these.
PART_MOBILE = rf"(?:0{{0,2}}86)?0?({MOBILE})"
PART_SEVERAL = rf"(?:{MOBILE}){{2,5}}"
PART_SERVICE = r"([48]00)(\d{3})(\d{4})"
PART_LANDLINE = r"(?:0{0,2}86-?0?|0)(10|2\d|[3-9]\d\d)-?([1-9]\d{2,3})-?(\d{4})(?:[-~](\d{1,6}))?"
PART_LOCAL = r"([2-8]\d{2,3})-?(\d{4})(?:[-~](\d{1,6}))?"
SHORTEST, LONGEST_PART = 7, 12
LEAST_DIGITS = 5  # fewer digits beside a number are a remark: 手机2

_NO_DIGIT = re.compile(r"[^0-9]")
_WEAK = re.compile(WEAK, re.ASCII)
_ONE = re.compile(ONE, re.ASCII)
_FRACTION = re.compile(rf"{FRACTION}$", re.ASCII)
_EXPONENT = re.compile(EXPONENT, re.ASCII)
_EXTENSION = re.compile(EXTENSION, re.ASCII)
_STRONG = re.compile(STRONG, re.ASCII)
_WHOLE = re.compile(WHOLE, re.ASCII)
_HYPHENS = re.compile(rf"{WEAK}+", re.ASCII)
_MOBILE = re.compile(PART_MOBILE, re.ASCII)
_SEVERAL = re.compile(PART_SEVERAL, re.ASCII)
_SERVICE = re.compile(PART_SERVICE, re.ASCII)
_LANDLINE = re.compile(PART_LANDLINE, re.ASCII)
_LOCAL = re.compile(PART_LOCAL, re.ASCII)


def _expanded(text: str) -> str | None:
    """Write a power of ten in full, or return None where its digits are lost."""
    found = _EXPONENT.fullmatch(text)
    if found is None:
        return _FRACTION.sub("", text)
    return found[1] + found[2] if len(found[2]) == int(found[3]) else None


def _parts(text: str) -> list[str]:
    marked = _STRONG.sub("/", _EXTENSION.sub(r"\1~\2", text))
    parts = (_HYPHENS.sub("-", part).strip("-") for part in _WHOLE.sub(r"\1/", marked).split("/"))
    return [part for part in parts if part]


def _landline(part: str) -> str | None:
    digits = part.replace("-", "")
    service = _SERVICE.fullmatch(digits)
    if service:
        return "-".join(service.groups())
    found = _LANDLINE.fullmatch(part)
    if found:
        number = f"0{found[1]}-{found[2]}{found[3]}"
        return f"{number}-{found[4]}" if found[4] else number
    found = _LOCAL.fullmatch(part)
    if found:
        return f"{found[1]}{found[2]}-{found[3]}" if found[3] else f"{found[1]}{found[2]}"
    return None


def _numbers(part: str) -> tuple[list[str], list[str]]:
    """Return the mobiles and the landlines of one part."""
    digits = part.replace("-", "")
    mobile = _MOBILE.fullmatch(digits)
    if mobile:
        return [mobile[1]], []
    if _SEVERAL.fullmatch(digits):
        return [digits[at : at + 11] for at in range(0, len(digits), 11)], []
    landline = _landline(part)
    return [], [landline] if landline else []


def _flaw(part: str) -> Flaw:
    digits = _NO_DIGIT.sub("", part)
    if "*" in part:
        return Flaw.PHONE_MASKED
    if digits.startswith("1") and len(digits) != len("13800000000"):
        return Flaw.PHONE_LENGTH
    return Flaw.PHONE_FORM if SHORTEST <= len(digits) <= LONGEST_PART else Flaw.PHONE_LENGTH


def _says_something(part: str) -> bool:
    return "*" in part or len(_NO_DIGIT.sub("", part)) >= LEAST_DIGITS


def clean(text: str | None) -> Cleaned[Phones]:
    """Return the numbers of a cell; a part that is no number is said, and the readable ones are kept."""
    written = texts.upper(texts.cell(text))
    if not written.strip("0"):
        return Cleaned(None)
    one = _ONE.fullmatch(_WEAK.sub("", written))
    if one:
        return Cleaned(Phones(one[1], None, ()))
    plain = _expanded(written)
    if plain is None:
        return Cleaned(None, Flaw.DIGITS_LOST)
    parts = _parts(plain)
    read = [_numbers(part) for part in parts]
    mobiles = list(dict.fromkeys(number for found, _ in read for number in found))
    landlines = list(dict.fromkeys(number for _, found in read for number in found))
    bad = [part for part, (some, others) in zip(parts, read, strict=True) if not some and not others]
    if not mobiles and not landlines:
        return Cleaned(None, _flaw(bad[0]) if bad else Flaw.PHONE_FORM)
    phones = Phones(
        mobiles[0] if mobiles else None, landlines[0] if landlines else None, (*mobiles[1:], *landlines[1:])
    )
    return Cleaned(phones, Flaw.PHONE_PART if any(map(_says_something, bad)) else Flaw.NONE)
