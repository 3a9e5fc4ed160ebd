"""How the palette recognises a page and how a person is shown in two letters: plain values only."""

import bisect
import re
from urllib.parse import parse_qsl, urlencode

CJK = "\u2e80"
# The first-level characters of GB 2312 are sorted by pinyin: the first character of each initial letter.
_LETTERS = "ABCDEFGHJKLMNOPQRSTWXYZ"
_FIRST = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_STARTS = [int.from_bytes(character.encode("gb2312"), "big") for character in _FIRST]
_END = int.from_bytes("座".encode("gb2312"), "big")
LIST = re.compile(r"^(?=.{3,60}\Z)[a-z_]+\.[a-z_]+\Z")
VOLATILE = frozenset({"page", "export", "view"})


def pinyin_initials(text: str) -> str:
    """Return the pinyin initials of common Chinese characters in small letters: 网点 gives wd.

    Characters outside the first level of GB 2312 fall away, Latin letters stay.
    """
    return "".join(_initial(character) for character in text).lower()


def _initial(character: str) -> str:
    if character.isascii():
        return character if character.isalnum() else ""
    try:
        code = int.from_bytes(character.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ""
    return _LETTERS[bisect.bisect_right(_STARTS, code) - 1] if _STARTS[0] <= code <= _END else ""


def matches(wanted: str, labels: tuple[str, ...]) -> bool:
    """Say whether what was typed names a page: part of a label in any language, or its pinyin initials."""
    wanted = wanted.strip().lower()
    return any(wanted in label.lower() or pinyin_initials(label).startswith(wanted) for label in labels)


def short_name(name: str) -> str:
    """Return what an avatar shows: the last two characters of a Chinese name, else initials."""
    name = name.strip() or "?"
    if name[-1] >= CJK:
        return name[-2:]
    words = name.split()
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def is_list(table: str) -> bool:
    """Say whether this can name a list: the capability, and its list."""
    return LIST.match(table) is not None


def kept_query(query: str) -> str:
    """Return the query string of a list without what changes from visit to visit."""
    pairs = parse_qsl(query.lstrip("?"))
    return urlencode([(key, value) for key, value in pairs if value and key not in VOLATILE])


def part_of_day(hour: int) -> str:
    """Return morning, noon, afternoon or evening, as people greet each other."""
    return next(word for end, word in ((11, "morning"), (13, "noon"), (18, "afternoon"), (24, "evening")) if hour < end)
