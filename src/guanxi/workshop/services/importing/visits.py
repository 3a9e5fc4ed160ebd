"""Workshop visits: how a file of them becomes visits, relations, readings and doubts (INFO-13, INFO-18)."""

from collections import Counter

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Relation
from guanxi.intake.services.dealer_files import VISITS
from guanxi.intake.services.staging import changes, loading
from guanxi.intake.services.staging.loading import Tell
from guanxi.intake.services.staging.mergers import Merger, Result, Values
from guanxi.vehicles.models import OwnerDoubt, Reading, Vehicle
from guanxi.vehicles.services.importing import deriving
from guanxi.workshop.models import Visit
from guanxi.workshop.services.importing import matching, shaping, writing

TOUCHED = """
DROP TABLE IF EXISTS intake_touched;
CREATE TEMP TABLE intake_touched ON COMMIT DROP AS SELECT DISTINCT customer_id AS id FROM customers_relation
WHERE run_id = %(run)s
"""
CUSTOMER, CAR = "customers:customer", "vehicles:vehicle"


def match(cursor: CursorWrapper, values: Values, tell: Tell) -> None:
    """Find out which cars the staged rows mean; and, when they are to be written, which visits."""
    steps = matching.LOOK if values["at"] is None else matching.STEPS
    loading.walk(cursor, steps, values, tell)


def write(cursor: CursorWrapper, values: Values, tell: Tell) -> Result:
    """Write what was matched, let each car show its newest plausible mileage, note who is a stranger to a car."""
    cursor.execute(writing.HOLD)
    tell("changes", 0, 0)
    changes.begin(cursor, values)
    changed = Counter({item.table: changes.apply(cursor, item, values) for item in (writing.VISIT, writing.READING)})
    added = loading.walk(cursor, writing.STEPS, values, tell)
    loading.walk(cursor, writing.JUDGING, values, tell)
    changed["vehicles_vehicle"] += changes.apply(cursor, writing.ODOMETER, values)
    added |= loading.walk(cursor, writing.AFTER, values, tell)
    return Result(added, changed)


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
    columns=shaping.COLUMNS,
    looked=("row", "vin", "plate"),
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
