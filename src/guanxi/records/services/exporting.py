"""Lists as files, with the name of the reader in them and a line on the trail."""

import csv
import datetime
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from guanxi.foundation import clock
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid
from guanxi.foundation.pages import File
from guanxi.foundation.personal_data import mask_text
from guanxi.foundation.tables import Table, criteria, export_rows, narrow
from guanxi.records.services.trail import audit

MOST_ROWS = 100_000
CHUNK = 2000


def export(*, actor: Actor, verb: str, table: Table, rows: QuerySet[Any], asked: QueryDict, of: str = "") -> File:
    """Write a list as Excel or CSV for one reader (NFR-01): checks the verb, narrows the rows as ``asked``, writes the
    file with the reader's name, the moment and what narrows the list in it (SUP-16), appends the audit line with the
    number of rows. ``asked`` is the query string of the list, with the kind of file under ``export``; ``of`` says for
    the trail of what the list is a part.

    :raises NotAllowed: the actor lacks ``verb``.
    :raises Invalid: neither xlsx nor csv is asked for, or the list is longer than 100,000 rows.
    """
    check(actor, verb)
    kind = _kind(asked)
    rows = narrow(table, rows, asked, actor)[0]
    if rows.order_by()[: MOST_ROWS + 1].count() > MOST_ROWS:
        raise Invalid(_("More than 100,000 rows: narrow the list first."), field="export")
    said = [*criteria(table, asked, actor)]
    return _written(
        actor, verb, table, _prepared(table, rows, actor), said, {"kind": kind, "query": of + _masked(asked)}
    )


def export_figures(
    *, actor: Actor, verb: str, table: Table, rows: Sequence[Any], asked: QueryDict, said: Sequence[str] = ()
) -> File:
    """Write figures that were reckoned, and are no rows of the database, as ``export`` does: checks the verb, writes
    the file with ``said``, which says of what they are, appends the audit line.

    :raises NotAllowed: the actor lacks ``verb``.
    :raises Invalid: neither xlsx nor csv is asked for.
    """
    check(actor, verb)
    return _written(actor, verb, table, rows, said, {"kind": _kind(asked), "query": _masked(asked)})


def _kind(asked: QueryDict) -> str:
    kind = asked.get("export") or ""
    if kind not in _WRITERS:
        raise Invalid(_("A list can be exported as xlsx or csv."), field="export")
    return kind


def _written(
    actor: Actor, verb: str, table: Table, rows: Iterable[Any], said: Sequence[str], about: Mapping[str, str]
) -> File:  # fmt: skip
    """Return the file with the reader's name and what is said of it, and write its line on the trail."""
    at, kind = clock.now(), about["kind"]
    note = _("Exported by %(name)s at %(at)s") % {"name": actor.name, "at": f"{at:%Y-%m-%d %H:%M} UTC"}
    body = list(export_rows(table.columns, rows))
    columns = [column.key for column in table.columns]
    after = {"rows": len(body), **about, "columns": columns}
    audit(actor=actor, verb=verb, subject_type="list", subject_id=table.key, after=after)
    name = f"{table.key.replace('.', '-')}-{at:%Y%m%d-%H%M}.{kind}"
    heading = [str(column.label) for column in table.columns]
    return File(name, _TYPES[kind], _WRITERS[kind](heading, body, " · ".join([note, *said])))


def _masked(asked: QueryDict) -> str:
    """Return the query string without the numbers of people that were searched for."""
    kept = asked.copy()
    if "q" in kept:
        kept["q"] = mask_text(kept.get("q") or "")
    return kept.urlencode()


def _prepared(table: Table, rows: QuerySet[Any], actor: Actor) -> Iterator[Any]:
    source = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(source, CHUNK)):
        if table.prepare:
            table.prepare(chunk, actor)
        yield from chunk


_Rows = Iterable[Sequence[str | int | float | datetime.date | None]]


def _csv(heading: Sequence[str], rows: _Rows, note: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heading)
    writer.writerows(rows)
    writer.writerow([note])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(heading: Sequence[str], rows: _Rows, note: str) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    cells = []
    for title in heading:
        cell = WriteOnlyCell(sheet, value=title)
        cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)
    for row in rows:
        sheet.append([_for_excel(value) for value in row])
    sheet.append([note])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _for_excel(value: str | float | datetime.date | None) -> Any:
    """Excel has no time zones: a moment is written as it was in UTC."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).replace(tzinfo=None)
    return value


_WRITERS: dict[str, Callable[[Sequence[str], _Rows, str], bytes]] = {"csv": _csv, "xlsx": _xlsx}
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
