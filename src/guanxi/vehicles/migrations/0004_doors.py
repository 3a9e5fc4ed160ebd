"""The doors by which imports add cars and what hangs on them."""

from django.db import migrations

from guanxi.foundation import bulk

RUN = ("touched_at", "run_id")
CAR = {"vehicle_id": "vehicles_vehicle"}
PERSON = {"customer_id": "customers_customer"}
VEHICLE = (
    "id", "vin", "is_vin_doubtful", "trim_id", "model_text", "colour", "engine_no", "plate", "condition", "sold_on",
    "insured_until", *RUN,
)  # fmt: skip
SALE = (
    "vehicle_id", "customer_id", "outlet_id", "sold_on", "consultant_id", "consultant_name", "price", "currency",
    "use", "order_no", *RUN,
)  # fmt: skip
PLACES = {"outlet_id": "network_node", "consultant_id": "access_user"}
BOTH = ("vehicles_vehicle", "customers_customer")


class Migration(migrations.Migration):
    dependencies = [("vehicles", "0003_condition_and_ends"), ("customers", "0009_doors")]
    operations = [
        bulk.door("vehicles_vehicle", VEHICLE, {"trim_id": "vehicles_trim"}),
        bulk.door("vehicles_plate", ("vehicle_id", "number", "since", *RUN), CAR, through=("vehicles_vehicle",)),
        bulk.door(
            "vehicles_participant", ("vehicle_id", "customer_id", "role", "since", *RUN), CAR | PERSON, through=BOTH
        ),
        bulk.door("vehicles_sale", SALE, CAR | PERSON | PLACES, through=BOTH),
        bulk.door(
            "vehicles_reading", ("vehicle_id", "read_on", "km", "source", "is_plausible", *RUN), CAR,
        ),
    ]  # fmt: skip
