"""Reading files of other systems: a look at what they hold, and one sheet loaded as text."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.columnar import Connection, run
from guanxi.intake.policy import headings
from guanxi.intake.services import kinds
from guanxi.intake.services.files import delimited, limits, markup, sniffing, storing, workbooks
from guanxi.intake.services.files.limits import refuse
from guanxi.intake.services.sheets import Form, SheetInfo, Workbook

ORIGIN = "CREATE OR REPLACE TABLE origin AS SELECT $1::BOOLEAN AS date_1904"


def inspect(path: Path, name: str) -> Workbook:
    """Look at a file: its form, its sheets, where their headings stand, their first rows.

    A text is not read as a whole, only counted. ``name`` is the name it had where it came from.

    :raises Invalid: it is empty, too large, damaged, protected, hostile, or no table at all.
    """
    form = sniffing.sniff(path, name)
    macros = False
    if form == Form.DELIMITED:
        sheets = [_delimited(path, name)]
    elif form == Form.WORKBOOK:
        facts = workbooks.check(path)
        macros = facts.has_macros
        sheets = [_worksheet(table, date_1904=facts.date_1904) for table in workbooks.tables(path)]
    else:
        sheets = [_grid(form, index, grid, path) for index, grid in enumerate(_grids(form, path))]
    if not any(sheet.rows for sheet in sheets):
        raise refuse(_("There is no table in this file."))
    return Workbook(name, form, tuple(sheets), macros)


def load(connection: Connection, path: Path, sheet: SheetInfo) -> None:
    """Make the table ``raw`` of one sheet: ``row`` as Excel counts, ``c0``, ``c1`` … with every cell as text.

    Whole numbers of Excel have no fraction, its days are written as ISO 8601, merged cells hold their text everywhere.
    A text's rows are its records; what a row has beyond the columns is in ``extra``. Formulas, links and macros are
    never evaluated or followed.

    :raises Invalid: see ``inspect``; or a row or cell beyond the sample is too long.
    """
    run(connection, ORIGIN, [sheet.date_1904])
    if sheet.form == Form.DELIMITED:
        delimited.load(connection, path, sheet.encoding, sheet.delimiter, sheet.columns)
    elif sheet.form == Form.WORKBOOK:
        workbooks.check(path)
        table = workbooks.table(path, sheet.index)
        storing.store(connection, workbooks.rows(table), table.columns)
    else:
        grid = _grids(sheet.form, path)[sheet.index]
        storing.store(connection, grid.rows, max(map(len, grid.rows)))


def _grids(form: Form, path: Path) -> list[markup.Grid]:
    return markup.html(path, _html_encoding(path)) if form == Form.HTML else markup.xml(path)


def _html_encoding(path: Path) -> str:
    """Return the encoding of a page: its bytes know better than what it declares."""
    return delimited.encoding(path)


def _delimited(path: Path, name: str) -> SheetInfo:
    seen = delimited.look(path)
    widths = [len(record) for record in seen.sample]
    # what few rows have too many is no column; the headings are
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
    header = headings.header_row(seen.sample[: headings.SEARCHED], frozenset(_vocabulary()))
    columns = max(usual, widths[header - 1] if header else 0)
    return _info(
        Path(name).stem, seen.rows, columns, seen.sample,
        form=Form.DELIMITED, encoding=seen.encoding, delimiter=seen.delimiter,
    )  # fmt: skip


def _worksheet(table: workbooks.Table, *, date_1904: bool) -> SheetInfo:
    rows = list(islice(workbooks.rows(table), headings.SEARCHED))
    return _info(
        table.name, table.rows, table.columns, rows,
        form=Form.WORKBOOK, index=table.index, visible=table.visible, date_1904=date_1904,
    )  # fmt: skip


def _grid(form: Form, index: int, grid: markup.Grid, path: Path) -> SheetInfo:
    encoding = _html_encoding(path) if form == Form.HTML else ""
    columns = max(map(len, grid.rows))
    return _info(grid.name, len(grid.rows), columns, grid.rows, form=form, index=index, encoding=encoding)


def _info(
    name: str, rows: int, columns: int, first: Sequence[Sequence[str | None]], *, form: Form, index: int = 0,
    visible: bool = True, encoding: str = "", delimiter: str = "", date_1904: bool = False,
) -> SheetInfo:  # fmt: skip
    """Describe a sheet by its first rows."""
    sample = [tuple(_padded(row, columns)) for row in first[: headings.SEARCHED]]
    header = headings.header_row(sample, frozenset(_vocabulary()))
    return SheetInfo(
        name=name, rows=rows, columns=columns, header_row=header, headings=headings.headings(sample, header, columns),
        sample=tuple(sample[: limits.SAMPLE_ROWS]), form=form, index=index, visible=visible, encoding=encoding,
        delimiter=delimiter, date_1904=date_1904,
    )  # fmt: skip


def _padded(row: Sequence[str | None], columns: int) -> Iterator[str]:
    return (row[at] or "" if at < len(row) else "" for at in range(columns))


def _vocabulary() -> Iterator[str]:
    """Yield every heading that some kind of file knows, in the form in which headings are compared."""
    for kind in kinds.kinds():
        for field in kind.fields:
            yield from map(headings.normal, field.synonyms)
