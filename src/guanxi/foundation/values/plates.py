"""Number plates of the Chinese mainland: GA 36 (ordinary, new-energy, police, trailer, coach, border, embassy …)."""

import re

from guanxi.foundation.values import texts
from guanxi.foundation.values.flaws import Flaw
from guanxi.foundation.values.texts import Cleaned

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
SERIAL = "[A-HJ-NP-Z0-9]"  # I and O are not used
NEW_ENERGY = "[A-HJK]"  # D, A, B, C, E: electric; F, G, H, J, K: other
FORMS = (
    f"[{PROVINCES}][A-Z]{SERIAL}{{5}}",  # ordinary
    f"[{PROVINCES}][A-Z]{NEW_ENERGY}{SERIAL}[0-9]{{4}}",  # new energy, small
    f"[{PROVINCES}][A-Z][0-9]{{5}}{NEW_ENERGY}",  # new energy, large
    f"[{PROVINCES}][A-Z]{SERIAL}{{4}}[警学挂超试领]",
    f"[{PROVINCES}][A-Z]{SERIAL}{{4,5}}应急",
    f"粤Z{SERIAL}{{4}}[港澳]",  # Hong Kong and Macao vehicles that enter the mainland
    "使[0-9]{6}",
    "[0-9]{6}使",
    f"WJ[{PROVINCES}]?[0-9]{{4,5}}[0-9A-HJ-NP-Z]?",  # armed police
)
FORM = "(?:" + "|".join(FORMS) + ")"
DROPPED = f"[ ._·{texts.DOTS}-]"
# What stands in place of a plate while the car has none.
NONE_YET = frozenset({"临牌", "临时", "临时牌", "无牌", "未上牌", "新车", "未挂牌", "待上牌", "无车牌", "未领牌"})
_FORM = re.compile(FORM, re.ASCII)
_DROPPED = re.compile(DROPPED, re.ASCII)
_OFFICE = re.compile(f"[{PROVINCES}][A-Z]|WJ|使|[0-9]{{6}}使", re.ASCII)
_UNUSED = re.compile("[IO]", re.ASCII)


def clean(text: str | None) -> Cleaned[str]:
    """Return a plate in capital letters without separators."""
    plate = _DROPPED.sub("", texts.upper(texts.cell(text)))
    if not plate or plate in NONE_YET:
        return texts.NOTHING
    if _FORM.fullmatch(plate):
        return Cleaned(plate)
    if not _OFFICE.match(plate):
        return Cleaned(None, Flaw.PLATE_PROVINCE)
    return Cleaned(None, Flaw.PLATE_LETTER if _UNUSED.search(plate[2:]) else Flaw.PLATE_FORM)
