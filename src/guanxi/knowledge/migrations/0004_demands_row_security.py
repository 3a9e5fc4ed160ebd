"""What is needed of this software is everybody's who signed in: others may need the same, and say so."""

from django.db import migrations

from guanxi.foundation import rls


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_demands"), ("foundation", "0001_scope")]
    operations = [rls.protect("knowledge_demand", read=rls.SIGNED_IN)]
