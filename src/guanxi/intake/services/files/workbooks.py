"""Excel workbooks (.xlsx, .xlsm, .xls): values as they were last calculated, never formulas, macros or links."""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import python_calamine
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.errors import Text
from guanxi.intake.services.files import archives, limits, sniffing
from guanxi.intake.services.files.limits import refuse

Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta
DIGITS = 15  # as many as Excel keeps
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_UNREADABLE: Text = _("This is not an Excel workbook that can be read.")
_PROTECTED: Text = _("The workbook is protected by a password. Save it without one.")


@dataclass(frozen=True)
class Table:
    """One worksheet, loaded."""

    name: str
    index: int
    visible: bool
    sheet: python_calamine.CalamineSheet

    @property
    def rows(self) -> int:
        return self.sheet.total_height + 1 if self.sheet.end else 0

    @property
    def columns(self) -> int:
        return self.sheet.end[1] + 1 if self.sheet.end else 0


@contextmanager
def _calm() -> Iterator[None]:
    """Turn every way in which the reader can fail into a refusal, its panics too."""
    try:
        yield
    except python_calamine.PasswordError as error:
        raise refuse(_PROTECTED) from error
    except (python_calamine.CalamineError, ValueError, IndexError, OSError, OverflowError, MemoryError) as error:
        raise refuse(_UNREADABLE) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise refuse(_UNREADABLE) from error


def check(path: Path) -> archives.Facts:
    """Refuse what must not be read; an old workbook says little before it is opened.

    :raises Invalid: see ``archives.check``; or it is an old document of another kind.
    """
    with path.open("rb") as file:
        head = file.read(len(sniffing.OLE))
        if head.startswith(sniffing.ZIP):
            return archives.check(path)
        content = head + file.read()
    if _ENCRYPTED in content:
        raise refuse(_PROTECTED)
    if not any(name in content for name in _BOOKS):
        raise refuse(_UNREADABLE)
    return archives.Facts(has_macros="_VBA_PROJECT".encode("utf-16-le") in content)


def tables(path: Path) -> Iterator[Table]:
    """Yield the worksheets, one in memory at a time."""
    with _calm():
        book = python_calamine.load_workbook(str(path))
        described = book.sheets_metadata
    if len(described) > limits.MOST_SHEETS:
        raise refuse(_("The workbook has more than %(most)s sheets.") % {"most": limits.MOST_SHEETS})
    for index, sheet in enumerate(described):
        if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet:
            yield _table(book, index, sheet)


def table(path: Path, index: int) -> Table:
    """Load one worksheet by its place in the workbook."""
    with _calm():
        book = python_calamine.load_workbook(str(path))
        return _table(book, index, book.sheets_metadata[index])


def _table(book: python_calamine.CalamineWorkbook, index: int, sheet: python_calamine.SheetMetadata) -> Table:
    with _calm():
        loaded = book.get_sheet_by_index(index)
    found = Table(sheet.name, index, sheet.visible == python_calamine.SheetVisibleEnum.Visible, loaded)
    if found.columns > limits.MOST_COLUMNS:
        raise limits.refuse_wide()
    return found


def rows(found: Table) -> Iterator[list[str | None]]:
    """Yield the rows of a worksheet as text from its first row on; merged cells hold their text everywhere."""
    if not found.sheet.end:
        return
    start = found.sheet.start
    left: list[str | None] = [None] * (start[1] if start else 0)
    merged = _Merged(found.sheet.merged_cell_ranges or [])
    with _calm():
        for number, values in enumerate(found.sheet.iter_rows()):
            yield merged.fill(number, left + [text(value) for value in values])


class _Merged:
    """Fills merged cells: a merged area takes the text of its first cell."""

    def __init__(self, areas: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        self.waiting = sorted(areas, reverse=True)
        self.open: list[tuple[int, int, int, str | None]] = []

    def fill(self, number: int, row: list[str | None]) -> list[str | None]:
        """Return a row with its merged cells filled."""
        self.open = [area for area in self.open if area[0] >= number]
        while self.waiting and self.waiting[-1][0][0] <= number:
            (_top, first), (last_row, last) = self.waiting.pop()
            if first < len(row):
                self.open.append((last_row, first, last, row[first]))
        for _last_row, first, last, value in self.open:
            for column in range(first, min(last + 1, len(row))):
                row[column] = value
        return row


def text(value: Value) -> str | None:
    """Return a cell as text: whole numbers without a fraction, days as ISO 8601."""
    if isinstance(value, str):
        return value[: limits.LONGEST_CELL].replace("\0", "") or None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time.min
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    return str(value) if isinstance(value, datetime.timedelta) else value.isoformat()


def number(value: float) -> str:
    """Return a number with the fifteen digits that Excel keeps, never with an exponent."""
    written = f"{value:.{DIGITS}g}"
    return f"{Decimal(written):f}" if "e" in written else written
