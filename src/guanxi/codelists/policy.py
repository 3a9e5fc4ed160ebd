"""Decisions about code lists from plain values: validity, extension, levels, and what a preset changes."""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from guanxi.codelists.states import Standing

LOCAL = "X_"
DEEPEST = 9
_CODE = re.compile(r"[A-Z0-9][A-Z0-9_]{0,39}")

Key = tuple[str, str]


@dataclass(frozen=True)
class Place:
    """Where a code stands in a tree; ``id`` and ``parent_id`` are those of the codes."""

    id: int
    parent_id: int | None
    position: int
    code: str


@dataclass(frozen=True)
class LevelCount:
    """How many codes a level holds, and how many it should hold (None: no number is given)."""

    level: int
    count: int
    expected: int | None

    @property
    def is_met(self) -> bool:
        return self.expected is None or self.count == self.expected


@dataclass(frozen=True)
class Wanted:
    """A code as a preset states it."""

    name_zh: str
    name_en: str
    parent: str = ""
    position: int = 0
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stored:
    """A code as it is stored: the preset's own last words, and what people here have decided since."""

    name_zh: str
    name_en: str
    source: str
    parent: str = ""
    position: int = 0
    attributes: Mapping[str, str] = field(default_factory=dict)
    is_retired: bool = False
    is_retired_here: bool = False
    is_renamed_here: bool = False
    is_placed_here: bool = False


@dataclass(frozen=True)
class Step:
    """One thing that applying a preset does: add, rename, change, reinstate or retire a code."""

    kind: str
    key: Key
    before: str = ""
    after: str = ""


def standing(valid_from: datetime.date, valid_to: datetime.date | None, on: datetime.date) -> Standing:
    """Return how a code stands on a day; ``valid_to`` is the first day on which it no longer holds."""
    if on < valid_from:
        return Standing.FUTURE
    return Standing.VALID if valid_to is None or on < valid_to else Standing.RETIRED


def end_of(valid_from: datetime.date, at: datetime.date) -> datetime.date:
    """Return the first day without a code that is retired on ``at``: it holds for one day at least."""
    return max(at, valid_from + datetime.timedelta(days=1))


def is_code(text: str) -> bool:
    """Say whether a text may be a code: capitals, digits and underscores, 40 at most."""
    return _CODE.fullmatch(text) is not None


def local_code(text: str) -> str:
    """Return a code of an outlet's own: its prefix keeps it apart from every central code, now and later."""
    return text if text.startswith(LOCAL) else f"{LOCAL}{text}"


def may_extend(*, is_extensible: bool, kind: str) -> bool:
    """Say whether a list may be extended at a place of this kind: by outlets and branches (CLASS-50)."""
    return is_extensible and kind in {"OUTLET", "BRANCH"}


def level_counts(levels: Iterable[int], expected: Sequence[int] | None) -> list[LevelCount]:
    """Count the codes of each level beside the expected number (FRAME-09)."""
    found = Counter(levels)
    wanted = dict(enumerate(expected or (), start=1))
    deepest = max((*found, *wanted), default=0)
    return [LevelCount(level, found[level], wanted.get(level)) for level in range(1, deepest + 1)]


def deepest_level(expected: Sequence[int] | None) -> int:
    return len(expected) if expected else DEEPEST


def below(places: Iterable[Place], root: int) -> set[int]:
    """Return a code and everything beneath it."""
    children: dict[int | None, list[int]] = {}
    for place in places:
        children.setdefault(place.parent_id, []).append(place.id)
    found, waiting = {root}, [root]
    while waiting:
        new = [child for child in children.get(waiting.pop(), ()) if child not in found]
        found.update(new)
        waiting += new
    return found


def tree_order(places: Iterable[Place]) -> list[int]:
    """Return the ids in the order of reading: each code before those beneath it, by position, then code."""
    rows = list(places)
    known = {row.id for row in rows}
    children: dict[int | None, list[Place]] = {}
    for row in sorted(rows, key=lambda row: (row.position, row.code, row.id)):
        children.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    return list(_walk(children, None))


def _walk(children: Mapping[int | None, Sequence[Place]], parent: int | None) -> Iterator[int]:
    for row in children.get(parent, ()):
        yield row.id
        yield from _walk(children, row.id)


def difference(wanted: Mapping[Key, Wanted], stored: Mapping[Key, Stored], source: str) -> list[Step]:
    """Return what makes the stored codes of ``source`` follow its preset; empty when they do.

    A preset touches only what it brought itself. What people renamed, placed or retired here stays.
    A code that the preset no longer names is retired, never deleted.
    """
    steps: list[Step] = []
    for key, want in wanted.items():
        have = stored.get(key)
        if have is None:
            steps.append(Step("add", key, after=want.name_zh))
        elif have.source == source:
            steps += _follow(key, want, have)
    for key, have in stored.items():
        if have.source == source and key not in wanted and not have.is_retired:
            steps.append(Step("retire", key, before=have.name_zh))
    return steps


def _follow(key: Key, want: Wanted, have: Stored) -> Iterator[Step]:
    if have.is_retired and not have.is_retired_here:
        yield Step("reinstate", key, after=want.name_zh)
    if not have.is_renamed_here and (want.name_zh, want.name_en) != (have.name_zh, have.name_en):
        yield Step("rename", key, have.name_zh, want.name_zh)
    moved = (want.parent, want.position) != (have.parent, have.position)
    if (moved and not have.is_placed_here) or dict(want.attributes) != dict(have.attributes):
        yield Step("change", key, have.name_zh, want.name_zh)
