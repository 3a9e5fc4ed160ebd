"""Workbooks are archives of XML: they are inflated and counted before anything reads them."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.errors import Text
from guanxi.intake.services.files import limits
from guanxi.intake.services.files.limits import refuse

CHUNK = 256 * 1024
LOCAL_HEADER, NAME_AT = 30, 26
ENCRYPTED = 0x1
# The longest text of a cell, each character written as an entity of five signs.
LONGEST_TEXT = limits.LONGEST_CELL * 6
_DAMAGED: Text = _("The workbook is damaged and cannot be read.")
_FAILURES = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError)
_SHEET = re.compile(r"xl/worksheets/[^/]*\.xml", re.IGNORECASE)
_EPOCH_1904 = re.compile(rb"""date1904=["'](?:1|true)["']""")


@dataclass
class Facts:
    """What a workbook is found to hold."""

    has_macros: bool = False
    date_1904: bool = False


def check(path: Path) -> Facts:
    """Inflate every XML part and count what is in it, without keeping it. Macros are never read.

    :raises Invalid: it is no workbook, is protected, damaged, inflates beyond the limits, holds a document type (by
        which entities attack), a cell that is too long, or a sheet that is too large.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            return _check(archive.infolist(), file)
    except _FAILURES as error:
        raise refuse(_DAMAGED) from error


def _check(parts: list[zipfile.ZipInfo], file: BinaryIO) -> Facts:
    names = {part.filename.lower() for part in parts}
    if "xl/workbook.xml" not in names:
        raise refuse(_("This archive is no Excel workbook. Save the table as .xlsx or .csv."))
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise refuse(_("The workbook is protected by a password. Save it without one."))
    if len(parts) > limits.MOST_PARTS:
        raise refuse(_("The workbook has too many parts."))
    _refuse_inflated(sum(part.file_size for part in parts), sum(part.compress_size for part in parts))
    facts = Facts(has_macros="xl/vbaproject.bin" in names)
    inflated = 0
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels")):
            reader = _Part(part.filename, facts)
            for chunk in _inflate(file, part):
                inflated += len(chunk)
                _refuse_inflated(inflated, sum(part.compress_size for part in parts))
                reader.read(chunk)
            reader.close()
    return facts


def _refuse_inflated(inflated: int, packed: int) -> None:
    bomb = inflated > limits.RATIO_FROM and inflated > packed * limits.RATIO
    if bomb or inflated > limits.LARGEST_INFLATED:
        raise refuse(_("The workbook inflates to more than can be read."))


def _inflate(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part's content, however long it claims to be."""
    file.seek(part.header_offset)
    header = file.read(LOCAL_HEADER)
    name, extra = struct.unpack_from("<HH", header, NAME_AT)
    file.seek(name + extra, 1)
    left = part.compress_size
    if part.compress_type == zipfile.ZIP_STORED:
        while left > 0 and (packed := file.read(min(CHUNK, left))):
            left -= len(packed)
            yield packed
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise refuse(_DAMAGED)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and not inflater.eof and (packed := file.read(min(CHUNK, left))):
        left -= len(packed)
        while packed:
            yield inflater.decompress(packed, CHUNK)
            packed = inflater.unconsumed_tail


@dataclass
class _Part:
    """Reads one part chunk by chunk and refuses what it must not hold."""

    name: str
    facts: Facts
    run: int = 0  # length of the text since the last tag
    cells: "_Cells | None" = None
    parser: expat.XMLParserType = field(init=False)

    def __post_init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = _refuse_document_type
        if _SHEET.fullmatch(self.name):
            self.cells = _Cells()
            self.parser.ordered_attributes = True
            self.parser.StartElementHandler = self.cells.start

    def read(self, chunk: bytes) -> None:
        self._measure(chunk)
        if self.name.lower() == "xl/workbook.xml" and _EPOCH_1904.search(chunk):
            self.facts.date_1904 = True
        try:
            self.parser.Parse(chunk, False)
        except expat.ExpatError as error:
            raise refuse(_DAMAGED) from error

    def _measure(self, chunk: bytes) -> None:
        """Refuse a text without a tag that is longer than any cell."""
        first = chunk.find(b"<")
        self.run = self.run + len(chunk) if first < 0 else self.run + first
        if self.run > LONGEST_TEXT:
            raise limits.refuse_long_cell()
        if first >= 0:
            self.run = len(chunk) - chunk.rfind(b"<")

    def close(self) -> None:
        try:
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise refuse(_DAMAGED) from error
        if self.cells:
            self.cells.judge()


def _refuse_document_type(*_values: object) -> None:
    raise refuse(_("The workbook holds a document type, which no Excel workbook does."))


class _Cells:
    """Counts the cells of a sheet that have a value, and finds how far they reach."""

    def __init__(self) -> None:
        self.count = self.row = self.column = self.last_row = 0
        self.reference = ""
        self.letters: set[str] = set()
        self.widest = 0

    def start(self, name: str, attributes: list[str]) -> None:
        """Note the beginning of a row, a cell or a value."""
        local = name.rpartition(":")[2]
        if local == "c":
            self.column += 1
            self.reference = _attribute(attributes, "r")
        elif local in {"v", "is"}:
            self._value()
        elif local == "row":
            given = _attribute(attributes, "r")
            self.row = int(given) if given.isdecimal() else self.row + 1
            self.column = 0

    def _value(self) -> None:
        self.count += 1
        letters = self.reference.rstrip("0123456789")
        if letters:
            self.letters.add(letters)
            self.last_row = max(self.last_row, int(self.reference[len(letters) :] or 0))
        else:
            self.widest = max(self.widest, self.column)
            self.last_row = max(self.last_row, self.row)
        if self.count > limits.MOST_CELLS:
            raise _refuse_cells()

    def judge(self) -> None:
        columns = max([self.widest, *(_number(letters) for letters in self.letters)])
        if columns > limits.MOST_COLUMNS:
            raise limits.refuse_wide()
        if self.last_row > limits.MOST_ROWS:
            raise refuse(_DAMAGED)
        if columns * self.last_row > limits.LARGEST_AREA:
            raise _refuse_cells()


def _refuse_cells() -> Exception:
    return refuse(_("The sheet has more cells than can be read at once. Save it as .csv."))


def _attribute(attributes: list[str], name: str) -> str:
    return attributes[attributes.index(name) + 1] if name in attributes[::2] else ""


def _number(letters: str) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    total = 0
    for letter in letters.upper()[:4]:
        total = total * 26 + ord(letter) - 64
    return total
