"""Everything that writes records: the audit line, applied presets, exports and remembered API replies."""

import csv
import datetime
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from guanxi.foundation import clock, db, presets
from guanxi.foundation.actor import Actor, check, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid, NotFound
from guanxi.foundation.tables import Table, export_rows
from guanxi.records.models import AuditEntry, PresetVersion, Reply
from guanxi.records.permissions import Verb

MOST_ROWS = 100_000
CHUNK = 2000


def audit(
    *,
    actor: Actor,
    verb: str,
    subject_type: str,
    subject_id: int | str,
    subject_label: str = "",
    node_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
) -> None:
    """Append one line to the trail in the caller's transaction (NFR-06).

    ``before`` and ``after`` hold plain values; only what differs is kept when both are given.
    """
    entry = _entry(actor, verb, subject_type, Line(subject_id, subject_label, node_id, before, after))
    entry.note = note[:400]
    _append([entry])


@dataclass(frozen=True)
class Line:
    """One record of a bulk change, as the trail keeps it."""

    subject_id: int | str
    subject_label: str
    node_id: int | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def audit_many(*, actor: Actor, verb: str, subject_type: str, lines: Iterable[Line]) -> None:
    """Append one line for each record of a bulk change, in one statement a thousand."""
    _append([_entry(actor, verb, subject_type, line) for line in lines])


def _append(entries: Sequence[AuditEntry]) -> None:
    """Insert without RETURNING, which ``ignore_conflicts`` leaves away: the writer need not be a reader."""
    AuditEntry.objects.bulk_create(entries, batch_size=1000, ignore_conflicts=True)


def _entry(actor: Actor, verb: str, subject_type: str, line: Line) -> AuditEntry:
    old, new = _difference(line.before, line.after)
    origin = actor.origin
    return AuditEntry(
        at=clock.now(),
        person_id=actor.user_id,
        person_name=actor.name[:160],
        verb=str(verb),
        subject_type=subject_type,
        subject_id=str(line.subject_id),
        subject_label=line.subject_label[:240],
        node_id=line.node_id,
        before=old,
        after=new,
        channel=origin.channel,
        ip=origin.ip or None,
        agent=origin.agent[:240],
        request_id=origin.request_id,
    )


def _difference(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    old = None if before is None else {key: _plain(value) for key, value in before.items()}
    new = None if after is None else {key: _plain(value) for key, value in after.items()}
    if old is None or new is None:
        return old, new
    changed = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return {key: old.get(key) for key in changed}, {key: new.get(key) for key in changed}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def record_preset(*, actor: Actor, carmaker: str, part: str, digest: str, changes: int) -> None:
    """Note that a part of a preset was applied: writes the version, then the audit line."""
    PresetVersion.objects.create(
        carmaker=carmaker, part=part, digest=digest, changes=changes, at=clock.now(), person_name=actor.name
    )
    after = {"digest": digest, "changes": changes}
    audit(actor=actor, verb=Verb.APPLY_PRESETS, subject_type="preset", subject_id=f"{carmaker}/{part}", after=after)


def apply_preset_part(*, actor: Actor, carmaker: str, key: str, digest: str) -> int:
    """Apply one part of a preset as it was shown: checks, lets its capability write and audit, notes the
    version. Return the number of changes.

    :raises NotFound: there is no such preset or part.
    :raises Conflict: the file is no longer the one whose difference was shown.
    """
    check_everywhere(actor, Verb.APPLY_PRESETS)
    part = next((part for part in presets.read(carmaker) if part.loader.key == key), None)
    if part is None:
        raise NotFound(_("There is no preset of this name."))
    if part.digest != digest:
        raise Conflict(_("The preset changed since its difference was shown: look at it again."))
    check_everywhere(actor, part.loader.verb)
    with db.atomic():
        changes = presets.apply(actor, part)
        record_preset(actor=actor, carmaker=carmaker, part=key, digest=digest, changes=len(changes))
    return len(changes)


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
    reader's name and the moment in it, appends the audit line with the number of rows.

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
    body = list(export_rows(table.columns, _prepared(table, rows, actor)))
    content = writer(heading, body, note)
    after = {"rows": len(body), "kind": kind, "query": query, "columns": [column.key for column in table.columns]}
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


def remembered(*, person_id: int, key: str, fingerprint: str) -> Reply | None:
    """Return the first answer given under this idempotency key, or None.

    :raises Conflict: the key was used for another request.
    """
    reply = Reply.objects.filter(person_id=person_id, key=key).first()
    if reply and reply.fingerprint != fingerprint:
        raise Conflict(_("This idempotency key was used for a different request."))
    return reply


def remember(*, person_id: int, key: str, fingerprint: str, status: int, body: str) -> None:
    """Keep an answer in the caller's transaction, so that it exists exactly if its effect does."""
    Reply.objects.create(
        person_id=person_id, key=key, fingerprint=fingerprint, status=status, body=body, at=clock.now()
    )


def count_call(*, key: str, at: datetime.datetime) -> int:
    """Count one API call under a key and return how many there were in this minute.

    Called before the request's transaction opens, so that it commits at once and nobody waits for it.
    """
    minute = int(at.timestamp() // 60)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_calls AS c (key, minute, calls) VALUES (%s, %s, 1)"
            " ON CONFLICT (key, minute) DO UPDATE SET calls = c.calls + 1 RETURNING calls",
            [key, minute],
        )
        return int(cursor.fetchone()[0])


def forget_replies(*, at: datetime.datetime) -> int:
    """Delete answers older than a day, and the counts of calls; return how many answers."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_calls WHERE minute < %s", [int(at.timestamp() // 60) - 5])
    return Reply.objects.filter(at__lt=at - datetime.timedelta(days=1)).delete()[0]
