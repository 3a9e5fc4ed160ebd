"""Files on their way in: received, looked at, their columns chosen, dropped again."""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, replace
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
from guanxi.intake.services import proposing, reading
from guanxi.intake.services.files import limits
from guanxi.intake.services.sheets import Form, SheetInfo, Workbook
from guanxi.intake.services.staging import folders, mergers
from guanxi.intake.states import MOVES, OPEN, State
from guanxi.network.states import Kind
from guanxi.records import services as records

SHOWN_ROWS, SHOWN_CELL = 14, 60
OUTLET = "outlet"


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


def sheets(run: Run) -> list[SheetInfo]:
    """Return the sheets of a run as they were found."""
    return [
        SheetInfo(**(kept | {
            "form": Form(kept["form"]), "headings": tuple(kept["headings"]),
            "sample": tuple(tuple(row) for row in kept["sample"]),
        }))
        for kept in run.sheets
    ]  # fmt: skip


def _propose(run: Run, book: Workbook) -> None:
    """Choose the sheet, kind and columns that fit best; those of the last time before all others."""
    best = -1.0
    for number, sheet in enumerate(book.sheets):
        proposal = propose(run, sheet)
        score = proposal[2] + (0.01 if sheet.visible else 0)
        if sheet.rows and score > best:
            best = score
            run.sheet, run.header_row = number, sheet.header_row
            run.kind, run.mapping = proposal[0], dict(proposal[1])


def propose(run: Run, sheet: SheetInfo, kind: str = "") -> tuple[str, Mapping[str, int], float]:
    """Return kind, columns and score of a sheet: as the last time with these headings, else as they look."""
    known = queries.remembered(run.place_id, run.source, sheet.headings)
    if known is not None and kind in {"", known.kind}:
        at = {heading: number for number, heading in enumerate(sheet.headings)}
        return known.kind, {key: at[heading] for key, heading in known.columns.items() if heading in at}, 2.0
    kinds = [merger.kind for merger in mergers.mergers() if kind in {"", merger.kind.key}]
    found = proposing.propose(sheet, kinds)
    return (found.kind_key, found.mapping, found.score) if found else (kind, {}, 0.0)


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
        run = move(actor, run_id, State.CHECKING, Verb.IMPORT_FILE)
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


def move(actor: Actor, run_id: int, state: State, verb: str) -> Run:
    """Lock a visible run and let it go on to a state; the caller saves and audits.

    :raises Conflict: from where it is, it cannot.
    """
    run = db.lock(queries.visible_to(actor), run_id)
    check(actor, verb, run.place_id)
    if state not in MOVES[run.state]:
        raise Conflict(_("This import is at another step by now: look at it again."))
    run.state = state
    return run


def _chosen(run: Run, sheet: int, header_row: int, kind: str, mapping: Mapping[str, int]) -> list[str]:
    """Refuse what does not fit the file; return the headings of the sheet as chosen."""
    found = sheets(run)
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
    missing = [str(fields.field(key).label) for key in lacking(run, kind, mapping)]
    if missing:
        raise Invalid(_("Choose a column for: %(fields)s") % {"fields": "、".join(missing)}, field="mapping")
    return headings_at(chosen, header_row)


def lacking(run: Run, kind: str, mapping: Mapping[str, int]) -> list[str]:
    """Return the fields that need a column and have none; all of them where the kind is not known."""
    if kind not in {merger.kind.key for merger in mergers.mergers()}:
        return ["kind"]
    return [key for key in required(run, kind) if key not in mapping]


def required(run: Run, kind: str) -> list[str]:
    """Return the fields that need a column: those of the kind, and the outlet where the place is none."""
    outlet = [OUTLET] if run.place.kind != Kind.OUTLET else []
    return [*mergers.merger(kind).kind.required, *outlet]


def headings_at(sheet: SheetInfo, header_row: int) -> list[str]:
    """Return the headings of a sheet in the row that a person chose."""
    if header_row == sheet.header_row or not 0 < header_row <= len(sheet.sample):
        return list(sheet.headings)
    return [" ".join(cell.split()) for cell in sheet.sample[header_row - 1]]


def with_header(sheet: SheetInfo, header_row: int) -> SheetInfo:
    """Return a sheet as if its headings stood in the row that a person chose."""
    return replace(sheet, header_row=header_row, headings=tuple(headings_at(sheet, header_row)))


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
