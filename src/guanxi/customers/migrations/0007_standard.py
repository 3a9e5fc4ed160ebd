"""The standard of customer information: its versions and what each asks for (INFO-15)."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from guanxi.foundation import rls


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0006_attachments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Standard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(unique=True, verbose_name="Holds from")),
                ("starts_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="What is new")),
                ("source", models.CharField(blank=True, db_collation="C", max_length=60, verbose_name="From preset")),
                ("published_at", models.DateTimeField(verbose_name="Published")),
                ("person_id", models.BigIntegerField(null=True, verbose_name="By")),
                ("person_name", models.CharField(max_length=80, verbose_name="By")),
                ("complete", models.SmallIntegerField(verbose_name="Complete")),
                ("valid", models.SmallIntegerField(verbose_name="Valid")),
                ("fresh", models.SmallIntegerField(verbose_name="Fresh")),
                ("unique", models.SmallIntegerField(verbose_name="Unique")),
                ("proven", models.SmallIntegerField(verbose_name="Proven by use")),
                ("fresh_days", models.SmallIntegerField(verbose_name="Fresh for (days)")),
                ("stale_days", models.SmallIntegerField(verbose_name="Stale after (days)")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "complete",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.Value(100), "-", models.F("valid")
                                            ),
                                            "-",
                                            models.F("fresh"),
                                        ),
                                        "-",
                                        models.F("unique"),
                                    ),
                                    "-",
                                    models.F("proven"),
                                ),
                            )
                        ),
                        name="customers_standard_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fresh_days__gt", 0), ("stale_days__gte", models.F("fresh_days"))),
                        name="customers_standard_days",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="quality",
            name="standard",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="customers.standard",
            ),
        ),
        migrations.CreateModel(
            name="StandardField",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("PERSON", "Private person"), ("COMPANY", "Company")],
                        max_length=8,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("NAME", "Name"),
                            ("PHONE", "Phone number"),
                            ("EMAIL", "E-mail address"),
                            ("WECHAT", "WeChat"),
                            ("GENDER", "Gender"),
                            ("BIRTHDAY", "Birthday"),
                            ("IDENTITY", "Identity number"),
                            ("ADDRESS", "Address"),
                            ("INDUSTRY", "Industry"),
                            ("OCCUPATION", "Occupation"),
                            ("HOBBIES", "Hobbies"),
                            ("CHANNEL", "Preferred channel"),
                            ("SOURCE", "Source"),
                            ("CONSULTANT", "Consultant"),
                        ],
                        max_length=12,
                        verbose_name="Field",
                    ),
                ),
                (
                    "binding",
                    models.CharField(
                        choices=[
                            ("REQUIRED", "Required at entry"),
                            ("EXPECTED", "Expected of a complete record"),
                            ("OPTIONAL", "Optional"),
                        ],
                        max_length=8,
                        verbose_name="Binding",
                    ),
                ),
                ("weight", models.SmallIntegerField(verbose_name="Weight")),
                (
                    "applies_from",
                    models.CharField(
                        choices=[
                            ("POTENTIAL", "Potential customer"),
                            ("BASE", "Base customer"),
                            ("OWNER", "Retained customer"),
                            ("LOST", "Lost deal"),
                        ],
                        max_length=10,
                        verbose_name="From category",
                    ),
                ),
                (
                    "standard",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fields",
                        to="customers.standard",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("standard", "kind", "field"), name="customers_standard_field_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("weight__range", (0, 100)),
                            models.Q(models.Q(("binding", "OPTIONAL"), _negated=True), ("weight", 0), _connector="OR"),
                        ),
                        name="customers_standard_field_weight",
                    ),
                ],
            },
        ),
        # read by all who are signed in, changed by those with the whole network in scope
        rls.protect("customers_standard", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("customers_standardfield", read=rls.SIGNED_IN, write=rls.EVERYTHING),
    ]
