"""The warranty ends of many cars at once, as jobs: of a series whose terms changed, of the cars of an import."""

import datetime
from collections.abc import Sequence

from django.db import connection

from guanxi.foundation import db, jobs
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.intake.services.staging import moving
from guanxi.records import services as records
from guanxi.vehicles.permissions import Verb

# The terms of the whole car that held when it was sold; the newest of them counts.
ENDS = """
SELECT v.id, (v.sold_on + t.months * interval '1 month')::date AS until, t.km
FROM vehicles_vehicle v JOIN vehicles_trim tr ON tr.id = v.trim_id
JOIN vehicles_carmodel m ON m.id = tr.model_id
CROSS JOIN LATERAL (
  SELECT t.months, t.km FROM vehicles_warrantyterm t
  WHERE t.series_id = m.series_id AND t.is_whole_car AND t.valid_from <= v.sold_on
  ORDER BY t.valid_from DESC LIMIT 1) t
WHERE v.sold_on IS NOT NULL AND """
OTHER = "(v.warranty_until, v.warranty_km) IS DISTINCT FROM (w.until, w.km)"
OF_SERIES = (
    "UPDATE vehicles_vehicle v SET warranty_until = w.until, warranty_km = w.km, touched_at = %(at)s"  # noqa: S608 -- our own text
    f" FROM ({ENDS} m.series_id = %(series)s) w WHERE w.id = v.id AND {OTHER}"
)
# The cars that a run brought or changed. Of those that were there before, what their end was is kept with the rest that
# the run changed: its undo gives it back. Nobody has touched them: ``touched_at`` stays, or the undo would be hindered.
OF_RUN = """(v.run_id = %(run)s OR v.id = ANY(ARRAY(
  SELECT key FROM intake_before WHERE run_id = %(run)s AND table_name = 'vehicles_vehicle')))"""
KEEP = f"""
UPDATE intake_before b
SET values = jsonb_build_object('warranty_until', v.warranty_until, 'warranty_km', v.warranty_km) || b.values
FROM vehicles_vehicle v JOIN ({ENDS} {OF_RUN}) w ON w.id = v.id
WHERE b.run_id = %(run)s AND b.table_name = 'vehicles_vehicle' AND b.key = v.id AND {OTHER}
"""  # noqa: S608 -- our own text
DATE = (
    "UPDATE vehicles_vehicle v SET warranty_until = w.until, warranty_km = w.km"  # noqa: S608 -- our own text
    f" FROM ({ENDS} {OF_RUN}) w WHERE w.id = v.id AND {OTHER}"
)


def date_warranties(*, actor: Actor, series_id: int, at: datetime.datetime) -> int:
    """Reckon the warranty end of all cars of a series from its present terms (LIFE-17), as a job: checks, one
    statement, audits with the number. Return how many cars changed.
    """
    check_everywhere(actor, Verb.CHANGE_CATALOGUE)
    with db.atomic():
        with connection.cursor() as cursor:
            cursor.execute(OF_SERIES, {"series": series_id, "at": at})
            changed = int(cursor.rowcount)
        records.audit(
            actor=actor, verb=Verb.CHANGE_CATALOGUE, subject_type="series", subject_id=series_id,
            after={"warranties_reckoned": changed},
        )  # fmt: skip
    return changed


def reckon_later(series_ids: Sequence[int]) -> None:
    """Let a job reckon the warranties of some series, in the caller's transaction; the job writes the line."""
    for series_id in series_ids:
        jobs.enqueue("vehicles.date_warranties", queueing_lock=f"vehicles.warranty.{series_id}", series_id=series_id)


def date_imported(*, actor: Actor, run_id: int) -> int:
    """Reckon the warranty end of the cars that an import brought or changed (LIFE-17), as a job: checks, waits until
    no import is written or undone, keeps for an undo what was there, two statements, audits with the number. Return
    how many cars changed; of a run that is undone by now none are left.
    """
    check_everywhere(actor, Verb.CHANGE)
    with db.atomic():
        moving.beside_merges()
        with connection.cursor() as cursor:
            cursor.execute(KEEP, {"run": run_id})
            cursor.execute(DATE, {"run": run_id})
            changed = int(cursor.rowcount)
        if changed:
            records.audit(
                actor=actor, verb=Verb.CHANGE, subject_type="import", subject_id=run_id,
                after={"warranties_reckoned": changed},
            )  # fmt: skip
    return changed
