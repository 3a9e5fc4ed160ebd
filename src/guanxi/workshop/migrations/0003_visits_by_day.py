"""Visits by day: of many millions in the order of their import, a small index finds the days."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_same"),
        ("network", "0002_row_security"),
        ("vehicles", "0003_condition_and_ends"),
        ("workshop", "0002_row_security"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="visit",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["entered_on"], name="workshop_visit_when"),
        ),
    ]
