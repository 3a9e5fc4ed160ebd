"""What a file was found to hold: its sheets, their headings and first rows."""

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """How a file is written, whatever its name says."""

    DELIMITED = "delimited"
    WORKBOOK = "workbook"
    HTML = "html"
    XML = "xml"  # an XML sheet of Excel 2003


@dataclass(frozen=True)
class SheetInfo:
    """One sheet as far as looking at it costs little; it is plain data and may be stored."""

    name: str
    rows: int
    """Rows with title and headings; of a text file its lines, of which one row may take several."""
    columns: int
    header_row: int
    """The row of the headings as Excel counts, from 1; 0 where there is none."""
    headings: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    """The first rows of the sheet, title and headings included."""
    form: Form
    index: int = 0
    visible: bool = True
    encoding: str = ""
    delimiter: str = ""
    date_1904: bool = False
    """Serial numbers of days count from 1904."""


@dataclass(frozen=True)
class Workbook:
    """A file and its sheets. Macros, if it has some, are never read."""

    name: str
    form: Form
    sheets: tuple[SheetInfo, ...]
    has_macros: bool = False
