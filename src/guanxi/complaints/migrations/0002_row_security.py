"""What presets say is everybody's who signed in; a complaint is seen where it is about and where it was taken in, its
rounds and all that was said with it. What the customer said when he was asked stays, and with it the round; nothing is
said anew. A complaint is confirmed only by a round in which he said that he is satisfied.
"""

from django.db import migrations

from guanxi.foundation import rls

EITHER = f"({rls.within('outlet_id')} OR {rls.within('place_id')})"


def of_complaint(table: str) -> str:
    return rls.met("complaints_complaint c", f"c.id = {table}.complaint_id")


STAYS = """
CREATE FUNCTION complaints_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was said and done stays as it is' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER complaints_round_stays BEFORE UPDATE ON complaints_round FOR EACH ROW WHEN (OLD.asked_at IS NOT NULL)
  EXECUTE FUNCTION complaints_stays();
CREATE TRIGGER complaints_closed_stays BEFORE UPDATE ON complaints_complaint FOR EACH ROW WHEN (
  OLD.ended_at IS NOT NULL AND (OLD.state, OLD.kind, OLD.ending, OLD.words, OLD.rounds, OLD.ended_at)
    IS DISTINCT FROM (NEW.state, NEW.kind, NEW.ending, NEW.words, NEW.rounds, NEW.ended_at))
  EXECUTE FUNCTION complaints_stays();
CREATE FUNCTION complaints_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM complaints_round r
                 WHERE r.complaint_id = NEW.id AND r.number = NEW.rounds AND r.is_satisfied) THEN
    RAISE EXCEPTION 'a complaint is confirmed by the customer alone' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER complaints_confirmed BEFORE UPDATE ON complaints_complaint FOR EACH ROW WHEN (
  NEW.ending = 'CONFIRMED' AND OLD.ending <> 'CONFIRMED') EXECUTE FUNCTION complaints_confirmed();
CREATE TRIGGER complaints_added_open BEFORE INSERT ON complaints_complaint FOR EACH ROW WHEN (
  NEW.ending = 'CONFIRMED') EXECUTE FUNCTION complaints_confirmed();
ALTER POLICY complaints_deed_change ON complaints_deed USING (false) WITH CHECK (false);
ALTER POLICY complaints_deed_remove ON complaints_deed USING ((SELECT guanxi_everything()));
ALTER POLICY complaints_round_remove ON complaints_round USING ((SELECT guanxi_everything()));
ALTER POLICY complaints_complaint_remove ON complaints_complaint USING ((SELECT guanxi_everything()));
"""
GOES = """
DROP TRIGGER complaints_round_stays ON complaints_round;
DROP TRIGGER complaints_closed_stays ON complaints_complaint;
DROP TRIGGER complaints_confirmed ON complaints_complaint;
DROP TRIGGER complaints_added_open ON complaints_complaint;
DROP FUNCTION complaints_stays();
DROP FUNCTION complaints_confirmed();
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("complaints_process", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("complaints_category", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("complaints_cause", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("complaints_sign", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("complaints_complaint", read=EITHER),
        rls.protect("complaints_round", read=of_complaint("complaints_round")),
        rls.protect("complaints_deed", read=of_complaint("complaints_deed")),
        migrations.RunSQL(STAYS, GOES),
    ]
