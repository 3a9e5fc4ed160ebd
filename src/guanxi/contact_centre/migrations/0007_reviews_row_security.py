"""Score sheets are everybody's who signed in; a review is seen where its call is.

What was judged stays as it was judged.
"""

from django.db import migrations

from guanxi.foundation import rls

STAYS = """
CREATE FUNCTION contact_centre_review_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was judged stays as it was judged' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER contact_centre_review_stays BEFORE UPDATE ON contact_centre_review FOR EACH ROW
  WHEN (OLD.reviewed_at IS NOT NULL) EXECUTE FUNCTION contact_centre_review_stays();
ALTER POLICY contact_centre_review_remove ON contact_centre_review USING ((SELECT guanxi_everything()));
"""
GOES = "DROP TRIGGER contact_centre_review_stays ON contact_centre_review; DROP FUNCTION contact_centre_review_stays();"


class Migration(migrations.Migration):
    dependencies = [("contact_centre", "0006_reviews"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("contact_centre_scoresheet", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("contact_centre_review", read=rls.within("node_id")),
        migrations.RunSQL(STAYS, GOES),
    ]
