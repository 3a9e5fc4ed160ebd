import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contact_centre", "0005_without_script"),
        ("network", "0002_row_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScoreSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=40, verbose_name="Preset")),
                ("since", models.DateField(verbose_name="From")),
                ("draws", models.SmallIntegerField(verbose_name="Calls of an agent and week")),
                ("items", models.JSONField(default=list, verbose_name="Items")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "since"), name="contact_centre_sheet_once"),
                    models.CheckConstraint(
                        condition=models.Q(("draws__range", (1, 50))), name="contact_centre_sheet_draws"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agent_id", models.BigIntegerField(verbose_name="Agent")),
                ("agent_name", models.CharField(max_length=160, verbose_name="Agent")),
                ("week", models.DateField(verbose_name="Week from")),
                ("drawn_at", models.DateTimeField(verbose_name="Drawn at")),
                ("scores", models.JSONField(blank=True, default=dict, verbose_name="Points by item")),
                ("points", models.SmallIntegerField(blank=True, null=True, verbose_name="Points")),
                ("most", models.SmallIntegerField(blank=True, null=True, verbose_name="Most points")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="Note")),
                ("reviewed_at", models.DateTimeField(blank=True, null=True, verbose_name="Reviewed")),
                ("reviewed_by_id", models.BigIntegerField(blank=True, null=True, verbose_name="Reviewed by")),
                ("reviewed_by", models.CharField(blank=True, max_length=160, verbose_name="Reviewed by")),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="review", to="contact_centre.call"
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.node",
                        verbose_name="Place",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contact_centre.scoresheet",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-week", "-id"], name="contact_centre_review_when"),
                    models.Index(fields=["node", "-week", "-id"], name="contact_centre_review_at"),
                    models.Index(fields=["agent_id", "-week", "-id"], name="contact_centre_review_of"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("most__isnull", False),
                                ("points__isnull", False),
                                ("reviewed_at__isnull", False),
                                ("sheet__isnull", False),
                            ),
                            models.Q(
                                ("most__isnull", True),
                                ("points__isnull", True),
                                ("reviewed_at__isnull", True),
                                ("sheet__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="contact_centre_review_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("points__isnull", True),
                            models.Q(("points__gte", 0), ("points__lte", models.F("most"))),
                            _connector="OR",
                        ),
                        name="contact_centre_review_points",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_by_id__isnull", True),
                            models.Q(("reviewed_by_id", models.F("agent_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="contact_centre_review_by_another",
                    ),
                ],
            },
        ),
    ]
