"""How one field is computed for all rows: expressions in stages, each over the names of the stages before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guanxi.foundation.columnar import literal
from guanxi.foundation.values.flaws import Flaw


@dataclass(frozen=True)
class Plan:
    """The stages, the columns that come of them, and the names that hold the value and its flaw.

    ``flaw`` is NULL where nothing is to be said. A field without a value and without a flaw was empty.
    """

    stages: tuple[Mapping[str, str], ...]
    outputs: Mapping[str, str]
    value: str
    flaw: str


def cases(*branches: tuple[str, str], other: str = "NULL") -> str:
    """Return a CASE of conditions and results."""
    return (
        "CASE " + " ".join(f"WHEN {condition} THEN {result}" for condition, result in branches) + f" ELSE {other} END"
    )


def flaw(word: Flaw) -> str:
    """Return a flaw as a constant of SQL."""
    return literal(word.value)


def regex(pattern: str) -> str:
    """Return a pattern of Python as a text of SQL in the syntax of RE2, which writes characters by number in braces."""
    signs = (sign if sign.isprintable() else f"\\x{{{ord(sign):X}}}" for sign in pattern)
    return literal("".join(signs))


def full(name: str, pattern: str) -> str:
    """Return the condition that a text matches as a whole."""
    return f"regexp_full_match({name}, {regex(pattern)})"


def has(name: str, pattern: str) -> str:
    """Return the condition that a pattern occurs in a text."""
    return f"regexp_matches({name}, {regex(pattern)})"


def sub(name: str, pattern: str, new: str = "") -> str:
    """Return a text with every occurrence of a pattern replaced; the new text may name groups by number."""
    return f"regexp_replace({name}, {regex(pattern)}, {literal(new)}, 'g')"


def among(name: str, words: Sequence[str] | frozenset[str]) -> str:
    """Return the condition that a text is one of some words."""
    return f"{name} IN ({', '.join(literal(word) for word in sorted(words))})"


def damaged(name: str, signs: Sequence[str]) -> str:
    """Return the condition that a text holds one of some signs."""
    return " OR ".join(f"contains({name}, {literal(sign)})" for sign in signs)
