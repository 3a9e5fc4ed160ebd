"""A recall is approved by a second person, in the words of campaigns. What ran before counts as approved when it was
opened; nobody is named for it.
"""

from django.db import migrations, models

from guanxi.foundation import rls

BEFORE = f"({rls.within('node_id')} OR state <> 'DRAFT' AND node_id IN (SELECT unnest(guanxi_above())))"
BELOW = (
    f"({rls.within('node_id')} OR state::text NOT IN ('DRAFT', 'SUBMITTED', 'RETURNED')"
    " AND node_id IN (SELECT unnest(guanxi_above())))"
)
UNSEEN = "DROP POLICY campaigns_recall_read ON campaigns_recall"
SEEN = "CREATE POLICY campaigns_recall_read ON campaigns_recall FOR SELECT USING ({})"
WORDS = """
UPDATE campaigns_recall SET approved_at = opened_at WHERE state IN ('OPEN', 'CLOSED');
UPDATE campaigns_recall SET state = CASE state WHEN 'OPEN' THEN 'RUNNING' WHEN 'CLOSED' THEN 'ENDED' ELSE state END;
"""
BACK = """
UPDATE campaigns_recall SET state = CASE state WHEN 'RUNNING' THEN 'OPEN' WHEN 'ENDED' THEN 'CLOSED' ELSE 'DRAFT' END;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_row_security"),
        ("campaigns", "0007_codes_row_security"),
        ("customers", "0009_doors"),
        ("network", "0002_row_security"),
        ("vehicles", "0004_doors"),
        ("workshop", "0004_doors"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="recall",
            name="campaigns_recall_state",
        ),
        migrations.RemoveConstraint(
            model_name="recall",
            name="campaigns_recall_opened_iff_dated",
        ),
        migrations.RemoveIndex(
            model_name="recallcar",
            name="campaigns_car_waits",
        ),
        migrations.AddField(
            model_name="recall",
            name="approved_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Approved at"),
        ),
        migrations.AddField(
            model_name="recall",
            name="approved_by",
            field=models.CharField(blank=True, max_length=160, verbose_name="Approved by"),
        ),
        migrations.AddField(
            model_name="recall",
            name="approved_by_id",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="Approved by"),
        ),
        migrations.AddField(
            model_name="recall",
            name="reason",
            field=models.CharField(blank=True, max_length=400, verbose_name="Reason"),
        ),
        migrations.AddField(
            model_name="recall",
            name="submitted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Submitted at"),
        ),
        migrations.AddField(
            model_name="recall",
            name="submitted_by",
            field=models.CharField(blank=True, max_length=160, verbose_name="Submitted by"),
        ),
        migrations.AddField(
            model_name="recall",
            name="submitted_by_id",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="Submitted by"),
        ),
        migrations.AddField(
            model_name="recallcar",
            name="added_by_id",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="Put on the list by"),
        ),
        migrations.AddField(
            model_name="recallcar",
            name="is_approved",
            field=models.BooleanField(default=True, verbose_name="Approved"),
        ),
        migrations.RunSQL(UNSEEN, SEEN.format(BEFORE)),
        migrations.AlterField(
            model_name="recall",
            name="state",
            field=models.CharField(
                choices=[
                    ("DRAFT", "Draft"),
                    ("SUBMITTED", "Waits for approval"),
                    ("RETURNED", "Sent back"),
                    ("APPROVED", "Approved"),
                    ("RUNNING", "Running"),
                    ("ENDED", "Ended"),
                    ("CANCELLED", "Called off"),
                ],
                default="DRAFT",
                max_length=10,
                verbose_name="State",
            ),
        ),
        migrations.RunSQL(WORDS, BACK),
        migrations.RunSQL(SEEN.format(BELOW), UNSEEN),
        migrations.AddIndex(
            model_name="recallcar",
            index=models.Index(
                condition=models.Q(("is_approved", True), ("state", "OPEN")),
                fields=["recall", "outlet"],
                name="campaigns_car_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["DRAFT", "SUBMITTED", "RETURNED", "APPROVED", "RUNNING", "ENDED", "CANCELLED"])
                ),
                name="campaigns_recall_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("opened_at__isnull", False), ("state__in", ("RUNNING", "ENDED"))),
                    models.Q(models.Q(("state__in", ("RUNNING", "ENDED")), _negated=True), ("opened_at__isnull", True)),
                    _connector="OR",
                ),
                name="campaigns_recall_opened_iff_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["APPROVED", "RUNNING", "ENDED"]), _negated=True),
                    ("approved_at__isnull", False),
                    _connector="OR",
                ),
                name="campaigns_recall_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("submitted_by_id__isnull", True),
                    ("approved_by_id__isnull", True),
                    models.Q(("submitted_by_id", models.F("approved_by_id")), _negated=True),
                    _connector="OR",
                ),
                name="campaigns_recall_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="recall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["RETURNED", "CANCELLED"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="campaigns_recall_reasoned",
            ),
        ),
    ]
