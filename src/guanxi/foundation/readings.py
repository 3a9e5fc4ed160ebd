"""The pinyin of Chinese names, without tones: how people type what they cannot write (INFO-05).

Each character has its commonest reading; in the first place of a name it is read as a surname.
"""

import unicodedata
from functools import cache

from pypinyin.pinyin_dict import pinyin_dict

_SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "盖": "ge", "任": "ren",
    "朴": "piao", "翟": "zhai", "尉": "wei", "缪": "miao", "乐": "yue", "召": "shao", "员": "yun", "秘": "bi",
    "冼": "xian", "黑": "he", "重": "chong", "折": "she", "种": "chong", "繁": "po", "那": "na", "宁": "ning",
    "哈": "ha", "车": "che", "洗": "xian", "覃": "qin", "燕": "yan", "纪": "ji", "华": "hua", "祭": "zhai",
    "教": "jiao", "万": "wan", "江": "jiang", "石": "shi", "尹": "yin", "葛": "ge", "隗": "wei", "应": "ying",
}  # fmt: skip
_GIVEN = {"长": "chang", "行": "xing", "乐": "le", "重": "chong", "朝": "chao", "茜": "qian", "婷": "ting", "俊": "jun"}
_COMPOUND = {
    "尉迟": ["yu", "chi"], "单于": ["chan", "yu"], "万俟": ["mo", "qi"], "澹台": ["tan", "tai"],
    "长孙": ["zhang", "sun"], "令狐": ["ling", "hu"],
}  # fmt: skip
_UMLAUT = str.maketrans("üǖǘǚǜ", "vvvvv")


def _plain(readings: str) -> str:
    """Return the first of several readings without its tone; ü becomes v, as it is typed."""
    first = readings.split(",", maxsplit=1)[0].translate(_UMLAUT)
    return "".join(mark for mark in unicodedata.normalize("NFD", first) if mark.isascii())


@cache
def syllables() -> dict[str, str]:
    """Return the syllable of every character that has one."""
    return {chr(code): _plain(readings) for code, readings in pinyin_dict.items()} | _GIVEN


def surnames() -> dict[str, str]:
    """Return the characters that are read otherwise at the beginning of a name."""
    return _SURNAMES


def compounds() -> dict[str, list[str]]:
    """Return the surnames of two characters that are read otherwise than their characters."""
    return _COMPOUND


def spell(name: str) -> tuple[str, str]:
    """Return the reading of a name and its initials, in small letters: 曾小明 gives zengxiaoming and zxm.

    Latin letters and digits stand for themselves; everything else falls away.
    """
    known = syllables()
    words = []
    rest = name.strip()
    if rest[:2] in _COMPOUND and len(rest) > 2:  # noqa: PLR2004 -- two characters of surname and a given name
        words += _COMPOUND[rest[:2]]
        rest = rest[2:]
    elif rest[:1] in _SURNAMES:
        words.append(_SURNAMES[rest[0]])
        rest = rest[1:]
    words += [known.get(mark) or (mark.lower() if mark.isascii() and mark.isalnum() else "") for mark in rest]
    return "".join(words), "".join(word[:1] for word in words)
