"""A recall is seen at its place and above, and below it once it is open; a car of it at the outlet whose it is. A car
that no outlet has is seen where the recall is kept.
"""

from django.db import migrations

from guanxi.foundation import rls

BELOW = f"({rls.within('node_id')} OR state <> 'DRAFT' AND node_id IN (SELECT unnest(guanxi_above())))"
KEPT = rls.exists("campaigns_recall q", "q.id = campaigns_recallcar.recall_id AND " + rls.within("q.node_id"))
CAR = f"({rls.within('outlet_id')} OR outlet_id IS NULL AND {KEPT})"


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_recalls"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("campaigns_recall", read=BELOW, write=rls.within("node_id")),
        rls.protect("campaigns_recallcar", read=CAR),
    ]
