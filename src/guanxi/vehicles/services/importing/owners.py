"""Owners with their cars: how a file of them becomes customers, cars, owners and sales (INFO-13, INFO-22)."""

from collections import Counter
from itertools import chain

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Address, ContactPoint, Customer, ExternalId, Relation
from guanxi.foundation import columnar, sealing
from guanxi.foundation.columnar import literal, statement
from guanxi.intake.services.dealer_files import OWNERS
from guanxi.intake.services.staging import changes, folders, loading
from guanxi.intake.services.staging.loading import Tell
from guanxi.intake.services.staging.mergers import Merger, Result, Values
from guanxi.vehicles.models import OwnerDoubt, Participant, Plate, Sale, Vehicle
from guanxi.vehicles.services.importing import adding, changing, deriving, matching, shaping

SEALED = (
    "DROP TABLE IF EXISTS intake_sealed;"
    "CREATE TEMP TABLE intake_sealed (person bigint, sealed bytea, digest bytea, tail text) ON COMMIT DROP"
)
NUMBERS = "SELECT row, id_number FROM read_parquet({file}) WHERE id_number IS NOT NULL AND row = person"
BATCH = 10_000
LOOKED = ("row", "person", "is_car", "is_lone", "node_id", "name", "mobile", "numbers", "customer_no", "vin")
CUSTOMER, CAR = "customers:customer", "vehicles:vehicle"


def match(cursor: CursorWrapper, values: Values, tell: Tell) -> None:
    """Stage the rows, or what a look needs of them, and find out whom and which cars they mean."""
    names = shaping.COLUMNS if values["at"] else LOOKED
    loading.stage(cursor, values["run"], {name: shaping.COLUMNS[name] for name in names})
    loading.walk(cursor, matching.STEPS if values["at"] else matching.LOOK, values, tell)


def write(cursor: CursorWrapper, values: Values, tell: Tell) -> Result:
    """Write what was matched: what is there is changed first, so that what is added is not taken for it."""
    _seal(cursor, values["run"])
    loading.walk(cursor, adding.PREPARE, values, tell)
    tell("changes", 0, 0)
    changed: Counter[str] = Counter()
    if matching.any_known(cursor):
        changes.begin(cursor, values)
        demoted = changing.demote(cursor, values)
        changed = Counter(changing.change(cursor, values)) + Counter({"customers_contactpoint": demoted})
    added = loading.walk(cursor, adding.STEPS, values, tell)
    return Result({name: count for name, count in added.items() if count}, dict(changed))


def _seal(cursor: CursorWrapper, run_id: int) -> None:
    """Seal the identity numbers in batches on their way into the database."""
    cursor.execute(SEALED)
    file = folders.folder(run_id) / folders.STAGE
    with (
        columnar.connected(folders.workplace(run_id), files=[file]) as duck,
        cursor.cursor.copy("COPY intake_sealed FROM STDIN") as copy,
    ):
        rows = duck.execute(statement(NUMBERS, file=literal(file)))
        while batch := rows.fetchmany(BATCH):
            copy.write("".join(chain.from_iterable(_line(row, number) for row, number in batch)))
    cursor.execute("ANALYZE intake_sealed")


def _line(row: int, number: str) -> tuple[str, ...]:
    sealed, digest = sealing.seal(number).hex(), sealing.digest(number).hex()
    return (str(row), "\t\\\\x", sealed, "\t\\\\x", digest, "\t", number[-4:], "\n")


MERGER = Merger(
    kind=OWNERS,
    shape=shaping.shape,
    match=match,
    write=write,
    touched=deriving.touched,
    forget=deriving.forget,
    derive=deriving.derive,
    derive_new=deriving.derive_new,
    derive_range=deriving.derive_range,
    shown={
        "name": _("Name"), "mobile": _("Mobile"), "vin": _("VIN"), "plate": _("Plate"), "model_text": _("Model"),
        "sold_on": _("Sold on"), "price": _("Price"), "consultant": _("Sales consultant"),
    },
    coded={},
    models=(
        Customer, Relation, ContactPoint, Address, ExternalId, Vehicle, Plate, Participant, Sale, OwnerDoubt,
    ),
    lists={"customers_customer": "customers:customers", "customers_relation": "customers:customers"},
    links={
        "customers_customer": (_("Customers"), CUSTOMER, "id"),
        "customers_contactpoint": (_("Numbers"), CUSTOMER, "customer_id"),
        "customers_address": (_("Addresses"), CUSTOMER, "customer_id"),
        "customers_relation": (_("Relations to outlets"), CUSTOMER, "customer_id"),
        "customers_externalid": (_("Numbers in other systems"), CUSTOMER, "customer_id"),
        "vehicles_vehicle": (_("Cars"), CAR, "id"),
        "vehicles_plate": (_("Plates"), CAR, "vehicle_id"),
        "vehicles_participant": (_("Owners"), CAR, "vehicle_id"),
        "vehicles_sale": (_("Sales"), CAR, "vehicle_id"),
        "vehicles_ownerdoubt": (_("Doubts about the owner"), CAR, "vehicle_id"),
    },
)  # fmt: skip
