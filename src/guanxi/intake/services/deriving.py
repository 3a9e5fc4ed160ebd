"""What hangs on the people of a large import is written after it, a part at a time: search words, quality."""

import datetime

from django.db import connection

from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.intake.models import Run
from guanxi.intake.services.staging import loading, mergers, moving


def derive_part(*, actor: Actor, run_id: int, first: int, last: int, at: datetime.datetime) -> None:  # noqa: ARG001 -- who asks is always the system
    """Derive words and quality of everybody whose key lies between two, note that it is done. Doing it again changes
    nothing; the import itself wrote the audit line.
    """
    with db.atomic():
        moving.beside_merges()
        run = Run.objects.filter(pk=run_id).first()
        if run is None:
            return
        with connection.cursor() as cursor:
            cursor.execute(loading.ROOM)
            mergers.merger(run.kind).derive_range(cursor, {"run": run_id, "first": first, "last": last, "at": at})
        run = db.lock(Run.objects, run_id)
        run.counts["later"] = [part for part in run.counts.get("later", []) if part != [first, last]]
        run.save(update_fields=["counts"])
