"""Samples of a wanted margin. A stratum is a model at an outlet in a month: those that were counted are counted anew by
what was decided.
"""

import django.db.models.deletion
from django.db import migrations, models

ANEW = """
DELETE FROM care_draw;
INSERT INTO care_draw (rule_id, outlet_id, place_id, model_id, month, population, drawn)
SELECT d.rule_id, d.outlet_id, d.place_id, t.model_id, date_trunc('month', d.anchor_on)::date, count(*),
  count(*) FILTER (WHERE d.result IN ('TASK', 'MERGED'))
FROM care_decision d JOIN care_rule r ON r.id = d.rule_id AND r.coverage < 100
LEFT JOIN vehicles_vehicle v ON v.id = d.vehicle_id LEFT JOIN vehicles_trim t ON t.id = v.trim_id
WHERE d.result IN ('TASK', 'MERGED', 'SAMPLE', 'BUDGET') GROUP BY 1, 2, 3, 4, 5;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("care", "0011_no_control_for_safety"), ("vehicles", "0004_doors")]

    operations = [
        migrations.RemoveConstraint(model_name="draw", name="care_draw_once"),
        migrations.AddField(
            model_name="draw",
            name="model",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vehicles.carmodel",
                verbose_name="Model",
            ),
        ),
        migrations.RunSQL(ANEW, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.UniqueConstraint(
                fields=("rule", "outlet", "place", "month", "model"), name="care_draw_once", nulls_distinct=False
            ),
        ),
        migrations.AddField(
            model_name="rule",
            name="margin",
            field=models.SmallIntegerField(blank=True, null=True, verbose_name="Margin in percentage points"),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(("margin__isnull", True), ("margin__range", (1, 20)), _connector="OR"),
                name="care_rule_margin",
            ),
        ),
    ]
