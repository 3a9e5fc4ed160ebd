"""Cells as text: folded to plain characters (Unicode NFKC as far as one character becomes one), trimmed, emptied."""

import re
import unicodedata
from typing import Generic, NamedTuple, TypeVar

from guanxi.foundation.values.flaws import Flaw

T = TypeVar("T")


class Cleaned(NamedTuple, Generic[T]):
    """A value in its one form, or None, and what is to be said about it."""

    value: T | None
    flaw: Flaw = Flaw.NONE


NOTHING: Cleaned[str] = Cleaned(None)

# Characters without a width and controls; variation selectors; byte order marks.
INVISIBLE = (
    "\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
)
SPACES = "\u0009-\u000d\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Dots that stand between the parts of a name or a plate.
DOTS = "\u2022\u2027\u2219\u22c5\u25cf\u30fb"


def _narrow(first: int, last: int) -> dict[str, str]:
    """Return what NFKC makes of a range, as far as one character becomes one other character."""
    pairs = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(first, last + 1)}
    return {wide: plain for wide, plain in pairs.items() if wide != plain and len(plain) == 1}


WIDE = _narrow(0xFF01, 0xFF5E) | _narrow(0xFFE0, 0xFFE6) | {"\uff65": "\u30fb"}
# Radicals and compatibility ideographs, which copies from PDF put in place of the ordinary characters.
RADICALS = _narrow(0x2E80, 0x2FD5) | _narrow(0xF900, 0xFAD9)
# In running text the punctuation stays as it was written; digits and letters become plain.
WIDE_WORDS = {wide: plain for wide, plain in WIDE.items() if plain.isascii() and plain.isalnum()}

_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_SPACE = re.compile(f"[{SPACES}]")
_FOLD = str.maketrans(WIDE | RADICALS)
_FOLD_WORDS = str.maketrans(WIDE_WORDS | RADICALS)
LONGEST = 2000

# Signs before a value by which people keep Excel from reading it.
SIGNS_BEFORE = "='\"` "

# What people and programs write into a cell that has nothing to say.
EMPTY = frozenset({
    "", "-", "--", "---", "----", "—", "——", "–", "_", "/", "//", "\\", ".", "..", "*", "?", "??", "#", "无", "没有",
    "暂无", "未知", "不详", "空", "缺", "未填", "待补", "待定", "n/a", "na", "null", "none", "nil", "nan", "undefined",
    "(null)", "<null>", "[null]", "#n/a", "#value!", "#ref!", "#name?", "#div/0!", "#null!", "#num!", "(空)", "(无)",
})  # fmt: skip
# The same for running text, in which a hyphen or 无 may be an answer.
EMPTY_WORDS = frozenset({"", "n/a", "null", "none", "nan", "undefined", "(null)", "<null>", "[null]", "#n/a",
                         "#value!", "#ref!", "#name?", "#div/0!", "#null!", "#num!"})  # fmt: skip
# A replacement character, and what becomes of one that is written as UTF-8 and read as GBK.
DAMAGED = ("\ufffd", "锟斤拷", "烫烫烫")


def fold(text: str) -> str:
    """Return the text in plain characters: no full width, no invisible characters, every space an ordinary one."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", text)).translate(_FOLD)


def upper(text: str) -> str:
    """Return the text in capital letters, character by character: its length stays."""
    if text.isascii():
        return text.upper()
    capitals = (sign.upper() if sign != "ß" else "ẞ" for sign in text)
    return "".join(capital if len(capital) == 1 else sign for sign, capital in zip(text, capitals, strict=True))


def _unwrapped(text: str) -> str:
    """Return what stands in ``="…"``, by which programs keep Excel from making a number of it."""
    return text[2:-1] if len(text) > 2 and text.startswith('="') and text.endswith('"') else text  # noqa: PLR2004 -- the two signs


def cell(text: str | None) -> str:
    """Return a cell's text folded and trimmed, freed of what keeps Excel from reading a number; empty for nothing."""
    if text is None:
        return ""
    plain = fold(text).strip(" ")
    plain = _unwrapped(plain).lstrip(SIGNS_BEFORE).rstrip(" ")
    return "" if plain.lower() in EMPTY else plain


def is_damaged(text: str) -> bool:
    """Tell whether characters were lost on the way here."""
    return any(sign in text for sign in DAMAGED)


def clean(text: str | None) -> Cleaned[str]:
    """Return running text: trimmed, digits and letters plain, lines and punctuation as they were written."""
    if text is None:
        return NOTHING
    plain = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    plain = re.sub(f"[{SPACES}]", lambda found: found[0] if found[0] == "\n" else " ", plain).translate(_FOLD_WORDS)
    plain = _unwrapped(plain.strip(" \n")).strip(" \n")
    if plain.lower() in EMPTY_WORDS:
        return NOTHING
    if len(plain) > LONGEST:
        return Cleaned(plain[:LONGEST], Flaw.TEXT_LONG)
    return Cleaned(plain, Flaw.TEXT_DAMAGED if is_damaged(plain) else Flaw.NONE)
