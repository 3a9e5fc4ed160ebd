"""Files and findings hold what was said of people: they go some time after their import ended."""

import datetime

from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.intake.models import Finding, Run
from guanxi.intake.permissions import Verb
from guanxi.intake.services.staging import folders
from guanxi.intake.states import WORKING
from guanxi.records import services as records

KEPT = datetime.timedelta(days=90)


def forget_runs(*, actor: Actor, at: datetime.datetime) -> int:
    """Delete files, samples and findings of imports that ended 90 days ago, or began and were left; the runs with their
    counts stay, and what is needed to undo them. Audits each; returns how many.
    """
    old = Run.objects.filter(emptied_at__isnull=True, at__lt=at - KEPT).exclude(state__in=WORKING)
    rows = list(old.exclude(ended_at__gte=at - KEPT).order_by("pk")[:500])
    with db.atomic():
        Finding.objects.filter(run__in=rows).delete()
        for row in rows:
            row.sheets, row.emptied_at = [], at
        Run.objects.bulk_update(rows, ["sheets", "emptied_at"])
        lines = [records.Line(row.pk, row.file_name, row.place_id, None, {"emptied": True}) for row in rows]
        records.audit_many(actor=actor, verb=Verb.IMPORT_FILE, subject_type="import", lines=lines)
    for row in rows:
        folders.remove(row.pk)
    folders.remove_strangers({*Run.objects.values_list("pk", flat=True)}, at)
    return len(rows)
