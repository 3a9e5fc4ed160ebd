"""Scripts and terms are read by everybody who signed in; a call by its place and those above. What was said stays:
of a script only its end is written later, of a call only whom a merge moves and a number that is gone.
"""

from django.db import migrations

from guanxi.foundation import rls

STAYS = """
CREATE FUNCTION contact_centre_script_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(OLD) - 'until' IS DISTINCT FROM to_jsonb(NEW) - 'until' THEN
    RAISE EXCEPTION 'a script stays as it is';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER contact_centre_script_stays BEFORE UPDATE ON contact_centre_script
  FOR EACH ROW EXECUTE FUNCTION contact_centre_script_stays();
CREATE FUNCTION contact_centre_call_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(OLD) - '{customer_id,vehicle_id,point_id}'::text[]
    IS DISTINCT FROM to_jsonb(NEW) - '{customer_id,vehicle_id,point_id}'::text[] THEN
    RAISE EXCEPTION 'a call stays as it was recorded';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER contact_centre_call_stays BEFORE UPDATE ON contact_centre_call
  FOR EACH ROW EXECUTE FUNCTION contact_centre_call_stays();
"""
GOES = """
DROP TRIGGER contact_centre_call_stays ON contact_centre_call; DROP FUNCTION contact_centre_call_stays();
DROP TRIGGER contact_centre_script_stays ON contact_centre_script; DROP FUNCTION contact_centre_script_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("contact_centre", "0001_initial"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("contact_centre_script", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("contact_centre_terms", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("contact_centre_call", read=rls.within("node_id")),
        migrations.RunSQL(STAYS, GOES),
    ]
