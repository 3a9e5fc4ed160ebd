"""What was written since the last pass: whom it is about is noted at once, their states follow in one job."""

import datetime
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from guanxi.foundation import db, jobs
from guanxi.foundation.columnar import Connection
from guanxi.foundation.facts import Fact
from guanxi.insight.models import Night, Touched

MOST = 20_000  # of more, the pass over all is quicker
OF_RUN = """
INSERT INTO insight_touched (customer_id, vehicle_id)
SELECT customer_id, NULL::bigint FROM customers_relation WHERE run_id = %(run)s
UNION SELECT customer_id, NULL::bigint FROM vehicles_participant WHERE run_id = %(run)s
UNION SELECT customer_id, NULL::bigint FROM workshop_visit WHERE run_id = %(run)s AND customer_id IS NOT NULL
UNION SELECT NULL::bigint, vehicle_id FROM workshop_visit WHERE run_id = %(run)s
UNION SELECT NULL::bigint, vehicle_id FROM vehicles_reading WHERE run_id = %(run)s
UNION SELECT NULL::bigint, id FROM vehicles_vehicle WHERE run_id = %(run)s
"""
CARS_OF = """
SELECT vehicle_id FROM vehicles_participant WHERE customer_id = ANY(%(customers)s)
UNION SELECT unnest(%(vehicles)s::bigint[])
"""


def touch(*, customers: Iterable[int | None] = (), vehicles: Iterable[int] = ()) -> None:
    """Note of whom something was written, and store the job that follows; one that finds nothing left costs nothing."""
    rows = [Touched(customer_id=pk) for pk in customers if pk is not None]
    rows += [Touched(vehicle_id=pk) for pk in vehicles]
    Touched.objects.bulk_create(rows)
    jobs.enqueue("insight.follow", lock="insight")


def note_visit(
    *, vehicle_id: int, customer_id: int | None, was_customer_id: int | None = None, **_values: Any
) -> None:  # fmt: skip
    """Note a visit that was recorded or corrected."""
    touch(customers=[customer_id, was_customer_id], vehicles=[vehicle_id])


def note_car(*, vehicle_id: int, customer_id: int | None = None, **_values: Any) -> None:
    """Note a car that was added, sold, read or lost."""
    touch(customers=[customer_id], vehicles=[vehicle_id])


def note_owners(*, vehicle_id: int, old_customer_id: int | None, new_customer_id: int, **_values: Any) -> None:
    """Note a car that changed hands."""
    touch(customers=[old_customer_id, new_customer_id], vehicles=[vehicle_id])


def note_customer(*, customer_id: int, **_values: Any) -> None:
    """Note a customer who became known to an outlet."""
    touch(customers=[customer_id])


def note_merge(*, kept_id: int, gone_id: int, **_values: Any) -> None:
    """Note two records that became one, or one that became two again."""
    touch(customers=[kept_id, gone_id])


def note_import(*, run_id: int, state: str, added: int, changed: int, **_values: Any) -> None:
    """Note what an import wrote; a large one, and one that was taken back, is followed by a pass over all."""
    if state == "DONE" and added + changed <= MOST:
        with connection.cursor() as cursor:
            cursor.execute(OF_RUN, {"run": run_id})
        touch()
    elif state in {"DONE", "UNDONE"}:
        jobs.enqueue("insight.night", queueing_lock="insight.night", lock="insight")


def follow(*, day: datetime.date) -> int:
    """Bring the states of all of whom something was written up to date, by the rules and limits of the nightly pass,
    and return of how many customers and cars. Before the first pass there is nothing to bring up to date.
    """
    with db.atomic(), connection.cursor() as cursor:
        db.serialise("insight")
        cursor.execute("DELETE FROM insight_touched RETURNING customer_id, vehicle_id")
        rows = cursor.fetchall()
        customers = sorted({customer for customer, _vehicle in rows if customer is not None})
        last = Night.objects.order_by("-day").values_list("day", flat=True).first()
        if not rows or last is None:
            return 0
        cursor.execute(CARS_OF, {"customers": customers, "vehicles": [pk for _c, pk in rows if pk is not None]})
        vehicles = sorted(row[0] for row in cursor.fetchall())
        _work_out(cursor, max(day, last), customers, vehicles)
        return len(customers) + len(vehicles)


def _work_out(cursor: CursorWrapper, day: datetime.date, customers: Sequence[int], vehicles: Sequence[int]) -> None:
    from guanxi.insight import datasets
    from guanxi.insight.services import working

    folder = Path(tempfile.mkdtemp(prefix="follow-", dir=datasets.place().parent))
    try:
        with datasets.opened(folder) as duck:
            for fact in datasets.FACTS:
                _read(cursor, duck, fact, folder, {"customers": list(customers), "vehicles": list(vehicles)})
                datasets.view(duck, fact, day, f"some_{fact.name}")
            working.lay_paces(duck)
            working.prepare(duck, day)
            working.merge(duck, folder, day, customer_ids=customers, vehicle_ids=vehicles)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _read(cursor: CursorWrapper, duck: Connection, fact: Fact, folder: Path, keys: dict[str, list[int]]) -> None:
    """Read those rows of a fact that are about some customers or cars; of one that is about neither, all."""
    from guanxi.insight import datasets

    asked = [f"{fact.customer} = ANY(%(customers)s)"] if fact.customer else []
    asked += [f"{fact.vehicle} = ANY(%(vehicles)s)"] if fact.vehicle else []
    path = folder / f"{fact.name}.csv"
    condition = f" AND ({' OR '.join(asked)})" if asked else ""
    datasets.copy_out(cursor, fact.select + condition, keys, path)
    datasets.read_in(duck, fact, path, f"some_{fact.name}")
