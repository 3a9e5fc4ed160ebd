"""Rules are read below the place where they hold; decisions and draws only where they are carried out, so that an
outlet does not see whom the call centre drew. What was decided stays; only a merge of two customers moves it.
"""

from django.db import migrations

from guanxi.foundation import rls

RULE = f"{rls.SIGNED_IN} AND (node_id IS NULL OR {rls.within_or_above('node_id')})"
STAYS = """
CREATE FUNCTION care_decision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(OLD) - 'customer_id' - 'vehicle_id' IS DISTINCT FROM to_jsonb(NEW) - 'customer_id' - 'vehicle_id' THEN
    RAISE EXCEPTION 'what was decided stays as it is';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER care_decision_stays BEFORE UPDATE ON care_decision FOR EACH ROW EXECUTE FUNCTION care_decision_stays();
"""
GOES = "DROP TRIGGER care_decision_stays ON care_decision; DROP FUNCTION care_decision_stays();"


class Migration(migrations.Migration):
    dependencies = [("care", "0003_rules"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("care_rule", read=RULE, write=rls.within("node_id")),
        rls.protect("care_decision", read=rls.within("place_id")),
        rls.protect("care_draw", read=rls.within("place_id")),
        migrations.RunSQL(STAYS, GOES),
    ]
