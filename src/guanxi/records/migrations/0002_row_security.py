"""The trail is append-only, and read within the scope; replies belong to one person; calls are counted."""

from django.db import migrations

from guanxi.foundation import rls

APPEND_ONLY = """
CREATE FUNCTION records_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER records_auditentry_append_only BEFORE UPDATE OR DELETE ON records_auditentry
  FOR EACH ROW EXECUTE FUNCTION records_refuse_change();
CREATE TRIGGER records_auditentry_no_truncate BEFORE TRUNCATE ON records_auditentry
  FOR EACH STATEMENT EXECUTE FUNCTION records_refuse_change();
"""
REMOVE = """
DROP TRIGGER records_auditentry_append_only ON records_auditentry;
DROP TRIGGER records_auditentry_no_truncate ON records_auditentry;
DROP FUNCTION records_refuse_change();
"""


CALLS = """
CREATE UNLOGGED TABLE records_calls (
  key varchar(64) NOT NULL, minute bigint NOT NULL, calls int NOT NULL, PRIMARY KEY (key, minute)
);
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("foundation", "0001_scope")]
    operations = [
        rls.protect(
            "records_auditentry",
            read=f"{rls.within('node_id')} OR person_id = guanxi_person()",
            write="true",
        ),
        rls.protect("records_reply", read=rls.own("person_id")),
        migrations.RunSQL(APPEND_ONLY, REMOVE),
        migrations.RunSQL(CALLS, "DROP TABLE records_calls"),
    ]
