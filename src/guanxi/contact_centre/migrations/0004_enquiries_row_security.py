"""Categories are everybody's who signed in; an enquiry is seen where it was taken and by the outlet whose matter it is.
What was said when it was taken stays; only with the customer himself is an enquiry taken away.
"""

from django.db import migrations

from guanxi.foundation import rls

EITHER = f"({rls.within('outlet_id')} OR {rls.within('place_id')})"
STAYS = """
CREATE FUNCTION contact_centre_enquiry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was asked stays as it was taken' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER contact_centre_enquiry_stays BEFORE UPDATE ON contact_centre_enquiry FOR EACH ROW WHEN (
  (OLD.token, OLD.place_id, OLD.number, OLD.words, OLD.answer, OLD.is_first_contact, OLD.taken_at, OLD.taken_by)
    IS DISTINCT FROM
  (NEW.token, NEW.place_id, NEW.number, NEW.words, NEW.answer, NEW.is_first_contact, NEW.taken_at, NEW.taken_by))
  EXECUTE FUNCTION contact_centre_enquiry_stays();
ALTER POLICY contact_centre_enquiry_remove ON contact_centre_enquiry USING ((SELECT guanxi_everything()));
"""
GOES = (
    "DROP TRIGGER contact_centre_enquiry_stays ON contact_centre_enquiry; DROP FUNCTION contact_centre_enquiry_stays();"
)


class Migration(migrations.Migration):
    dependencies = [("contact_centre", "0003_enquiries"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("contact_centre_enquirycategory", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("contact_centre_enquiry", read=EITHER),
        migrations.RunSQL(STAYS, GOES),
    ]
