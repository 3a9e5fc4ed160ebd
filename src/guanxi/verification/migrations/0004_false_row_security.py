"""The mark of a false file is seen where the file was filed and above; it is never deleted, and its evidence stays."""

from django.db import migrations

from guanxi.foundation import rls

STAYS = """
CREATE TRIGGER verification_falsefile_stays BEFORE UPDATE ON verification_falsefile FOR EACH ROW WHEN (
  (OLD.outlet_id, OLD.evidence, OLD.check_of_id, OLD.marked_at, OLD.marked_by_id, OLD.marked_by)
    IS DISTINCT FROM (NEW.outlet_id, NEW.evidence, NEW.check_of_id, NEW.marked_at, NEW.marked_by_id, NEW.marked_by)
  OR OLD.undone_at IS NOT NULL AND (OLD.state, OLD.decision, OLD.undone_why)
    IS DISTINCT FROM (NEW.state, NEW.decision, NEW.undone_why)
  OR OLD.decided_at IS NOT NULL AND (OLD.decided_at, OLD.decided_by_id, OLD.decision)
    IS DISTINCT FROM (NEW.decided_at, NEW.decided_by_id, NEW.decision))
  EXECUTE FUNCTION verification_stays();
ALTER POLICY verification_falsefile_remove ON verification_falsefile USING ((SELECT guanxi_everything()));
"""
GOES = "DROP TRIGGER verification_falsefile_stays ON verification_falsefile;"


class Migration(migrations.Migration):
    dependencies = [("verification", "0003_false_files")]
    operations = [
        rls.protect("verification_falsefile", read=rls.within("outlet_id")),
        migrations.RunSQL(STAYS, GOES),
    ]
