"""Lists as files, with the name of the reader in them and a line on the trail."""

import csv
import datetime
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
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
from guanxi.foundation.personal_data import mask_text
from guanxi.foundation.tables import Table, criteria, export_rows
from guanxi.records.services.trail import audit

MOST_ROWS = 100_000
CHUNK = 2000


@dataclass(frozen=True)
class Export:
    """A finished file: its name, its type and its bytes."""

    name: str
    content_type: str
    content: bytes


def export(
    *,
    actor: Actor,
    verb: str,
    table: Table,
    rows: QuerySet[Any],
    kind: str,
    query: str = "",
) -> Export:
    """Write a list as Excel or CSV for one reader (NFR-01): checks the verb, writes the file with the
    reader's name, the moment and what narrows the list in it, appends the audit line with the number of rows.

    :raises NotAllowed: the actor lacks ``verb``.
    :raises Invalid: neither xlsx nor csv is asked for, or the list is longer than 100,000 rows.
    """
    check(actor, verb)
    writer = _WRITERS.get(kind)
    if writer is None:
        raise Invalid(_("A list can be exported as xlsx or csv."), field="export")
    if rows.order_by()[: MOST_ROWS + 1].count() > MOST_ROWS:
        raise Invalid(_("More than 100,000 rows: narrow the list first."), field="export")
    at = clock.now()
    heading = [str(column.label) for column in table.columns]
    note = _("Exported by %(name)s at %(at)s") % {"name": actor.name, "at": f"{at:%Y-%m-%d %H:%M} UTC"}
    asked = QueryDict(query, mutable=True)
    note = " · ".join([note, *criteria(table, asked, actor)])
    body = list(export_rows(table.columns, _prepared(table, rows, actor)))
    content = writer(heading, body, note)
    if "q" in asked:
        asked["q"] = mask_text(asked.get("q") or "")
    columns = [column.key for column in table.columns]
    after = {"rows": len(body), "kind": kind, "query": asked.urlencode(), "columns": columns}
    audit(actor=actor, verb=verb, subject_type="list", subject_id=table.key, after=after)
    return Export(f"{table.key.replace('.', '-')}-{at:%Y%m%d-%H%M}.{kind}", _TYPES[kind], content)


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
