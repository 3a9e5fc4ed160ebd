"""When complaints ended, and what others may know of them without knowing complaints: two views.

``matters_open`` and ``matters_closed`` are the contract with capabilities beside this one, which lists and rules read.
They see what their reader may see (``security_invoker``).
"""

from django.db import migrations, models

OPEN = """
CREATE VIEW matters_open WITH (security_invoker = true) AS
SELECT customer_id, outlet_id FROM complaints_complaint
WHERE kind = 'COMPLAINT' AND state <> 'CLOSED' AND customer_id IS NOT NULL
"""
CLOSED = """
CREATE VIEW matters_closed WITH (security_invoker = true) AS
SELECT id, customer_id, vehicle_id, outlet_id, ended_at, ending FROM complaints_complaint
WHERE kind = 'COMPLAINT' AND ended_at IS NOT NULL AND customer_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0014_policy_by_cause_and_outcomes")]

    operations = [
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)), fields=["ended_at"], name="complaints_ended"
            ),
        ),
        migrations.RunSQL(OPEN, "DROP VIEW matters_open"),
        migrations.RunSQL(CLOSED, "DROP VIEW matters_closed"),
    ]
