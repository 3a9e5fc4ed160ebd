"""What was drawn is seen from where customers are asked once more, and with its complaint."""

from django.db import migrations

from guanxi.foundation import rls

OF_COMPLAINT = rls.met("complaints_complaint c", "c.id = complaints_recheck.complaint_id")


class Migration(migrations.Migration):
    dependencies = [("complaints", "0006_rechecks"), ("foundation", "0001_scope")]
    operations = [
        rls.protect(
            "complaints_recheck", read=f"({rls.within('place_id')} OR {OF_COMPLAINT})", write=rls.within("place_id")
        )
    ]
