"""What keeps the trail as it was written holds for bulk writes too, which leave ordinary triggers out (ADR 15)."""

from django.db import migrations

TRIGGERS = ("records_auditentry_append_only", "records_auditentry_no_truncate")
ALWAYS = "; ".join(f"ALTER TABLE records_auditentry ENABLE ALWAYS TRIGGER {name}" for name in TRIGGERS)
USUAL = ALWAYS.replace("ENABLE ALWAYS", "ENABLE")


class Migration(migrations.Migration):
    dependencies = [("records", "0002_row_security")]
    operations = [migrations.RunSQL(ALWAYS, USUAL)]
