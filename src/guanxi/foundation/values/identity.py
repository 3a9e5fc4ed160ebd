"""Numbers of identity documents: GB 11643 (resident identity) and GB 32100 (unified social credit code)."""

import datetime
import re

from guanxi.foundation.values import texts
from guanxi.foundation.values.flaws import Flaw
from guanxi.foundation.values.texts import Cleaned

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
MODULUS = 11
OLD, LENGTH = 15, 18
DROPPED = r"[ ._-]"
RESIDENT = r"\d{17}[\dX]|\d{15}"
# GB/T 2260 as a structure, so that codes of past divisions stay good: province; then 01-20 and 51-70 cities, 21-50
# prefectures, 90 under the province itself (cities under the centre: 01 districts, 02 and 03 counties).
AREA = (
    r"(?:(?:11|12|31|50)0[1-3]|(?:71|81|82|83)\d\d"
    r"|(?:1[3-5]|2[1-3]|3[2-7]|4[1-6]|5[1-4]|6[1-5])(?:0[1-9]|[1-6]\d|70|90))"
)
CREDIT = "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
# Passports, permits of Hong Kong, Macao and Taiwan residents, officers' certificates.
OTHER = r"(?:[A-Z]{1,2}\d{7,10}|[A-Z]\d{6}\(?[0-9A]\)?|.{1,3}字第?\d{4,8}号?)"
EARLIEST = 1850
_DROPPED = re.compile(DROPPED, re.ASCII)
_RESIDENT = re.compile(RESIDENT, re.ASCII)
_AREA = re.compile(AREA, re.ASCII)
_CREDIT = re.compile(CREDIT, re.ASCII)
_OTHER = re.compile(OTHER, re.ASCII)
_EXPONENT = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.ASCII)


def check_digit(number: str) -> str:
    """Return the check digit that the first 17 digits of a resident identity number call for (MOD 11-2)."""
    return CHECK[sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False)) % MODULUS]


def credit_check(code: str) -> str:
    """Return the check character that the first 17 characters of a social credit code call for (MOD 31)."""
    signs = len(CREDIT_SIGNS)
    total = sum(CREDIT_SIGNS.index(sign) * weight for sign, weight in zip(code[:17], CREDIT_WEIGHTS, strict=True))
    return CREDIT_SIGNS[-total % signs]


def _resident(number: str) -> Cleaned[str]:
    """Judge a resident identity number; one of 15 digits is written in 18."""
    if len(number) == OLD:
        number = f"{number[:6]}19{number[6:]}"
        number += check_digit(number)
    if not _AREA.match(number):
        return Cleaned(None, Flaw.ID_AREA)
    try:
        birth = datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return Cleaned(None, Flaw.ID_BIRTH)
    if birth.year < EARLIEST:
        return Cleaned(None, Flaw.ID_BIRTH)
    if number[17] != check_digit(number):
        lost = number.endswith("000")
        return Cleaned(None, Flaw.DIGITS_LOST if lost else Flaw.ID_CHECK)
    return Cleaned(number)


def clean(text: str | None) -> Cleaned[str]:
    """Return a resident identity number in 18 characters, or a credit code; another document's number is kept and said.

    A number of 18 digits that ends in 000 and does not check was most likely rounded by a spreadsheet.
    """
    number = _DROPPED.sub("", texts.upper(texts.cell(text)))
    if not number:
        return texts.NOTHING
    if _RESIDENT.fullmatch(number):
        return _resident(number)
    if _CREDIT.fullmatch(number):
        return Cleaned(number) if number[17] == credit_check(number) else Cleaned(None, Flaw.ID_CHECK)
    if _EXPONENT.fullmatch(texts.upper(texts.cell(text))):
        return Cleaned(None, Flaw.DIGITS_LOST)
    if _OTHER.fullmatch(number):
        return Cleaned(number, Flaw.ID_OTHER)
    return Cleaned(None, Flaw.ID_FORM)
