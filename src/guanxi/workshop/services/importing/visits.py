"""Workshop visits: how a file of them becomes visits, relations, readings and doubts (INFO-13, INFO-18)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Relation
from guanxi.foundation.columnar import Connection
from guanxi.intake.services.dealer_files import VISITS
from guanxi.intake.services.staging import changes, exchanging, loading
from guanxi.intake.services.staging.exchanging import Finished
from guanxi.intake.services.staging.loading import Tell
from guanxi.intake.services.staging.mergers import Merger, Result, Values
from guanxi.vehicles.models import OwnerDoubt, Reading, Vehicle
from guanxi.vehicles.services.importing import deriving
from guanxi.workshop.models import Visit
from guanxi.workshop.services.importing import joining, judging, matching, shaping, writing

TOUCHED = """
DROP TABLE IF EXISTS intake_touched;
CREATE TEMP TABLE intake_touched ON COMMIT DROP AS SELECT DISTINCT customer_id AS id FROM customers_relation
WHERE run_id = %(run)s
"""
CUSTOMER, CAR = "customers:customer", "vehicles:vehicle"


def match(cursor: CursorWrapper, values: Values, tell: Tell) -> None:
    """Find out which cars the rows mean."""
    with loading.opened(values["run"]) as duck:
        matching.match(cursor, duck, values, tell)


def write(cursor: CursorWrapper, values: Values, tell: Tell) -> Result:
    """Write what was matched, let each car show its newest plausible mileage, note who is a stranger to a car: DuckDB
    joins, groups and judges, the database changes what is there and adds what is finished, DuckDB going on meanwhile.
    """
    tell("changes", 0, 0)
    changes.begin(cursor, values)
    with loading.opened(values["run"]) as duck, ThreadPoolExecutor(max_workers=1) as aside:
        joining.join(cursor, duck, values)
        judging.know(cursor, duck, values)
        for table, (shape, query) in writing.LOOKED_AT.items():
            exchanging.make(cursor, duck, table, shape, query)
        changed = Counter(
            {item.table: changes.apply(cursor, item, values) for item in (writing.VISIT, writing.READING)}
        )
        stamp = {"at": values["at"].isoformat(), "run": int(values["run"])}
        visits = exchanging.finish(duck, "workshop_visit_new", writing.VISITS.format(**stamp))
        readings = aside.submit(_judge, duck, stamp)
        added = loading.walk(cursor, writing.RELATING, values, tell)
        added["workshop_visit"] = _add(cursor, "workshop_visit", writing.VISIT_COLUMNS, visits, tell)
        added["vehicles_reading"] = _add(cursor, "vehicles_reading", writing.READING_COLUMNS, readings.result(), tell)
        tell("readings", 0, 0)
        exchanging.make(cursor, duck, "intake_wrong", {"id": "bigint"}, judging.NOW_WRONG)
        exchanging.make(cursor, duck, "intake_newest", writing.NEWEST, judging.NEWEST)
    cursor.execute(writing.WRONG)
    changed["vehicles_vehicle"] += changes.apply(cursor, writing.ODOMETER, values)
    added |= loading.walk(cursor, writing.AFTER, values, tell)
    return Result(added, changed)


def _judge(duck: Connection, stamp: Mapping[str, object]) -> Finished:
    judging.judge(duck)
    return exchanging.finish(duck, "vehicles_reading_new", judging.NEW.format(**stamp))


def _add(cursor: CursorWrapper, table: str, columns: Sequence[str], rows: Finished, tell: Tell) -> int:
    """Let finished rows through the door of a table."""
    tell(table, 0, 0)
    cursor.execute(f"SELECT {table}_stage()")
    if exchanging.put(cursor, columns, rows):
        cursor.execute(f"SELECT {table}_add()")
    return rows.count


def touched(cursor: CursorWrapper, values: Values) -> None:
    """Make the table ``intake_touched`` of the people who became an outlet's by the run."""
    cursor.execute(TOUCHED, values)


def derive_new(cursor: CursorWrapper, values: Values, tell: Tell) -> list[tuple[int, int]]:
    """Let the outlet find those who became its own."""
    touched(cursor, values)
    deriving.derive(cursor, values, tell)
    return []


MERGER = Merger(
    kind=VISITS,
    shape=shaping.shape,
    match=match,
    write=write,
    touched=touched,
    forget=deriving.forget,
    derive=deriving.derive,
    derive_new=derive_new,
    derive_range=deriving.derive_range,
    shown={
        "order_no": _("Order number"), "vin": _("VIN"), "plate": _("Plate"), "category": _("Category"),
        "entered_on": _("Came on"), "km": _("Mileage (km)"), "total": _("Total"), "brought_by": _("Brought by"),
    },
    coded={"category": "visit_categories"},
    models=(Relation, Vehicle, Reading, Visit, OwnerDoubt),
    lists={"customers_relation": "customers:customers"},
    links={
        "customers_relation": (_("Relations to outlets"), CUSTOMER, "customer_id"),
        "vehicles_vehicle": (_("Cars"), CAR, "id"),
        "vehicles_reading": (_("Readings"), CAR, "vehicle_id"),
        "workshop_visit": (_("Visits"), CAR, "vehicle_id"),
        "vehicles_ownerdoubt": (_("Doubts about the owner"), CAR, "vehicle_id"),
    },
)  # fmt: skip
