"""How large a file may be. A refusal names the limit that was passed."""

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.errors import Invalid, Text

MB = 1024 * 1024
LARGEST_TEXT = 500 * MB
LARGEST_WORKBOOK = 100 * MB
LARGEST_MARKUP = 60 * MB

# What a workbook may become when its parts are inflated, and how much more than the file itself beyond a size.
LARGEST_INFLATED = 1500 * MB
RATIO, RATIO_FROM = 200, 50 * MB
MOST_PARTS = 5000

MOST_COLUMNS = 500
MOST_ROWS = 1_048_576  # of an Excel sheet
MOST_CELLS = 25_000_000  # of an Excel sheet, with a value
LARGEST_AREA = 60_000_000  # of an Excel sheet, from its first to its last cell
LONGEST_CELL = 32_767  # characters, as in Excel
LONGEST_LINE = 1_000_000  # characters of a line of text
MOST_SHEETS = 100

SAMPLE_ROWS = 20


def refuse(message: Text) -> Invalid:
    """Return the refusal of a file, to be raised."""
    return Invalid(message, field="file")


def refuse_wide() -> Invalid:
    """Return the refusal of a table with too many columns."""
    return refuse(_("The table has more than %(most)s columns.") % {"most": MOST_COLUMNS})


def refuse_long_cell() -> Invalid:
    """Return the refusal of a cell that is too long."""
    return refuse(_("A cell has more than %(most)s characters.") % {"most": f"{LONGEST_CELL:,}"})
