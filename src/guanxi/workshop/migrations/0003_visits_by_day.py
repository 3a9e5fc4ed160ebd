"""Visits by day, for those who see all outlets, and those whose category nobody knows."""

from django.db import migrations, models


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
            index=models.Index(fields=["-entered_on"], name="workshop_visit_when"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(
                condition=models.Q(("counts__isnull", True)),
                fields=["outlet", "-entered_on"],
                name="workshop_visit_unknown",
            ),
        ),
    ]
