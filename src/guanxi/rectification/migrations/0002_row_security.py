"""Departments and problems are everybody's who signed in; a notice is seen where it goes and where it was issued, its
answers with it. What was answered stays as it was said, a verdict too; only with the customer himself is it taken away.
"""

from django.db import migrations

from guanxi.foundation import rls

EITHER = f"({rls.within('outlet_id')} OR {rls.within('place_id')})"
OF_NOTICE = rls.met("rectification_notice q", "q.id = rectification_round.notice_id")
STAYS = """
CREATE FUNCTION rectification_round_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an answer and what the customer said of it stay as they are' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER rectification_round_stays BEFORE UPDATE ON rectification_round FOR EACH ROW WHEN (
  OLD.verified_at IS NOT NULL OR (OLD.notice_id, OLD.number, OLD.cause, OLD.measure, OLD.proof, OLD.answered_at)
    IS DISTINCT FROM (NEW.notice_id, NEW.number, NEW.cause, NEW.measure, NEW.proof, NEW.answered_at))
  EXECUTE FUNCTION rectification_round_stays();
ALTER POLICY rectification_round_remove ON rectification_round USING ((SELECT guanxi_everything()));
ALTER POLICY rectification_notice_remove ON rectification_notice USING ((SELECT guanxi_everything()));
"""
GOES = "DROP TRIGGER rectification_round_stays ON rectification_round; DROP FUNCTION rectification_round_stays();"


class Migration(migrations.Migration):
    dependencies = [("rectification", "0001_initial"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("rectification_department", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("rectification_problem", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("rectification_notice", read=EITHER),
        rls.protect("rectification_round", read=OF_NOTICE),
        migrations.RunSQL(STAYS, GOES),
    ]
