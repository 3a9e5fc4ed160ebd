"""A media report is seen where it is about; what was published stays as it was registered."""

from django.db import migrations

from guanxi.foundation import rls

STAYS = """
CREATE TRIGGER crisis_report_stays BEFORE UPDATE ON crisis_report FOR EACH ROW WHEN (
  (OLD.medium, OLD.source, OLD.address, OLD.title, OLD.day, OLD.words, OLD.made_at)
    IS DISTINCT FROM (NEW.medium, NEW.source, NEW.address, NEW.title, NEW.day, NEW.words, NEW.made_at))
  EXECUTE FUNCTION crisis_stays();
ALTER POLICY crisis_report_remove ON crisis_report USING ((SELECT guanxi_everything()));
"""


class Migration(migrations.Migration):
    dependencies = [("crisis", "0005_media")]
    operations = [
        rls.protect("crisis_report", read=rls.within("place_id")),
        migrations.RunSQL(STAYS, "DROP TRIGGER crisis_report_stays ON crisis_report;"),
    ]
