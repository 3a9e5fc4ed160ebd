"""A support is seen where it was asked for and above."""

from django.db import migrations

from guanxi.foundation import rls


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0010_supports"), ("foundation", "0001_scope")]
    operations = [rls.protect("campaigns_support", read=rls.within("node_id"))]
