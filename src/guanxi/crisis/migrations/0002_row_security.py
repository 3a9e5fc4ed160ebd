"""A crisis is seen where it is, its complaints, log and statements with it. The log only grows; a statement keeps its
words and who wrote them, and stays as it was said.
"""

from django.db import migrations

from guanxi.foundation import rls


def of_crisis(table: str) -> str:
    return rls.met("crisis_crisis c", f"c.id = {table}.crisis_id")


STAYS = """
CREATE FUNCTION crisis_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was noted and said in a crisis stays as it is' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER crisis_entry_stays BEFORE UPDATE OR DELETE ON crisis_entry FOR EACH ROW EXECUTE FUNCTION crisis_stays();
CREATE TRIGGER crisis_statement_stays BEFORE UPDATE ON crisis_statement FOR EACH ROW WHEN (
  OLD.said_at IS NOT NULL OR (OLD.crisis_id, OLD.version, OLD.words, OLD.written_by_id, OLD.written_at)
    IS DISTINCT FROM (NEW.crisis_id, NEW.version, NEW.words, NEW.written_by_id, NEW.written_at))
  EXECUTE FUNCTION crisis_stays();
CREATE TRIGGER crisis_statement_kept BEFORE DELETE ON crisis_statement FOR EACH ROW EXECUTE FUNCTION crisis_stays();
ALTER POLICY crisis_crisis_remove ON crisis_crisis USING ((SELECT guanxi_everything()));
ALTER POLICY crisis_link_remove ON crisis_link USING ((SELECT guanxi_everything()));
"""
GOES = """
DROP TRIGGER crisis_entry_stays ON crisis_entry;
DROP TRIGGER crisis_statement_stays ON crisis_statement;
DROP TRIGGER crisis_statement_kept ON crisis_statement;
DROP FUNCTION crisis_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("crisis", "0001_initial"), ("complaints", "0002_row_security"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("crisis_crisis", read=rls.within("place_id")),
        rls.protect("crisis_link", read=of_crisis("crisis_link")),
        rls.protect("crisis_entry", read=of_crisis("crisis_entry")),
        rls.protect("crisis_statement", read=of_crisis("crisis_statement")),
        migrations.RunSQL(STAYS, GOES),
    ]
