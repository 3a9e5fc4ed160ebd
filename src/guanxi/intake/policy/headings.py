"""Where the headings of a sheet stand, and how like two headings are."""

import re
from collections.abc import Sequence

from guanxi.foundation.values import texts

SEARCHED = 40  # rows in which headings are looked for
BETWEEN = " / "  # between a heading and the heading above it that spans several columns
LONGEST = 40  # of a heading; a longer text counts against a row of headings
LONGEST_HEADING = 120
_BRACKETS = re.compile(r"[(\[{<【《].*?[)\]}>】》]")
_NOISE = re.compile(r"[^0-9a-z\u3400-\u9fff]")
# Cells that are values and not words: numbers, days, amounts, plates, VINs, telephone numbers.
_VALUE = re.compile(
    r"[-+¥$]?[\d,. /:+()-]*\d[\d,. /:+()年月日-]*[%元万]?"
    r"|[\u4e00-\u9fff][A-Z][·A-Z0-9]{5,6}|[A-Z0-9]{17}|[A-Z]{1,4}\d{4,}",
    re.ASCII,
)


def normal(heading: str) -> str:
    """Return a heading as it is compared: small letters and Han characters, without brackets, units and signs."""
    plain = texts.fold(heading[:LONGEST_HEADING]).lower()
    return _NOISE.sub("", _BRACKETS.sub("", plain)) or _NOISE.sub("", plain)


def header_row(rows: Sequence[Sequence[str]], known: frozenset[str]) -> int:
    """Return the row of the headings, counted from 1, or 0: known words count most, values count against.

    ``known`` holds headings in their normal form.
    """
    best, best_score = 0, 0.0
    widest = max((sum(1 for cell in row if cell.strip()) for row in rows), default=0)
    for number, row in enumerate(rows, 1):
        score = _score([cell.strip() for cell in row], known, widest)
        if score > best_score:
            best, best_score = number, score
    return best


def _score(row: Sequence[str], known: frozenset[str], widest: int) -> float:
    words = [cell for cell in row if cell]
    different = {
        cell for left, cell, right in zip(["", *row], row, [*row[1:], ""], strict=False) if cell not in {left, right}
    }
    different.discard("")
    if not words or (len(different) < 2 and widest > 1):  # noqa: PLR2004 -- a title is one text, headings are several
        return 0.0
    found = len({name for cell in different if (name := normal(cell)) in known})
    long = sum(1 for cell in different if len(cell) > LONGEST)
    values = sum(1 for cell in different if len(cell) <= LONGEST and _VALUE.fullmatch(texts.fold(cell)))
    full = len(different) / max(widest, 1)
    if found == 0 and (values or long or full < 0.6):  # noqa: PLR2004 -- words of a row that is nearly full
        return 0.0
    return found * 3 + full - values * 2 - long * 2


def headings(rows: Sequence[Sequence[str]], header: int, columns: int) -> tuple[str, ...]:
    """Return the heading of each column; one that spans several columns stands before those below it."""
    if not header:
        return ("",) * columns
    own = [" ".join(cell.split()) for cell in rows[header - 1]]
    above = [" ".join(cell.split()) for cell in rows[header - 2]] if header > 1 else [""] * columns
    groups = {cell for cell in above if cell}
    if len(groups) < 2 or any(_VALUE.fullmatch(cell[:LONGEST]) for cell in groups):  # noqa: PLR2004 -- one text is a title
        return tuple(own)
    spread = sum(1 for at in range(1, len(above)) if above[at] and above[at] == above[at - 1])
    if not spread and all(own):
        return tuple(own)
    return tuple(
        upper if not cell else cell if upper in {"", cell} else f"{upper}{BETWEEN}{cell}"
        for upper, cell in zip(above, own, strict=True)
    )


def likeness(one: str, other: str) -> float:
    """Return how like two headings in normal form are, from 0 to 1 for the same."""
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    contained = len(short) / len(long) if short in long and len(short) > 1 else 0.0
    pairs = [{text[at : at + 2] for at in range(len(text) - 1)} for text in (one, other)]
    shared = 2 * len(pairs[0] & pairs[1]) / max(1, len(pairs[0]) + len(pairs[1]))
    return min(0.95, max(0.5 + 0.45 * contained if contained else 0.0, shared))
