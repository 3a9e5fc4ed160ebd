"""Divisions of China (GB/T 2260): provinces, cities and districts by code, found by their full or short names."""

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from guanxi.foundation.values import texts
from guanxi.foundation.values.flaws import Flaw


class Level(IntEnum):
    """The levels, by the length of their codes."""

    PROVINCE = 2
    CITY = 4
    DISTRICT = 6


@dataclass(frozen=True)
class Division:
    """One division. Its code begins with the code of the one above it: 43, 4301, 430104."""

    code: str
    name: str
    parent: str

    @property
    def level(self) -> Level:
        return Level(len(self.code))


# Rows of the standard that are no city but gather the districts or counties of a province.
_GATHERING = re.compile("市辖区|县|.*直辖县级行政区划")
_PEOPLES = (
    "蒙古族?|维吾尔族?|哈萨克族?|柯尔克孜族?|锡伯族?|塔吉克族?|回族|藏族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|"
    "傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|普米族|怒族|"
    "鄂温克族|德昂族|保安族|裕固族|独龙族|鄂伦春族|各族"
)
_PROVINCE_SUFFIX = re.compile("(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|省|市)$")
_SUFFIX = re.compile(f"(?:(?:{_PEOPLES})*(?:自治州|自治县|自治旗)|地区|林区|新区|市|区|县|盟|旗)$")
DIRECT = frozenset({"11", "12", "31", "50"})  # cities under the centre: province and city at once


def short(division: Division) -> str:
    """Return its name without the word for its kind: 湖南, 长沙, 恩施, 岳麓; two characters stay whole (沧县)."""
    suffix = _PROVINCE_SUFFIX if division.level == Level.PROVINCE else _SUFFIX
    bare = suffix.sub("", division.name)
    return bare if len(bare) > 1 else division.name


@cache
def _all() -> dict[str, Division]:
    packed = resources.files("guanxi.foundation").joinpath("divisions.csv.gz").read_bytes()
    rows = csv.reader(gzip.decompress(packed).decode().splitlines()[1:])
    return {code: Division(code, name, parent) for code, name, parent in rows}


@cache
def _by_name() -> dict[tuple[Level, str], list[Division]]:
    found: dict[tuple[Level, str], list[Division]] = defaultdict(list)
    for division in _all().values():
        for name in {division.name, short(division)}:
            found[division.level, name].append(division)
    return found


def get(code: str) -> Division | None:
    """Return the division of a code of two, four or six digits."""
    return _all().get(code)


def of(parent: str) -> list[Division]:
    """Return the divisions directly under a code; the provinces for an empty one."""
    return [division for division in _all().values() if division.parent == parent]


def shown(division: Division) -> str:
    """Return the name to show: 市辖区 and 县 of a city under the centre are shown as that city."""
    return _all()[division.parent].name if gathers(division) and division.parent in DIRECT else division.name


def gathers(division: Division) -> bool:
    """Say whether a row of the standard is no city but gathers districts or counties."""
    return division.level == Level.CITY and _GATHERING.fullmatch(division.name) is not None


def find(name: str, level: Level, within: str = "") -> list[Division]:
    """Return the divisions of a level with this full or short name under a code; full names win over short ones."""
    found = [item for item in _by_name().get((level, name), ()) if item.code.startswith(within)]
    exact = [item for item in found if item.name == name]
    return exact or found


class Place(NamedTuple):
    """What three cells say: a division for each level as far as known, and what is wrong with each."""

    province: Division | None = None
    city: Division | None = None
    district: Division | None = None
    flaws: tuple[Flaw, Flaw, Flaw] = (Flaw.NONE, Flaw.NONE, Flaw.NONE)


def _only(found: Iterable[Division]) -> Division | None:
    listed = list(found)
    return listed[0] if len(listed) == 1 else None


def _split(text: str) -> tuple[Division | None, str]:
    """Read a leading province off: 湖南省长沙市, 湖南长沙."""
    for size in range(min(len(text), 9), 1, -1):
        found = _only(find(text[:size], Level.PROVINCE))
        if found:
            return found, text[size:]
    return None, text


def _direct_city(text: str, province: Division) -> Division | None:
    if province.code in DIRECT and text in {province.name, short(province), "市辖区", "县", "直辖市"}:
        return _all()[f"{province.code}02" if text == "县" and province.code == "50" else f"{province.code}01"]
    return None


def _city(text: str, within: str) -> tuple[Division | None, Division | None]:
    """Return the city of a cell, and the county-level city or district where that is what it names (义乌 -> 金华)."""
    cities = [item for item in find(text, Level.CITY, within) if not gathers(item)]
    if cities:
        return _only(cities), None
    district = _only(find(text, Level.DISTRICT, within))
    if district is None:
        return None, None
    above = _all()[district.parent]
    return (district, None) if gathers(above) and above.parent not in DIRECT else (above, district)


def _flaw(text: str, found: Division | None, level: Level) -> Flaw:
    if found or not text:
        return Flaw.NONE
    elsewhere = find(text, level) or (level == Level.CITY and find(text, Level.DISTRICT))
    return Flaw.DIVISION_MISMATCH if elsewhere else Flaw.DIVISION_UNKNOWN


def _resolve_city(text: str, province: Division | None) -> tuple[Division | None, Division | None]:
    if not text:
        return None, None
    direct = _direct_city(text, province) if province else None
    if direct:
        return direct, None
    found = _city(text, province.code if province else "")
    leading, rest = _split(text)
    return _city(rest, province.code) if found == (None, None) and province and leading == province else found


def _resolve_province(text: str, city: str) -> tuple[Division | None, str]:
    """Return the province, and the city that stands behind it in the same cell."""
    first, rest = _split(text or city)
    behind = bool(first and rest) and _resolve_city(rest, first) != (None, None)
    if not text:
        alone = first is not None and not rest and first.code in DIRECT
        return (first, rest or city) if behind or alone else (None, city)
    if rest and not behind:
        return None, city
    return first, city or rest


def _district(text: str, province: Division | None, city: Division | None) -> Division | None:
    narrow = city.code if city and city.code[:2] not in DIRECT else province.code if province else ""
    return _only(find(text, Level.DISTRICT, narrow)) if text else None


@lru_cache(maxsize=8192)
def resolve(province: str, city: str, district: str) -> Place:
    """Find the divisions that three cells name, each in its full or short form; empty cells are told from the others.

    A city tells its province; a province with a city behind it (湖南省长沙市) tells both.
    """
    texted = [texts.cell(text).replace(" ", "") for text in (province, city, district)]
    first, written = _resolve_province(texted[0], texted[1])
    second, third = _resolve_city(written, first)
    if second and not texted[0]:
        first = _all()[second.code[:2]]
    named = _district(texted[2], first, second)
    if named and second is None and not texted[1]:
        first, second = _all()[named.code[:2]], _all()[named.parent]
    if named and second and named.parent[:2] in DIRECT:
        second = _all()[named.parent]
    flaws = (
        _flaw(texted[0], first, Level.PROVINCE),
        _flaw(texted[1], second, Level.CITY),
        _flaw(texted[2], named, Level.DISTRICT),
    )
    return Place(first, second, named if texted[2] else third, flaws)
