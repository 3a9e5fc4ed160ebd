"""The doors by which imports add people and what hangs on them."""

from django.db import migrations

from guanxi.foundation import bulk

RUN = ("touched_at", "run_id")
PERSON = {"customer_id": "customers_customer"}
CUSTOMER = (
    "id", "kind", "name", "reading", "initials", "gender", "born_on", "identity_kind", "identity_sealed",
    "identity_digest", "identity_tail", "industry", "occupation", "hobbies", "preferred_channel", "verification",
    "created_at", *RUN,
)  # fmt: skip
POINT = ("customer_id", "channel", "value", "label", "is_primary", "state", *RUN)
ADDRESS = ("customer_id", "kind", "province", "city", "district", "line", "postcode", *RUN)
RELATION = (
    "customer_id", "outlet_id", "category", "source", "consultant_id", "consultant_name", "tags", "since", *RUN,
)  # fmt: skip
PLACES = {"outlet_id": "network_node", "consultant_id": "access_user"}


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_graded_by_standard"), ("foundation", "0004_bulk")]
    operations = [
        bulk.door("customers_customer", CUSTOMER, {}),
        bulk.door("customers_contactpoint", POINT, PERSON, through=("customers_customer",)),
        bulk.door("customers_address", ADDRESS, PERSON, through=("customers_customer",)),
        bulk.door("customers_relation", RELATION, PERSON | PLACES, through=("customers_customer",)),
        bulk.door(
            "customers_externalid", ("customer_id", "source", "value", *RUN), PERSON, through=("customers_customer",)
        ),
    ]
