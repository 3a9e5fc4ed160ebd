"""Mileages in kilometres: 35,000公里, 3.5万公里, 12345KM, 约35663."""

import re
from decimal import ROUND_HALF_UP, Decimal

from guanxi.foundation.values import numerals, texts
from guanxi.foundation.values.flaws import Flaw
from guanxi.foundation.values.texts import Cleaned

UNIT = "公里|千米|KMS?|KILOMET(?:ER|RE)S?|㎞"
ABOUT = "大约|大概|约|近|左右|上下|多|余|≈|^~|~$|[?]$"
_UNIT = re.compile(f"(?:{UNIT})$", re.ASCII)
_ABOUT = re.compile(ABOUT, re.ASCII)
MOST = 5_000_000
LONGEST = 60


def clean(text: str | None) -> Cleaned[int]:
    """Return whole kilometres; an approximate mileage is kept and said."""
    written = texts.upper(texts.cell(text)).replace(" ", "")
    if not written:
        return Cleaned(None)
    if len(written) > LONGEST:
        return Cleaned(None, Flaw.KM_FORM)
    exact = _ABOUT.sub("", written)
    number = numerals.parse(_UNIT.sub("", exact))
    if number is None:
        return Cleaned(None, Flaw.KM_FORM)
    if number > MOST:
        return Cleaned(None, Flaw.KM_RANGE)
    flaw = Flaw.NONE if exact == written else Flaw.KM_ABOUT
    return Cleaned(int(number.quantize(Decimal(1), ROUND_HALF_UP)), flaw)
