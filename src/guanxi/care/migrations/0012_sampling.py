"""Samples of a wanted margin, and those who stand in for drawn customers who were not reached: the one change that a
decision knows. A stratum is a model at an outlet in a month: those that were counted are counted anew by what was
decided.
"""

import django.db.models.deletion
from django.db import migrations, models

ANEW = """
DELETE FROM care_draw;
INSERT INTO care_draw (rule_id, outlet_id, place_id, model_id, month, population, drawn, replaced)
SELECT d.rule_id, d.outlet_id, d.place_id, t.model_id, date_trunc('month', d.anchor_on)::date, count(*),
  count(*) FILTER (WHERE d.result IN ('TASK', 'MERGED')), 0
FROM care_decision d JOIN care_rule r ON r.id = d.rule_id AND r.coverage < 100
LEFT JOIN vehicles_vehicle v ON v.id = d.vehicle_id LEFT JOIN vehicles_trim t ON t.id = v.trim_id
WHERE d.result IN ('TASK', 'MERGED', 'SAMPLE', 'BUDGET') GROUP BY 1, 2, 3, 4, 5;
SET CONSTRAINTS ALL IMMEDIATE;
"""
# A reference to a decision that goes with its customer is emptied.
STANDS_IN = """
CREATE OR REPLACE FUNCTION care_decision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moved CONSTANT text[] := ARRAY['customer_id', 'vehicle_id'];
  told CONSTANT text[] := ARRAY['result', 'channel', 'decided_on', 'replaces_id'];
BEGIN
  IF to_jsonb(OLD) - moved = to_jsonb(NEW) - moved
      OR NEW.replaces_id IS NULL AND to_jsonb(OLD) - moved - 'replaces_id' = to_jsonb(NEW) - moved - 'replaces_id' THEN
    RETURN NEW;
  END IF;
  IF OLD.result = 'SAMPLE' AND NEW.result = 'TASK' AND to_jsonb(OLD) - told = to_jsonb(NEW) - told
      AND NEW.decided_on BETWEEN OLD.decided_on AND NEW.closes_on
      AND EXISTS (
        SELECT 1 FROM care_decision d WHERE d.id = NEW.replaces_id AND d.result = 'TASK' AND d.replaces_id IS NULL
          AND (d.rule_id, d.outlet_id, d.place_id) = (NEW.rule_id, NEW.outlet_id, NEW.place_id)
          AND date_trunc('month', d.anchor_on) = date_trunc('month', NEW.anchor_on)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what was decided stays as it is';
END $$;
"""
STAYS = """
CREATE OR REPLACE FUNCTION care_decision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(OLD) - 'customer_id' - 'vehicle_id' IS DISTINCT FROM to_jsonb(NEW) - 'customer_id' - 'vehicle_id' THEN
    RAISE EXCEPTION 'what was decided stays as it is';
  END IF;
  RETURN NEW;
END $$;
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
        migrations.AddField(
            model_name="rule",
            name="replaces",
            field=models.BooleanField(default=False, verbose_name="Replaces whom it does not reach"),
        ),
        migrations.AddField(
            model_name="decision",
            name="replaces",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="care.decision",
                verbose_name="In place of",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaces__isnull", False)),
                fields=("replaces",),
                name="care_decision_replaced_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("replaces__isnull", True), ("result", "TASK"), _connector="OR"),
                name="care_decision_replaces",
            ),
        ),
        migrations.RemoveConstraint(model_name="draw", name="care_draw_numbers"),
        migrations.AddField(
            model_name="draw", name="replaced", field=models.IntegerField(default=0, verbose_name="Replaced")
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(
                condition=models.Q(("drawn__gte", 0), ("replaced__gte", 0), ("population__gte", models.F("drawn"))),
                name="care_draw_numbers",
            ),
        ),
        migrations.RunSQL(ANEW, migrations.RunSQL.noop),
        migrations.RunSQL(STANDS_IN, STAYS),
    ]
