"""A run is seen by who made it and where it belongs; what is said of its rows follows. How far a run is, is seen at once.

``intake_progress`` is written over a connection of its own while the run's transaction goes on; a crash may lose it.
"""

from django.db import migrations

from guanxi.foundation import rls

HERE = f"({rls.within('place_id')} OR person_id = (SELECT guanxi_person()))"
OF_RUN = rls.met("intake_run r", "r.id = {table}.run_id")
PROGRESS = """
CREATE UNLOGGED TABLE intake_progress (
  run_id int PRIMARY KEY, step varchar(30) NOT NULL, done bigint NOT NULL, total bigint NOT NULL, at timestamptz NOT NULL
);
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("intake_run", read=HERE),
        rls.protect("intake_finding", read=OF_RUN.format(table="intake_finding")),
        rls.protect("intake_mapping", read=rls.within("place_id")),
        rls.protect("intake_before", read=OF_RUN.format(table="intake_before")),
        migrations.RunSQL(PROGRESS, "DROP TABLE intake_progress"),
    ]
