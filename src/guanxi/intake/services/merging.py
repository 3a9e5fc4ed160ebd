"""Checked rows are written: all of them in one transaction, or none; one import at a time."""

import datetime
import logging
from collections.abc import Mapping
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _

from guanxi.foundation import db, jobs
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import DomainError
from guanxi.intake.models import Run
from guanxi.intake.permissions import Verb
from guanxi.intake.services.staging import choices, findings, loading, mergers, moving, progress
from guanxi.intake.services.staging.mergers import Result
from guanxi.intake.services.staging.progress import Teller
from guanxi.intake.states import State
from guanxi.records import services as records

log = logging.getLogger(__name__)


def start_merge(*, actor: Actor, run_id: int) -> Run:
    """Let a checked import be written: locks, checks, stores the job, audits.

    :raises Conflict: it is not checked, or is written already.
    """
    with db.atomic():
        run = moving.move(actor, run_id, State.MERGING, Verb.IMPORT_FILE)
        run.problem = ""
        run.save(update_fields=["state", "problem"])
        jobs.enqueue("intake.merge", lock=f"intake.{run.pk}", run_id=run.pk)
        records.audit(
            actor=actor, verb=Verb.IMPORT_FILE, subject_type="import", subject_id=run.pk, subject_label=run.file_name,
            node_id=run.place_id, after={"state": run.state},
        )  # fmt: skip
    return run


def merge_run(*, actor: Actor, run_id: int, at: datetime.datetime, day: datetime.date) -> Run:
    """Write a run: takes the lock of all merges, stages its rows, finds out whom they mean, changes and adds, derives
    words and quality or stores the jobs that do when there are many, keeps counts and findings, audits, publishes
    ImportEnded. All or nothing: what goes wrong leaves the run checked, with a sentence.
    """
    with db.atomic():
        db.serialise(moving.MERGE)
        run = db.lock(Run.objects.select_related("place"), run_id)
        if run.state != State.MERGING:
            return run
        try:
            with db.atomic(), progress.telling(run_id) as tell:
                run.merged_at = at
                run.save(update_fields=["merged_at"])
                run.counts = run.counts | _merge(run, tell, at, day)
                run.state = State.DONE
        except (OperationalError, InterfaceError):
            raise
        except (DomainError, DatabaseError) as error:
            log.exception("import %s could not be written", run_id)
            run.state, run.merged_at = State.CHECKED, None
            run.problem = (
                str(error.message)
                if isinstance(error, DomainError)
                else _("It could not be written; nothing was changed.")
            )
        run.ended_at = at
        run.save(update_fields=["state", "problem", "counts", "merged_at", "ended_at"])
        records.audit(
            actor=actor, verb=Verb.IMPORT_FILE, subject_type="import", subject_id=run.pk, subject_label=run.file_name,
            node_id=run.place_id, after={"state": run.state, "counts": run.counts, "source": run.source},
        )  # fmt: skip
        moving.ended(run)
    return run


def _merge(run: Run, tell: Teller, at: datetime.datetime, day: datetime.date) -> dict[str, Any]:
    merger = mergers.merger(run.kind)
    values = choices.values(run, at, day)
    with connection.cursor() as cursor:
        tell("staging", 0, 0)
        loading.begin(cursor, run.pk)
        merger.match(cursor, values, tell)
        result = merger.write(cursor, values, tell)
        left = merger.derive_new(cursor, values, tell)
        if left:
            db.analyse(*result.added)
        for first, last in left:
            jobs.enqueue("intake.derive", run_id=run.pk, first=first, last=last)
        return _counts(result) | {"later": left} | findings.say(cursor, run, run.counts)


def _counts(result: Result) -> dict[str, Mapping[str, int]]:
    return {
        "added": {name: count for name, count in result.added.items() if count},
        "changed": {name: count for name, count in result.changed.items() if count},
    }
