"""A file is checked: read as a whole, its rows made clean and typed, held beside what is stored. Nothing is written
to customers and cars.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import connection

from guanxi.foundation import columnar, db
from guanxi.foundation.actor import Actor
from guanxi.foundation.columnar import Connection, literal, run, statement
from guanxi.foundation.errors import DomainError
from guanxi.intake.models import Run
from guanxi.intake.permissions import Verb
from guanxi.intake.services import normalising, reading
from guanxi.intake.services.judging import Counts
from guanxi.intake.services.staging import choices, findings, folders, loading, mergers, progress
from guanxi.intake.services.staging.progress import Teller
from guanxi.intake.states import State
from guanxi.records import services as records

NO_OUTLET = (
    "INSERT INTO findings SELECT row, 'outlet', $1, 'reject', 'no_outlet', outlet FROM given"
    " WHERE row NOT IN (SELECT row FROM placed)"
)
MARK = (
    "ALTER TABLE stage ADD COLUMN is_warned BOOLEAN DEFAULT false;"
    " UPDATE stage SET is_warned = true WHERE row IN (SELECT row FROM findings WHERE level = 'warn')"
)
FILES = {"stage": folders.STAGE, "raw": folders.RAW, "findings": folders.FINDINGS}
WRITE = "COPY {table} TO {target} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
SAID = """
WITH lost AS (SELECT row FROM findings WHERE code = 'no_outlet')
SELECT (SELECT count(*) FROM lost),
  (SELECT count(DISTINCT row) FROM findings WHERE level = 'warn' AND row IN (SELECT row FROM lost)),
  (SELECT count(*) FROM stage)
"""


def check_run(*, actor: Actor, run_id: int, at: datetime.datetime, day: datetime.date) -> Run:
    """Check a run whose columns are chosen: locks it, reads, cleans, shapes and keeps its rows beside the file, asks
    the store what it knows of them, writes findings and counts, audits. A file that cannot be read fails with a
    sentence.
    """
    with db.atomic():
        row = db.lock(Run.objects.select_related("place"), run_id)
        if row.state != State.CHECKING:
            return row
        try:
            with db.atomic(), progress.telling(run_id) as tell:
                row.counts = _check(row, tell, day)
                row.state, row.problem = State.CHECKED, ""
        except DomainError as error:
            row.state, row.counts, row.problem = State.FAILED, {}, _sentence(error)
        row.checked_at = row.ended_at = at
        row.save(update_fields=["state", "counts", "problem", "checked_at", "ended_at"])
        records.audit(
            actor=actor, verb=Verb.IMPORT_FILE, subject_type="import", subject_id=row.pk, subject_label=row.file_name,
            node_id=row.place_id, after={"state": row.state, "counts": row.counts},
        )  # fmt: skip
    return row


def _sentence(error: DomainError) -> str:
    return " ".join(str(problem.message) for problem in error.problems)[:600]


def _check(row: Run, tell: Teller, day: datetime.date) -> dict[str, Any]:
    merger = mergers.merger(row.kind)
    work = folders.workplace(row.pk)
    path = folders.folder(row.pk) / folders.ORIGINAL
    with columnar.connected(work, files=[path]) as duck:
        tell("reading", 0, 4)
        reading.load(duck, path, choices.sheets(row)[row.sheet])
        tell("cleaning", 1, 4)
        counts = normalising.normalise(duck, merger.kind, row.mapping, row.header_row)
        tell("cleaning", 2, 4)
        place = choices.place_of(row, day)
        merger.shape(duck, place)
        run(duck, MARK)
        if place.outlet_id is None:
            run(duck, NO_OUTLET, [choices.headings_of(row).get(choices.OUTLET, "")])
        with connection.cursor() as cursor:
            findings.keep(cursor, duck, row.pk, work)
        for table, name in FILES.items():
            run(duck, statement(WRITE, table=table, target=literal(work / name)))
        result = _counted(duck, counts)
    folders.keep(row.pk, *FILES.values())
    tell("looking", 3, 4)
    return result | _look(row, result, day, tell)


def _counted(duck: Connection, counts: Counts) -> dict[str, Any]:
    """Return the counts of the file's rows; those that name no outlet are rejected too."""
    lost, lost_warned, staged = run(duck, SAID)[0]
    levels = run(duck, "SELECT level || ' ' || code, count(*) FROM findings GROUP BY 1")
    rejected = counts.rejected + lost
    file = {"good": counts.good - (lost - lost_warned), "warned": counts.warned - lost_warned, "rejected": rejected}
    return {
        "rows": counts.rows,
        "ignored": counts.ignored,
        "staged": staged,
        **file,
        "file": file,
        "findings": dict(levels),
    }


def _look(row: Run, counts: Mapping[str, Any], day: datetime.date, tell: Teller) -> dict[str, Any]:
    """Ask the store what it says of the staged rows; return the counts with it."""
    merger = mergers.merger(row.kind)
    with connection.cursor() as cursor:
        loading.begin(cursor, row.pk)
        merger.match(cursor, choices.values(row, None, day), tell)
        return findings.say(cursor, row, counts)
