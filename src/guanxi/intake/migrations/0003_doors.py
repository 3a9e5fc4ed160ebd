"""The door by which imports remember what rows were before they changed them."""

from django.db import migrations

from guanxi.foundation import bulk


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_row_security"), ("foundation", "0004_bulk")]
    operations = [bulk.door("intake_before", ("run_id", "table_name", "key", "values"), {"run_id": "intake_run"})]
