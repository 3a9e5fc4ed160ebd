"""Which column is which field: from marks for headings and for values, each column once, the best pairs first."""

from collections.abc import Mapping
from dataclasses import dataclass

SURE = 0.999
LIKELY = 0.62  # a heading that is like a known one
TYPICAL = 0.7  # a column whose values are nearly all of a distinctive shape
CONTRADICTED = 0.2


@dataclass(frozen=True)
class Marks:
    """How well a column fits a field: by its heading, by its values (None where there are none), how telling these are.

    ``telling`` is 1 for shapes that hardly anything else has, such as VINs, and 0 for words.
    """

    heading: float
    values: float | None
    telling: float

    @property
    def score(self) -> float:
        """Return one mark from 0 to about 1.5; 0 is no match."""
        values = self.values
        if self.heading >= SURE:
            # the right word over the wrong values: someone named it so, but another column may be meant
            bonus = 0.0 if values is None else values * 0.4 - (1 - values) * 0.7 * self.telling
            return 1.0 + bonus
        if self.heading >= LIKELY and (values is None or values >= CONTRADICTED or not self.telling):
            return self.heading * 0.8 + (values or 0.0) * 0.3 * self.telling
        if values is not None and values >= TYPICAL and self.telling:
            return values * self.telling * 0.6 + self.heading * 0.1
        return 0.0


def assign(marks: Mapping[tuple[str, int], Marks], order: Mapping[str, int]) -> dict[str, tuple[int, float]]:
    """Return the column and the mark of each field that found one; equal marks go by ``order``, then from the left."""
    pairs = sorted(
        ((mark.score, field, column) for (field, column), mark in marks.items() if mark.score > 0),
        key=lambda pair: (-round(pair[0], 6), order[pair[1]], pair[2]),
    )
    found: dict[str, tuple[int, float]] = {}
    taken: set[int] = set()
    for score, field, column in pairs:
        if field not in found and column not in taken:
            found[field] = (column, score)
            taken.add(column)
    return found
