"""A written import is taken back as a whole, as long as nothing newer touched its rows."""

import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db, jobs
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict
from guanxi.intake.models import Run
from guanxi.intake.permissions import Verb
from guanxi.intake.services.staging import choices, loading, mergers, moving, progress, restoring
from guanxi.intake.services.staging.progress import Teller
from guanxi.intake.services.staging.restoring import Hindrance
from guanxi.intake.states import State
from guanxi.records import services as records


def start_undo(*, actor: Actor, run_id: int) -> Run:
    """Let an import be taken back: locks, checks, stores the job, audits.

    :raises Conflict: it is not written, or is undone already.
    """
    with db.atomic():
        run = moving.move(actor, run_id, State.UNDOING, Verb.UNDO_IMPORT)
        run.problem = ""
        run.save(update_fields=["state", "problem"])
        jobs.enqueue("intake.undo", lock=f"intake.{run.pk}", run_id=run.pk)
        records.audit(
            actor=actor, verb=Verb.UNDO_IMPORT, subject_type="import", subject_id=run.pk, subject_label=run.file_name,
            node_id=run.place_id, after={"state": run.state},
        )  # fmt: skip
    return run


def undo_run(*, actor: Actor, run_id: int, at: datetime.datetime, day: datetime.date) -> Run:
    """Take a run back: takes the lock of all merges, locks its rows, looks for what is newer, deletes what it added,
    gives back what it changed, derives, audits, publishes ImportEnded. What is newer leaves everything as it is, with a
    sentence that says what it is and the addresses of the first rows.
    """
    with db.atomic():
        db.serialise(moving.MERGE)
        run = db.lock(Run.objects.select_related("place"), run_id)
        if run.state != State.UNDOING:
            return run
        try:
            with db.atomic(), progress.telling(run_id) as tell:
                run.counts = run.counts | _undo(run, tell, at, day) | {"hindrances": []}
                run.state, run.undone_at = State.UNDONE, at
        except _Hindered as error:
            run.state, run.problem = State.DONE, str(error.message)[:600]
            run.counts = run.counts | {"hindrances": [url for found in error.found for url in found.urls][:3]}
        run.ended_at = at
        run.save(update_fields=["state", "problem", "counts", "undone_at", "ended_at"])
        records.audit(
            actor=actor, verb=Verb.UNDO_IMPORT, subject_type="import", subject_id=run.pk, subject_label=run.file_name,
            node_id=run.place_id, after={"state": run.state, "problem": run.problem},
        )  # fmt: skip
        moving.ended(run)
    return run


class _Hindered(Conflict):
    """Something is newer than the run."""

    def __init__(self, found: list[Hindrance]) -> None:
        self.found = found
        named = "; ".join(f"{hindrance.label}: {hindrance.count}" for hindrance in found[:5])
        super().__init__(_("Newer changes stand in the way: %(rows)s.") % {"rows": named})


def _undo(run: Run, tell: Teller, at: datetime.datetime, day: datetime.date) -> dict[str, Any]:
    merger = mergers.merger(run.kind)
    values = choices.values(run, run.merged_at, day)
    with connection.cursor() as cursor:
        cursor.execute(loading.ROOM)
        tell("looking", 0, 4)
        restoring.lock(cursor, merger, values)
        found = restoring.hindrances(cursor, merger, values)
        if found:
            raise _Hindered(found)
        merger.touched(cursor, values)
        tell("removing", 1, 4)
        merger.forget(cursor, values)
        restoring.forget_derived(cursor, merger, values)
        removed = restoring.remove(cursor, merger, values)
        tell("restoring", 2, 4)
        restored = restoring.restore(cursor, merger, values)
        merger.derive(cursor, {**values, "at": at}, tell)
    return {"removed": removed, "restored": restored}
