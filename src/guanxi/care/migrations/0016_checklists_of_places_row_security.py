"""A list of a place is read below it, as a rule is, and written where the place is; its items are as the list is."""

from django.db import migrations

from guanxi.foundation import rls

READ = f"{rls.SIGNED_IN} AND (node_id IS NULL OR {rls.within_or_above('node_id')})"
OF_LIST = "l.id = care_checkitem.list_id"
ITEM_READ = rls.met("care_checklist l", OF_LIST)
ITEM_WRITE = rls.met("care_checklist l", f"{OF_LIST} AND l.node_id IN (SELECT unnest(guanxi_nodes()))")


def _policies(table: str, read: str, write: str) -> str:
    return f"""
ALTER POLICY {table}_read ON {table} USING ({read});
ALTER POLICY {table}_add ON {table} WITH CHECK ({write});
ALTER POLICY {table}_change ON {table} USING ({write}) WITH CHECK ({write});
ALTER POLICY {table}_remove ON {table} USING ({write});
"""


class Migration(migrations.Migration):
    dependencies = [("care", "0015_checklists_of_places"), ("foundation", "0001_scope")]
    operations = [
        migrations.RunSQL(
            _policies("care_checklist", READ, rls.within("node_id")),
            _policies("care_checklist", rls.SIGNED_IN, rls.EVERYTHING),
        ),
        migrations.RunSQL(
            _policies("care_checkitem", ITEM_READ, ITEM_WRITE),
            _policies("care_checkitem", rls.SIGNED_IN, rls.EVERYTHING),
        ),
    ]
