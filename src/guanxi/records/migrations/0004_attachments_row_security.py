"""A file is read where what it belongs to is about, and where that was taken in. It stays as it was; it is withdrawn once,
and taken away only with everything.
"""

from django.db import migrations

from guanxi.foundation import rls

EITHER = f"({rls.within('node_id')} OR {rls.within('place_id')})"
STAYS = """
CREATE FUNCTION records_attachment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a file stays as it was added; it is withdrawn once' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER records_attachment_stays BEFORE UPDATE OF subject_type, subject_id, node_id, place_id, name, media_type,
  size, sha256, content, note, at, person_id, person_name ON records_attachment FOR EACH ROW
  EXECUTE FUNCTION records_attachment_stays();
CREATE TRIGGER records_attachment_withdrawn BEFORE UPDATE ON records_attachment FOR EACH ROW WHEN (
  OLD.withdrawn_at IS NOT NULL) EXECUTE FUNCTION records_attachment_stays();
ALTER POLICY records_attachment_remove ON records_attachment USING ((SELECT guanxi_everything()));
"""
GOES = """
DROP TRIGGER records_attachment_stays ON records_attachment;
DROP TRIGGER records_attachment_withdrawn ON records_attachment;
DROP FUNCTION records_attachment_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0003_attachments"), ("foundation", "0001_scope")]
    operations = [rls.protect("records_attachment", read=EITHER), migrations.RunSQL(STAYS, GOES)]
