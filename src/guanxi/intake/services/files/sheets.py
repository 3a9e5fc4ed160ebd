"""The sheets of a workbook read exactly, for those of which a look at their references does not tell enough."""

from collections.abc import Iterable
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.errors import DomainError, Text
from guanxi.intake.services.files import limits
from guanxi.intake.services.files.limits import refuse

DAMAGED: Text = _("The workbook is damaged and cannot be read.")


def check(chunks: Iterable[bytes]) -> None:
    """Refuse a sheet that is too large; cells without a value do not count.

    :raises Invalid: it is, or it is damaged.
    """
    cells, parser = _Cells(), expat.ParserCreate()
    parser.ordered_attributes = True
    parser.StartElementHandler = cells.start
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise refuse(DAMAGED) from error
    cells.judge()


class _Cells:
    """Counts the cells of a sheet that have a value, and finds how far they reach."""

    def __init__(self) -> None:
        self.count = self.row = self.column = self.last_row = self.widest = 0
        self.cell: list[str] = []
        self.letters: set[str] = set()

    def start(self, name: str, attributes: list[str]) -> None:
        """Note the beginning of a row, a cell or a value."""
        if name == "c":
            self.column += 1
            self.cell = attributes
        elif name in {"v", "is"}:
            self._value()
        elif name == "row":
            given = _attribute(attributes, "r")
            self.row = int(given) if given.isdecimal() else self.row + 1
            self.column = 0
        elif ":" in name:
            self.start(name.rpartition(":")[2], attributes)

    def _value(self) -> None:
        self.count += 1
        reference = _attribute(self.cell, "r")
        letters = reference.rstrip("0123456789")
        if letters:
            self.letters.add(letters)
            self.last_row = max(self.last_row, int(reference[len(letters) :] or 0))
        else:
            self.widest = max(self.widest, self.column)
            self.last_row = max(self.last_row, self.row)
        if self.count > limits.MOST_CELLS:
            raise _refuse_cells()

    def judge(self) -> None:
        """Refuse what is too wide, too long or too large.

        :raises Invalid: it is.
        """
        columns = max([self.widest, *(number(letters.encode()) for letters in self.letters)])
        if columns > limits.MOST_COLUMNS:
            raise limits.refuse_wide()
        if self.last_row > limits.MOST_ROWS:
            raise refuse(DAMAGED)
        if columns * self.last_row > limits.LARGEST_AREA:
            raise _refuse_cells()


def _refuse_cells() -> DomainError:
    return refuse(_("The sheet has more cells than can be read at once. Save it as .csv."))


def _attribute(attributes: list[str], name: str) -> str:
    if attributes and attributes[0] == name:  # where nearly every writer puts it
        return attributes[1]
    return attributes[attributes.index(name) + 1] if name in attributes[::2] else ""


def number(letters: bytes) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    total = 0
    for letter in letters.upper()[:4]:
        total = total * 26 + letter - 64
    return total
