"""The door by which imports add visits."""

from django.db import migrations

from guanxi.foundation import bulk

VISIT = (
    "outlet_id", "vehicle_id", "customer_id", "order_no", "category", "counts", "entered_on", "left_on", "km", "labour",
    "parts", "total", "currency", "advisor_name", "brought_by", "brought_by_phone", "words", "remark", "touched_at",
    "run_id",
)  # fmt: skip
REFERENCES = {"outlet_id": "network_node", "vehicle_id": "vehicles_vehicle", "customer_id": "customers_customer"}


class Migration(migrations.Migration):
    dependencies = [("workshop", "0003_visits_by_day"), ("vehicles", "0004_doors")]
    operations = [bulk.door("workshop_visit", VISIT, REFERENCES)]
