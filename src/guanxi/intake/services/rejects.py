"""Rejected rows go back to where they came from: as they were, with row, column and reason in both languages."""

import csv
import datetime
import io
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook

from guanxi.foundation import columnar
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.columnar import Connection, literal, run, statement
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.foundation.pages import File
from guanxi.foundation.tables import plain
from guanxi.intake import queries
from guanxi.intake.models import Run
from guanxi.intake.permissions import Verb
from guanxi.intake.services import findings
from guanxi.intake.services.staging import choices, folders
from guanxi.records import services as records

MOST = 100_000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SAID = """
CREATE TEMP TABLE said AS
SELECT row, heading, code FROM read_parquet({findings}) WHERE level = 'reject' {store}
"""
STORE = """
UNION ALL SELECT said.row, coalesce(named.heading, ''), said.code
FROM read_csv({file}, columns = {{'row': 'BIGINT', 'field': 'VARCHAR', 'level': 'VARCHAR', 'code': 'VARCHAR',
  'original': 'VARCHAR'}}, header = false, auto_detect = false) said
LEFT JOIN (SELECT unnest($1::VARCHAR[]) AS field, unnest($2::VARCHAR[]) AS heading) named USING (field)
WHERE said.level = 'reject'
"""
ROWS = """
SELECT raw.row, said.headings, said.codes, {columns} FROM read_parquet({raw}) raw
JOIN (SELECT row, list(heading ORDER BY heading, code) AS headings, list(code ORDER BY heading, code) AS codes
  FROM said GROUP BY row) said USING (row)
ORDER BY raw.row LIMIT {most}
"""
Line = Sequence[str | int | float | datetime.date | None]


def export_rejects(*, actor: Actor, run_id: int, kind: str) -> File:
    """Write the rejected rows of a visible import as Excel or CSV: checks, reads them, audits with their number.

    :raises Conflict: the import is not checked, or its file is deleted by now.
    :raises Invalid: neither xlsx nor csv is asked for.
    """
    row = queries.run(actor, run_id)
    check(actor, Verb.VIEW if row.person_id != actor.user_id else Verb.IMPORT_FILE, row.place_id)
    if kind not in TYPES:
        raise Invalid(_("A list can be exported as xlsx or csv."), field="kind")
    if not (folders.folder(run_id) / folders.RAW).exists():
        raise Conflict(_("The file of this import is not checked yet, or deleted by now."))
    lines = list(_lines(row))
    content = (_csv if kind == "csv" else _xlsx)(lines)
    records.audit(
        actor=actor, verb=Verb.VIEW, subject_type="import", subject_id=run_id, subject_label=row.file_name,
        node_id=row.place_id, after={"rejects": len(lines) - 1, "kind": kind},
    )  # fmt: skip
    return File(f"import-{run_id}-rejects.{kind}", TYPES[kind], content)


def _lines(row: Run) -> Iterator[Line]:
    """Yield the headings, then the rejected rows; what a spreadsheet would run is disarmed."""
    sheet = choices.sheets(row)[row.sheet]
    headings = choices.headings_at(sheet, row.header_row)
    yield [*map(plain, headings), _("Row"), _("Column"), "原因", "Reason"]
    folder = folders.folder(row.pk)
    paths = [folder / name for name in (folders.RAW, folders.FINDINGS, folders.STORE_FINDINGS)]
    with folders.scratch(row.pk) as work, columnar.connected(work, files=paths) as duck:
        for number, columns, codes, *cells in _rejected(duck, row, sheet.columns):
            named = "; ".join(dict.fromkeys(name for name in columns if name))
            yield [*map(plain, cells), number, plain(named), _reasons(codes, "zh-hans"), _reasons(codes, "en")]


def _rejected(duck: Connection, row: Run, columns: int) -> list[tuple[Any, ...]]:
    folder = folders.folder(row.pk)
    store = folder / folders.STORE_FINDINGS
    named = choices.headings_of(row)
    said = statement(STORE, file=literal(store)) if store.exists() else ""
    values = [list(named), list(named.values())] if said else None
    run(duck, statement(SAID, findings=literal(folder / folders.FINDINGS), store=said), values)
    cells = ", ".join(f"raw.c{at}" for at in range(columns))
    return run(duck, statement(ROWS, columns=cells, raw=literal(folder / folders.RAW), most=MOST))


def _reasons(codes: Sequence[str], language: str) -> str:
    with translation.override(language):
        return " ".join(dict.fromkeys(str(findings.message(code)) for code in codes))


def _csv(lines: Sequence[Line]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(lines: Sequence[Line]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for line in lines:
        sheet.append(list(line))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
