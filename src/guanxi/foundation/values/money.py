"""Amounts of money in yuan, as people write them: ¥128,000.00, 12.8万, 356000元, 肆佰叁拾萬圆整, (1,200.00)."""

import re
from decimal import ROUND_HALF_UP, Decimal

from guanxi.foundation.values import numerals, texts
from guanxi.foundation.values.flaws import Flaw
from guanxi.foundation.values.texts import Cleaned

FOREIGN = (
    "美元|美金|USD|US\\$|\\$|港元|港币|港幣|HKD|HK\\$|欧元|EUR|€|日元|日币|日圆|JPY|英镑|GBP|£|韩元|韩币|KRW|卢布|RUB|泰铢|THB|"
    "台币|新台币|TWD|NT\\$|澳元|澳币|AUD|加元|加币|CAD|新加坡元|SGD|瑞士法郎|CHF|法郎|卢比|越南盾|澳门元|澳门币|MOP"
)
ABOUT = (
    "大约|大概|约为|约|接近|将近|近|左右|上下|以上|以下|以内|不到|不足|少于|小于|低于|多于|大于|高于|超过|至少|最少|至多|最多|"
    r"起|\(含\)|含|≈|~$|^~|≥|≤|>|<|余$"
)
YUAN = "人民币|RMB|CNY|¥"
_AFTER = "0-9元万亿千百十K一二三四五六七八九两"
RANGE = f"几|多|数[十百千万亿]|(?<=[{_AFTER}])(?:-+|~|～|—+|至|到)(?=[0-9一二三四五六七八九十两])"
_FOREIGN = re.compile(FOREIGN, re.ASCII)
_ABOUT = re.compile(ABOUT, re.ASCII)
_YUAN = re.compile(YUAN, re.ASCII)
_RANGE = re.compile(RANGE, re.ASCII)
_NEGATIVE = re.compile(r"\((.+)\)|-(.+)|(.+)-", re.ASCII)
_UNIT = re.compile("([元圆圓块角毛分])")
_ENDING = re.compile("钱?[整正]?$")
# What a unit is worth, the larger ones first; a number without one is yuan.
WORTH = dict.fromkeys("元圆圓块", Decimal(1)) | dict.fromkeys("角毛", Decimal("0.1")) | {"分": Decimal("0.01")}
_EXPONENT = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.ASCII)
CENT = Decimal("0.01")
LONGEST = 60
MOST = Decimal(10) ** 16


def _amount(text: str) -> Decimal | None:
    """Read yuan, jiao and fen, each at most once and in this order."""
    parts = _UNIT.split(_ENDING.sub("", text))
    if not parts[-1]:
        parts.pop()
    elif len(parts) == 1:
        parts.append("元")
    total, last = Decimal(0), Decimal(10)
    for written, unit in zip(parts[::2], parts[1::2], strict=False):
        number = numerals.parse(written.removeprefix("钱"))
        if number is None or WORTH[unit] >= last:
            return None
        total, last = total + number * WORTH[unit], WORTH[unit]
    return total if len(parts) % 2 == 0 and parts else None


def _signed(text: str) -> tuple[str, int]:
    """Take a minus or the brackets of an accountant off."""
    found = _NEGATIVE.fullmatch(text)
    return (next(part for part in found.groups() if part), -1) if found else (text, 1)


def _read(text: str) -> Cleaned[Decimal]:
    if _EXPONENT.fullmatch(text):
        return Cleaned(None, Flaw.DIGITS_LOST)
    exact = _ABOUT.sub("", text)
    if _RANGE.search(exact):
        return Cleaned(None, Flaw.MONEY_RANGE)
    unsigned, sign = _signed(exact)
    amount = _amount(unsigned)
    if amount is None and re.search("[一二三四五六七八九]{2}[十百千万亿]", unsigned):
        return Cleaned(None, Flaw.MONEY_RANGE)
    if amount is None or amount >= MOST:
        return Cleaned(None, Flaw.MONEY_FORM)
    value = (amount * sign).quantize(CENT, ROUND_HALF_UP)
    return Cleaned(value, Flaw.NONE if exact == text else Flaw.MONEY_ABOUT)


def clean(text: str | None) -> Cleaned[Decimal]:
    """Return yuan and fen; an approximate amount is kept and said, a range and a foreign currency are only said."""
    written = texts.upper(texts.cell(text)).replace(" ", "")
    if not written:
        return Cleaned(None)
    if len(written) > LONGEST:
        return Cleaned(None, Flaw.MONEY_FORM)
    if _FOREIGN.search(written):
        return Cleaned(None, Flaw.MONEY_FOREIGN)
    without = _YUAN.sub("", written)
    return _read(without) if without else Cleaned(None, Flaw.MONEY_FORM)
