"""Decisions about knowledge from plain values: the words by which a text is found, what holds, what may follow."""

import datetime
import re
import unicodedata
from collections.abc import Iterable

from guanxi.knowledge.states import MOVES, STAGE_MOVES

RUN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\uf900-\ufaff]+")
FIRST_HAN = "\u3400"
# Words that stand in nearly every question and say nothing about what it is about.
EMPTY = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "has",
    "have", "how", "i", "if", "in", "is", "it", "my", "no", "not", "of", "on", "or", "that", "the",
    "this", "to", "was", "what", "when", "which", "who", "why", "will", "with", "you", "your",
    "怎么", "怎样", "什么", "如何", "为何", "为什", "是否", "可以", "能否", "请问", "一下",
})  # fmt: skip
LONGEST = 400
NEWCOMER_DAYS = 7  # whoever comes later has so long to read what was asked for before


def words(text: str) -> list[str]:
    """Return the words by which a text is found, each once, in order.

    Chinese has no spaces: every two neighbouring characters are a word, and each alone; width and case do not count.
    """
    return list(dict.fromkeys(word for run in _runs(text) for word in _parts(run, alone=True) if word not in EMPTY))


def asked(text: str) -> list[str]:
    """Return the words of a question; a Chinese character counts alone only where it stands alone."""
    found = dict.fromkeys(word for run in _runs(text[:LONGEST]) for word in _parts(run, alone=False))
    return [word for word in found if word not in EMPTY]


def _runs(text: str) -> Iterable[str]:
    return RUN.findall(unicodedata.normalize("NFKC", text).casefold())


def _parts(run: str, *, alone: bool) -> Iterable[str]:
    if run[0] < FIRST_HAN or len(run) == 1:
        yield run
        return
    if alone:
        yield from run
    yield from (run[at : at + 2] for at in range(len(run) - 1))


def found_by(heads: Iterable[str], body: Iterable[str]) -> dict[str, list[str]]:
    """Return the words by which a version is found: those of its title and keywords, and all together."""
    head = " ".join(heads)
    return {"heads": words(head), "words": words(f"{head} {' '.join(body)}")}


def enough(count: int) -> int:
    """Return how many of the words asked for a text must hold to be shown: half of them, rounded up."""
    return -(-count // 2)


def listed(text: str, longest: int) -> list[str]:
    """Return what was typed as a list: parts between commas or lines, each once, without empty ones.

    :raises ValueError: a part is longer than ``longest``.
    """
    parts = dict.fromkeys(part.strip() for part in re.split(r"[,，、;；\n]", text))
    found = [part for part in parts if part]
    if any(len(part) > longest for part in found):
        raise ValueError(text)
    return found


def is_in_force(valid_from: datetime.date, valid_until: datetime.date | None, day: datetime.date) -> bool:
    """Say whether a version holds on a day; the day until which it holds is outside."""
    return valid_from <= day and (valid_until is None or day < valid_until)


def may_become(before: str, after: str) -> bool:
    """Say whether a version may go from one stage to another."""
    return after in STAGE_MOVES[before]


def may_move(before: str, after: str) -> bool:
    """Say whether a question may go from one state to another."""
    return after in MOVES[before]


def is_late(state: str, due_at: datetime.datetime, at: datetime.datetime) -> bool:
    """Say whether an expert owes an answer that is past its deadline."""
    return state == "ASKED" and due_at < at
