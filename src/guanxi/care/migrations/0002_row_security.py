"""Rules are read below the place where they hold; decisions and draws only where they are carried out, so that an
outlet does not see whom the call centre drew. Decisions are never changed.
"""

from django.db import migrations

from guanxi.foundation import rls

RULE = f"node_id IS NULL OR {rls.within_or_above('node_id')}"
APPEND_ONLY = """
ALTER POLICY care_decision_change ON care_decision USING (false) WITH CHECK (false);
"""


class Migration(migrations.Migration):
    dependencies = [("care", "0001_rules"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("care_rule", read=RULE, write=rls.within("node_id")),
        rls.protect("care_decision", read=rls.within("place_id")),
        rls.protect("care_draw", read=rls.within("place_id")),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]
