"""A visit is seen by the outlet where it was and by those above it; its lines follow."""

from django.db import migrations

from guanxi.foundation import rls


class Migration(migrations.Migration):
    dependencies = [("workshop", "0001_initial"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("workshop_visit", read=rls.within("outlet_id")),
        rls.protect("workshop_visitline", read=rls.met("workshop_visit v", "v.id = workshop_visitline.visit_id")),
    ]
