"""What is verified is everybody's who signed in; a check and an order are seen where the record was filed and where it
was verified, their lines and answers with them. What was found and answered stays as it was said; only a merge of
customers moves it.
"""

from django.db import migrations

from guanxi.foundation import rls

EITHER = f"({rls.within('outlet_id')} OR {rls.within('place_id')})"
OF_CHECK = rls.met("verification_check q", "q.id = verification_line.check_of_id")
OF_ORDER = rls.met("verification_order q", "q.id = verification_round.order_id")
STAYS = """
CREATE FUNCTION verification_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was found and answered stays as it is' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER verification_check_stays BEFORE UPDATE ON verification_check FOR EACH ROW WHEN (
  to_jsonb(OLD) - '{customer_id,vehicle_id}'::text[] IS DISTINCT FROM to_jsonb(NEW) - '{customer_id,vehicle_id}'::text[])
  EXECUTE FUNCTION verification_stays();
CREATE TRIGGER verification_line_stays BEFORE UPDATE ON verification_line FOR EACH ROW EXECUTE FUNCTION verification_stays();
CREATE TRIGGER verification_round_stays BEFORE UPDATE ON verification_round FOR EACH ROW WHEN (
  OLD.verified_at IS NOT NULL OR (OLD.order_id, OLD.number, OLD.is_dispute, OLD.measure, OLD.proof, OLD.answered_at)
    IS DISTINCT FROM (NEW.order_id, NEW.number, NEW.is_dispute, NEW.measure, NEW.proof, NEW.answered_at))
  EXECUTE FUNCTION verification_stays();
ALTER POLICY verification_check_remove ON verification_check USING ((SELECT guanxi_everything()));
ALTER POLICY verification_line_remove ON verification_line USING ((SELECT guanxi_everything()));
ALTER POLICY verification_order_remove ON verification_order USING ((SELECT guanxi_everything()));
ALTER POLICY verification_round_remove ON verification_round USING ((SELECT guanxi_everything()));
"""
GOES = """
DROP TRIGGER verification_round_stays ON verification_round; DROP TRIGGER verification_line_stays ON verification_line;
DROP TRIGGER verification_check_stays ON verification_check; DROP FUNCTION verification_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("verification", "0001_initial"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("verification_field", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("verification_occasion", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("verification_check", read=EITHER),
        rls.protect("verification_line", read=OF_CHECK),
        rls.protect("verification_order", read=EITHER),
        rls.protect("verification_round", read=OF_ORDER),
        migrations.RunSQL(STAYS, GOES),
    ]
