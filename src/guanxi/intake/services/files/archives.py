"""Workbooks are archives of XML: they are inflated and counted before anything reads them."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from guanxi.intake.services.files import limits, sheets
from guanxi.intake.services.files.limits import refuse

CHUNK = 256 * 1024
LOCAL_HEADER, NAME_AT = 30, 26
ENCRYPTED = 0x1
# The longest text of a cell, each character written as an entity of five signs.
LONGEST_TEXT = limits.LONGEST_CELL * 6
LONGEST_TAG = 4096
_FAILURES = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError)
# Cells as nearly every writer puts them; where there are others, the part is read exactly.
_CELLS = (b"<c ", b"<c>", b"<c/", b"<c\t", b"<c\n", b"<c\r")
_PREFIXED = re.compile(rb":c[\s/>]")
_REFERENCE = re.compile(rb'<c r="([A-Z]{1,4})(\d{1,9})"')
_EPOCH_1904 = re.compile(rb"""<(?:[\w.-]+:)?workbookPr[^<>]*\sdate1904=["'](?:1|true)["']""")


@dataclass
class Facts:
    """What a workbook is found to hold."""

    has_macros: bool = False
    date_1904: bool = False


def check(path: Path) -> Facts:
    """Inflate every part and count the cells in it, without keeping it. Macros are never run.

    :raises Invalid: it is no workbook, is protected, damaged, inflates beyond the limits, holds a document type (by
        which entities attack), a cell that is too long, or a sheet that is too large.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            return _check(archive.infolist(), file)
    except _FAILURES as error:
        raise refuse(sheets.DAMAGED) from error


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
    inflated, packed = 0, sum(part.compress_size for part in parts)
    for part in parts:
        scan = _Scan(facts)
        for chunk in _inflate(file, part):
            inflated += len(chunk)
            _refuse_inflated(inflated, packed)
            scan.read(chunk)
        if scan.is_doubtful:
            sheets.check(_inflate(file, part))
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
        raise refuse(sheets.DAMAGED)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and not inflater.eof and (packed := file.read(min(CHUNK, left))):
        left -= len(packed)
        while packed:
            yield inflater.decompress(packed, CHUNK)
            packed = inflater.unconsumed_tail


@dataclass
class _Scan:
    """Looks through a part for what no workbook holds, and for cells, by their references.

    Any part may be a sheet, whatever its name. Where cells reach far or have no references, the part is doubtful and
    has to be read exactly.
    """

    facts: Facts
    rest: bytes = b""
    is_markup: bool | None = None
    cells: int = 0
    references: int = 0
    last_row: int = 0
    letters: set[bytes] = field(default_factory=set)

    def read(self, chunk: bytes) -> None:
        """Take the next piece; what is behind its last tag waits for the one after."""
        if not chunk:
            return
        if self.is_markup is None:
            self.is_markup = chunk.lstrip()[:1] == b"<" or chunk.startswith(b"\xef\xbb\xbf")
            if chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise refuse(sheets.DAMAGED)
        whole = self.rest + chunk
        end = whole.rfind(b"<")
        seen, self.rest = (whole[:end], whole[end:]) if end >= 0 else (b"", whole)
        if self.is_markup and max(len(self.rest), seen.find(b"<")) > LONGEST_TEXT:
            raise limits.refuse_long_cell()
        self.rest = self.rest if self.is_markup else self.rest[-LONGEST_TAG:]
        self._look(seen)

    def _look(self, seen: bytes) -> None:
        if b"<!DOCTYPE" in seen:
            raise refuse(_("The workbook holds a document type, which no Excel workbook does."))
        if _EPOCH_1904.search(seen):
            self.facts.date_1904 = True
        self.cells += sum(map(seen.count, _CELLS)) + len(_PREFIXED.findall(seen))
        found = _REFERENCE.findall(seen)
        self.references += len(found)
        self.letters.update(letters for letters, _row in found)
        self.last_row = max(self.last_row, *map(int, {row for _letters, row in found}), 0)

    @property
    def is_doubtful(self) -> bool:
        columns = max(map(sheets.number, self.letters), default=0)
        large = columns * self.last_row > limits.LARGEST_AREA or self.last_row > limits.MOST_ROWS
        return self.cells != self.references or columns > limits.MOST_COLUMNS or large or self.cells > limits.MOST_CELLS
