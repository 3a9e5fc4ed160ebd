"""Lists are everybody's who signed in; rounds, their answers and what they found are seen where the outlet is.

When a transaction ends, a filed round has an answer to each item of its list and to nothing else, and its counts are
theirs. It keeps its list, its place, its day and who filed it, and nothing of it is ever taken away.
"""

from django.db import migrations

from guanxi.foundation import rls

OF_ROUND = rls.met("care_round r", "r.id = care_answer.round_id")
# Filed on its day, whatever the zone of the business.
ON_ITS_DAY = """
ALTER TABLE care_round ADD CONSTRAINT care_round_on_its_day
CHECK (filed_at IS NULL OR (filed_at AT TIME ZONE 'UTC')::date BETWEEN day - 1 AND day + 1);
"""
WHOLE = """
CREATE FUNCTION care_round_is_whole() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  pk bigint := (to_jsonb(coalesce(NEW, OLD)) ->> TG_ARGV[0])::bigint;
  held record;
  told record;
BEGIN
  SELECT r.list_id, r.fulfilled, r.missing, CASE WHEN r.filed_at IS NULL THEN 0 ELSE (
      SELECT count(*) FROM public.care_checkitem i WHERE i.list_id = r.list_id) END AS items
    INTO held FROM public.care_round r WHERE r.id = pk;
  IF FOUND THEN
    SELECT count(*) AS answers, count(*) FILTER (WHERE i.list_id <> held.list_id) AS strange,
        count(*) FILTER (WHERE a.finding = 'FULFILLED') AS fulfilled,
        count(*) FILTER (WHERE a.finding = 'MISSING') AS missing
      INTO told FROM public.care_answer a JOIN public.care_checkitem i ON i.id = a.item_id WHERE a.round_id = pk;
    IF (told.answers, told.strange, told.fulfilled, told.missing) <> (held.items, 0, held.fulfilled, held.missing) THEN
      RAISE EXCEPTION 'a round is filed whole' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER care_round_is_whole AFTER INSERT OR UPDATE ON care_round
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.filed_at IS NOT NULL)
  EXECUTE FUNCTION care_round_is_whole('id');
CREATE CONSTRAINT TRIGGER care_answer_is_whole AFTER INSERT OR UPDATE OR DELETE ON care_answer
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION care_round_is_whole('round_id');
"""
IN_PARTS = """
DROP TRIGGER care_round_is_whole ON care_round; DROP TRIGGER care_answer_is_whole ON care_answer;
DROP FUNCTION care_round_is_whole();
"""
STAYS = """
CREATE FUNCTION care_round_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a filed round stays as it is' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER care_round_stays BEFORE UPDATE ON care_round FOR EACH ROW WHEN (OLD.filed_at IS NOT NULL AND
  (OLD.list_id, OLD.code, OLD.outlet_id, OLD.day, OLD.filed_at, OLD.person_id, OLD.person_name) IS DISTINCT FROM
  (NEW.list_id, NEW.code, NEW.outlet_id, NEW.day, NEW.filed_at, NEW.person_id, NEW.person_name))
  EXECUTE FUNCTION care_round_stays();
CREATE TRIGGER care_answer_stays BEFORE UPDATE ON care_answer FOR EACH ROW WHEN (
  (OLD.round_id, OLD.item_id) IS DISTINCT FROM (NEW.round_id, NEW.item_id)) EXECUTE FUNCTION care_round_stays();
ALTER POLICY care_round_remove ON care_round USING (false);
ALTER POLICY care_answer_remove ON care_answer USING (false);
"""
GOES = """
DROP TRIGGER care_round_stays ON care_round; DROP TRIGGER care_answer_stays ON care_answer;
DROP FUNCTION care_round_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("care", "0009_checklists"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("care_checklist", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("care_checkitem", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("care_round", read=rls.within("outlet_id")),
        rls.protect("care_answer", read=OF_ROUND),
        rls.protect("care_shortcoming", read=rls.within("outlet_id")),
        migrations.RunSQL(ON_ITS_DAY, "ALTER TABLE care_round DROP CONSTRAINT care_round_on_its_day"),
        migrations.RunSQL(WHOLE, IN_PARTS),
        migrations.RunSQL(STAYS, GOES),
    ]
