"""Vehicle identification numbers: ISO 3779 and GB 16735 (17 characters, no I, O, Q, check digit in position 9)."""

import re

from guanxi.foundation.values import texts
from guanxi.foundation.values.flaws import Flaw
from guanxi.foundation.values.texts import Cleaned

LENGTH = 17
CHECK_AT = 8
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VALUES = {str(digit): digit for digit in range(10)} | dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), 1, 2, 3, 4, 5, 7, 9, *range(2, 10)), strict=True)
)
MODULUS = 11
DROPPED = r"[ *._·#-]"
_DROPPED = re.compile(DROPPED, re.ASCII)
_WELL_FORMED = re.compile("[A-HJ-NPR-Z0-9]{17}", re.ASCII)


def well_formed(vin: str) -> bool:
    """Tell whether it has the length and the characters of a VIN, in capital letters."""
    return _WELL_FORMED.fullmatch(vin) is not None


def check_digit(vin: str) -> str:
    """Return the check digit that a well-formed VIN should carry in position 9."""
    rest = sum(VALUES[sign] * weight for sign, weight in zip(vin, WEIGHTS, strict=True)) % MODULUS
    return "X" if rest == MODULUS - 1 else str(rest)


def clean(text: str | None) -> Cleaned[str]:
    """Return a VIN in capital letters without separators; a wrong check digit is said and the VIN kept.

    Makers outside North America and China do not have to use the check digit, so it never blocks.
    """
    vin = _DROPPED.sub("", texts.upper(texts.cell(text)))
    if not vin:
        return texts.NOTHING
    if len(vin) != LENGTH:
        return Cleaned(None, Flaw.VIN_LENGTH)
    if re.search("[IOQ]", vin):
        return Cleaned(None, Flaw.VIN_LETTER)
    if not well_formed(vin):
        return Cleaned(None, Flaw.VIN_CHARACTER)
    return Cleaned(vin, Flaw.NONE if vin[CHECK_AT] == check_digit(vin) else Flaw.VIN_CHECK)
