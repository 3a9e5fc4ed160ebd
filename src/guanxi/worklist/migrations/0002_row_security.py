"""A task is seen in the scope of its place and by whose it is; calendars also above, that of the whole network
by everybody who signed in; absences where people work.
"""

from django.db import migrations

from guanxi.foundation import rls

TASK = f"{rls.within('node_id')} OR {rls.own('owner_id')}"
EVERYBODYS = "node_id IS NULL AND (SELECT guanxi_person()) IS NOT NULL"
CALENDAR = f"({EVERYBODYS}) OR {rls.within_or_above('node_id')}"
WORKS_HERE = rls.met("access_membership m", f"m.user_id = worklist_absence.person_id AND {rls.within('m.node_id')}")
APPEND_ONLY = """
ALTER POLICY {table}_change ON {table} USING (false) WITH CHECK (false);
ALTER POLICY {table}_remove ON {table} USING (false);
"""


def of_task(table: str) -> str:
    return rls.met("worklist_task t", f"t.id = {table}.task_id")


class Migration(migrations.Migration):
    dependencies = [("worklist", "0001_initial"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("worklist_workingweek", read=CALENDAR, write=rls.within("node_id")),
        rls.protect("worklist_specialday", read=CALENDAR, write=rls.within("node_id")),
        rls.protect("worklist_task", read=TASK),
        rls.protect("worklist_attempt", read=of_task("worklist_attempt")),
        rls.protect("worklist_escalation", read=of_task("worklist_escalation")),
        migrations.RunSQL(APPEND_ONLY.format(table="worklist_attempt"), migrations.RunSQL.noop),
        migrations.RunSQL(APPEND_ONLY.format(table="worklist_escalation"), migrations.RunSQL.noop),
        rls.protect(
            "worklist_absence",
            read=f"{rls.own('person_id')} OR {rls.own('deputy_id')} OR {WORKS_HERE}",
            write=f"{rls.own('person_id')} OR {WORKS_HERE}",
        ),
    ]
