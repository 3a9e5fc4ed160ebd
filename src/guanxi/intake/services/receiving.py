"""Files on their way in: received, looked at, their columns chosen, dropped again."""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db, jobs
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.intake import queries
from guanxi.intake.models import Mapping as Remembered
from guanxi.intake.models import Run
from guanxi.intake.permissions import Verb
from guanxi.intake.services import reading
from guanxi.intake.services.files import limits
from guanxi.intake.services.sheets import SheetInfo, Workbook
from guanxi.intake.services.staging import choices, folders, mergers, moving
from guanxi.intake.states import OPEN, State
from guanxi.records import services as records

SHOWN_ROWS, SHOWN_CELL = 14, 60


def add_run(
    *, actor: Actor, place_id: int, source: str, name: str, content: BinaryIO, at: datetime.datetime, day: datetime.date
) -> Run:  # fmt: skip
    """Receive a file: checks, keeps it, looks at its sheets, proposes what they are, audits. Nothing is written to
    customers and cars before its columns are chosen and it is checked.

    :raises Invalid: the file is none that can be read, or the system has no name.
    :raises NotFound: there is no such place for this actor.
    """
    check(actor, Verb.IMPORT_FILE, place_id)
    place = queries.place(actor, Verb.IMPORT_FILE, place_id, day)
    if not source.strip():
        raise Invalid(_("Say from which system the file comes."), field="source")
    path, size = folders.receive(content, limits.LARGEST_TEXT)
    try:
        book = reading.inspect(path, name)
        with db.atomic():
            run = Run(
                at=at, person_id=actor.user_id, person_name=actor.name[:160], language=get_language() or "",
                place=place, source=source.strip()[:40], file_name=Path(name).name[:200], digest=_digest(path),
                size=size,
                sheets=[_kept(sheet) for sheet in book.sheets],
            )  # fmt: skip
            _propose(run, book)
            run.save()
            records.audit(
                actor=actor, verb=Verb.IMPORT_FILE, subject_type="import", subject_id=run.pk,
                subject_label=run.file_name, node_id=place_id,
                after={"state": run.state, "source": run.source, "size": size, "digest": run.digest},
            )  # fmt: skip
            folders.adopt(path, run.pk)
    finally:
        path.unlink(missing_ok=True)
    return run


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _kept(sheet: SheetInfo) -> dict[str, Any]:
    """Return a sheet as it is stored: its first rows, long cells cut."""
    most = max(SHOWN_ROWS, sheet.header_row + 10)
    sample = [[cell[:SHOWN_CELL] for cell in row] for row in sheet.sample[:most]]
    return asdict(sheet) | {"sample": sample, "headings": list(sheet.headings)}


def _propose(run: Run, book: Workbook) -> None:
    """Choose the sheet, kind and columns that fit best; those of the last time before all others."""
    best = -1.0
    for number, sheet in enumerate(book.sheets):
        proposal = choices.propose(run, sheet)
        score = proposal[2] + (0.01 if sheet.visible else 0)
        if sheet.rows and score > best:
            best = score
            run.sheet, run.header_row = number, sheet.header_row
            run.kind, run.mapping = proposal[0], dict(proposal[1])


def choose_columns(
    *, actor: Actor, run_id: int, sheet: int, header_row: int, kind: str, mapping: Mapping[str, int],
    at: datetime.datetime,
) -> Run:  # fmt: skip
    """Say what the columns of a file are, and let it be checked: locks, checks, writes, remembers the columns for the
    next file of this system with these headings, stores the job, audits.

    :raises Conflict: it is being worked at, or was written already.
    :raises Invalid: the sheet, the kind or a column does not exist, or a required one is missing.
    """
    with db.atomic():
        run = moving.move(actor, run_id, State.CHECKING, Verb.IMPORT_FILE)
        headings = _chosen(run, sheet, header_row, kind, mapping)
        run.sheet, run.header_row, run.kind = sheet, header_row, kind
        run.mapping, run.problem, run.counts = dict(mapping), "", {}
        run.save(update_fields=["sheet", "header_row", "kind", "mapping", "problem", "counts", "state"])
        Remembered.objects.update_or_create(
            place_id=run.place_id, source=run.source, digest=queries.digest(headings),
            defaults={"kind": kind, "used_at": at, "columns": {key: headings[at] for key, at in mapping.items()}},
        )  # fmt: skip
        jobs.enqueue("intake.check", lock=f"intake.{run.pk}", run_id=run.pk)
        records.audit(
            actor=actor, verb=Verb.IMPORT_FILE, subject_type="import", subject_id=run.pk, subject_label=run.file_name,
            node_id=run.place_id, after={"state": run.state, "kind": kind, "columns": sorted(mapping)},
        )  # fmt: skip
    return run


def _chosen(run: Run, sheet: int, header_row: int, kind: str, mapping: Mapping[str, int]) -> list[str]:
    """Refuse what does not fit the file; return the headings of the sheet as chosen."""
    found = choices.sheets(run)
    if not 0 <= sheet < len(found):
        raise Invalid(_("The file has no such sheet."), field="sheet")
    if kind not in {merger.kind.key for merger in mergers.mergers()}:
        raise Invalid(_("Choose what the file holds."), field="kind")
    chosen = found[sheet]
    if not 0 <= header_row < max(chosen.rows, 1):
        raise Invalid(_("The sheet has no such row."), field="header_row")
    fields = mergers.merger(kind).kind
    known = {item.key for item in fields.fields}
    if set(mapping) - known or any(not 0 <= column < chosen.columns for column in mapping.values()):
        raise Invalid(_("The columns chosen do not fit this file."), field="mapping")
    missing = [str(fields.field(key).label) for key in choices.lacking(run, kind, mapping)]
    if missing:
        raise Invalid(_("Choose a column for: %(fields)s") % {"fields": "、".join(missing)}, field="mapping")
    return choices.headings_at(chosen, header_row)


def drop_run(*, actor: Actor, run_id: int) -> None:
    """Drop an import of which nothing was written: locks, checks, audits, deletes it with its file.

    :raises Conflict: it is being worked at, or was written.
    """
    with db.atomic():
        run = db.lock(queries.visible_to(actor), run_id)
        check(actor, Verb.IMPORT_FILE, run.place_id)
        if run.state not in OPEN:
            raise Conflict(_("An import that was written stays on record; undo it instead."))
        records.audit(
            actor=actor, verb=Verb.IMPORT_FILE, subject_type="import", subject_id=run.pk, subject_label=run.file_name,
            node_id=run.place_id, before={"state": run.state}, after={"state": "DROPPED"},
        )  # fmt: skip
        run.delete()
    folders.remove(run_id)
