"""Whom something was written about is for the pass alone, which sees everything."""

from django.db import migrations

from guanxi.foundation import rls


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_initial"), ("foundation", "0001_scope")]
    operations = [rls.protect("insight_touched", read=rls.EVERYTHING)]
