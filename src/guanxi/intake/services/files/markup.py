"""Tables that call themselves .xls: HTML, as many systems export it, and the XML sheets of Excel 2003."""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from guanxi.intake.services.files import limits
from guanxi.intake.services.files.limits import refuse

CHUNK = 1024 * 1024
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*encoding=["'](?:gb2312|gbk|gb18030)["'][^>]*>""", re.IGNORECASE)
SKIPPED = {"style", "script", "title", "xml"}
MOST_SPANNED = 200_000
BREAKS = {"br", "p", "div"}
Row = list[str | None]


@dataclass
class Grid:
    """A table that is filled cell by cell; spans put the same text into all their places."""

    name: str
    rows: list[Row] = field(default_factory=list)
    below: dict[tuple[int, int], str | None] = field(default_factory=dict)
    row: int = -1
    column: int = 0
    cells: int = 0

    def next_row(self, number: int | None = None) -> None:
        """Begin the next row, or the row of a number from 0."""
        self.row = self.row + 1 if number is None else max(number, self.row + 1)
        if self.row >= limits.MOST_ROWS:
            raise refuse(_("The table has more rows than an Excel sheet."))
        self.column = 0
        self._reach()
        self._take_spans()

    def _reach(self) -> None:
        while len(self.rows) <= self.row:
            self.rows.append([])

    def _take_spans(self) -> None:
        while (self.row, self.column) in self.below:
            self._write(self.below.pop((self.row, self.column)))

    def _write(self, value: str | None) -> None:
        row = self.rows[self.row]
        if self.column >= limits.MOST_COLUMNS:
            raise limits.refuse_wide()
        row.extend([None] * (self.column + 1 - len(row)))
        row[self.column] = value
        self.column += 1
        self.cells += 1
        if self.cells > limits.MOST_CELLS:
            raise refuse(_("The sheet has more cells than can be read at once. Save it as .csv."))

    def skip_to(self, column: int) -> None:
        """Go to a column from 0."""
        self.column = max(column, self.column)
        if self.column >= limits.MOST_COLUMNS:
            raise limits.refuse_wide()

    def add(self, value: str, across: int = 1, down: int = 1) -> None:
        """Write a cell that spans columns and rows."""
        if self.row < 0:
            self.next_row()
        if len(value) > limits.LONGEST_CELL:
            raise limits.refuse_long_cell()
        first, kept = self.column, value.strip().replace("\0", "") or None
        for _column in range(min(across, limits.MOST_COLUMNS + 1)):
            self._write(kept)
        for row in range(self.row + 1, self.row + min(down, 1000)):
            self.below.update(dict.fromkeys(((row, column) for column in range(first, self.column)), kept))
            if len(self.below) > MOST_SPANNED:
                raise refuse(_("Too many merged cells."))
        self._take_spans()


class _Html(HTMLParser):
    """Reads the tables of a page; a table inside a cell is text of the cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.grids: list[Grid] = []
        self.depth = 0
        self.skipping = 0
        self.text: list[str] | None = None
        self.spans = (1, 1)
        self.exact: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SKIPPED:
            self.skipping += 1
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.grids.append(Grid(f"Table {len(self.grids) + 1}"))
        elif self.depth == 1 and tag == "tr":
            self._end_cell()
            self.grids[-1].next_row()
        elif self.depth == 1 and tag in {"td", "th"}:
            self._end_cell()
            self._begin_cell(dict(attrs))
        elif tag in BREAKS and self.text:
            self.text.append("\n")

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        self.text = []
        self.spans = (_count(attributes.get("colspan")), _count(attributes.get("rowspan")))
        # Excel writes the shown text into the cell and the number itself beside it.
        self.exact = attributes.get("x:num") or None

    def _end_cell(self) -> None:
        if self.text is not None:
            shown = "\n".join(" ".join(line.split()) for line in "".join(self.text).split("\n"))
            self.grids[-1].add(self.exact or shown, *self.spans)
        self.text, self.exact = None, None

    def handle_endtag(self, tag: str) -> None:
        if tag in SKIPPED:
            self.skipping = max(0, self.skipping - 1)
        elif tag == "table" and self.depth:
            if self.depth == 1:
                self._end_cell()
            self.depth -= 1
        elif self.depth == 1 and tag in {"td", "th", "tr"}:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self.text is not None and not self.skipping:
            self.text.append(data)


def _count(text: str | None) -> int:
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 6 else 1  # noqa: PLR2004 -- no table spans more


def html(path: Path, encoding: str) -> list[Grid]:
    """Return the tables of a page."""
    parser = _Html()
    with path.open(encoding=encoding, errors="replace", newline=None) as file:
        while chunk := file.read(CHUNK):
            parser.feed(chunk)
    parser.close()
    return [grid for grid in parser.grids if any(any(row) for row in grid.rows)]


class _Xml:
    """Reads the worksheets of an XML sheet; indices and merged cells are those of the format."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self.text: list[str] | None = None
        self.spans = (1, 1)
        self.given = False
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "Worksheet": self._sheet, "Row": self._row, "Cell": self._cell, "Data": self._data,
        }  # fmt: skip

    def start(self, name: str, attributes: dict[str, str]) -> None:
        begin = self.starts.get(_local(name))
        if begin:
            begin({_local(key): value for key, value in attributes.items()})

    def _sheet(self, attributes: dict[str, str]) -> None:
        self.grids.append(Grid(attributes.get("Name", "")))

    def _row(self, attributes: dict[str, str]) -> None:
        index = attributes.get("Index", "")
        self.grids[-1].next_row(int(index) - 1 if index.isdecimal() else None)

    def _cell(self, attributes: dict[str, str]) -> None:
        index = attributes.get("Index", "")
        if index.isdecimal():
            self.grids[-1].skip_to(int(index) - 1)
        self.spans = (_count(attributes.get("MergeAcross")), _count(attributes.get("MergeDown")))
        self.spans = (
            self.spans[0] + ("MergeAcross" in attributes and attributes["MergeAcross"] != "0"),
            self.spans[1] + ("MergeDown" in attributes and attributes["MergeDown"] != "0"),
        )
        self.given = False

    def _data(self, attributes: dict[str, str]) -> None:
        del attributes
        self.text = []

    def end(self, name: str) -> None:
        local = _local(name)
        if local == "Data" and self.text is not None:
            self.grids[-1].add("".join(self.text).removesuffix("T00:00:00.000"), *self.spans)
            self.text, self.given = None, True
        elif local == "Cell" and not self.given:
            self.grids[-1].add("", *self.spans)

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_document_type(*_values: object) -> None:
    raise refuse(_("The file holds a document type, which no Excel sheet does."))


def _utf8(path: Path) -> Iterator[bytes]:
    """Yield a file in an encoding that the parser knows: GB2312 and its successors are none."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
        declared = _DECLARED.match(head)
        if declared is None:
            yield head
            while piece := file.read(CHUNK):
                yield piece
            return
        decoder = codecs.getincrementaldecoder("gb18030")("replace")
        head = head[declared.end() :]
        while head:
            yield decoder.decode(head).encode()
            head = file.read(CHUNK)


def xml(path: Path) -> list[Grid]:
    """Return the worksheets of an XML sheet."""
    reader, parser = _Xml(), expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    try:
        for piece in _utf8(path):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, IndexError, UnicodeError) as error:
        raise refuse(_("The file is damaged and cannot be read.")) from error
    return [grid for grid in reader.grids if any(any(row) for row in grid.rows)]
