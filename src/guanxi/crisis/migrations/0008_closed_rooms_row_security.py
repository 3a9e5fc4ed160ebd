"""A room that is closed to named people is seen by them, by who is in charge and by who leads crises of the whole network;
with it its complaints, log, statements, owners, alarms and reports, and what others keep about it: tasks, files, the trail.
To the system it is open: those whom it is about are left alone as before.

The functions run as the owner of the tables: what is hidden cannot say of itself that it is.
"""

from django.db import migrations

from guanxi.foundation import rls

DEFINED = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
FUNCTIONS = f"""
CREATE FUNCTION crisis_leads() RETURNS boolean {DEFINED} AS $$
  SELECT EXISTS (
    SELECT 1 FROM access_membership m JOIN access_role r ON r.code = m.role_id
    WHERE m.user_id = guanxi_person() AND r.is_current AND r.reach = 'GROUP' AND 'crisis.handle' = ANY (r.verbs)
      AND m.valid_from <= current_date AND (m.valid_to IS NULL OR m.valid_to > current_date))
$$;
CREATE FUNCTION crisis_shut() RETURNS SETOF bigint {DEFINED} AS $$
  SELECT c.id FROM crisis_crisis c
  WHERE c.admitted IS NOT NULL AND guanxi_person() IS NOT NULL AND guanxi_person() IS DISTINCT FROM c.owner_id
    AND NOT guanxi_person() = ANY (c.admitted) AND NOT crisis_leads()
$$;
CREATE FUNCTION crisis_shut_lines() RETURNS TABLE (type text, key text, mark text) {DEFINED} AS $$
  WITH shut AS MATERIALIZED (SELECT id FROM crisis_shut() AS s (id))
  SELECT t.type, id::text, '%WJ' || lpad(id::text, greatest(6, length(id::text)), '0') || '%'
  FROM shut, (VALUES ('crisis.crisis'), ('crisis.legal')) AS t (type)
  UNION ALL SELECT 'privacy.hold', 'crisis:' || id, NULL FROM shut
  UNION ALL SELECT 'crisis.report', r.id::text, NULL FROM crisis_report r JOIN shut s ON s.id = r.crisis_id
  UNION ALL SELECT 'crisis.alarm', a.id::text, NULL FROM crisis_alarm a JOIN shut s ON s.id = a.crisis_id
$$;
CREATE FUNCTION crisis_taken(wanted bigint[]) RETURNS boolean {DEFINED} AS $$
  SELECT EXISTS (SELECT 1 FROM crisis_link l WHERE l.complaint_id = ANY (wanted) AND l.is_open)
$$;
CREATE FUNCTION crisis_registered(wanted text) RETURNS boolean {DEFINED} AS $$
  SELECT EXISTS (SELECT 1 FROM crisis_report r WHERE r.address = wanted)
$$;
"""  # noqa: S608 -- fixed text of a migration
GONE = """
DROP FUNCTION crisis_registered(text); DROP FUNCTION crisis_taken(bigint[]); DROP FUNCTION crisis_shut_lines();
DROP FUNCTION crisis_shut(); DROP FUNCTION crisis_leads();
"""


def entered(table: str, column: str) -> migrations.RunSQL:
    return rls.narrow(table, f"{table}_entered", f"({column} IS NULL OR {column} NOT IN (SELECT crisis_shut()))")


def named(table: str) -> migrations.RunSQL:
    """What is kept under the kind and the key of what it is about."""
    shown = "(subject_type::text, subject_id::text) NOT IN (SELECT type, key FROM crisis_shut_lines())"
    return rls.narrow(
        table, f"crisis_{table}", f"(subject_type::text NOT LIKE 'crisis.%' OR {shown})", command="SELECT"
    )  # fmt: skip


TRAIL = """NOT EXISTS (
  SELECT 1 FROM crisis_shut_lines() s WHERE (s.type = subject_type::text AND s.key = subject_id::text)
    OR subject_label::text LIKE s.mark)"""


class Migration(migrations.Migration):
    dependencies = [
        ("crisis", "0007_closed_rooms"), ("access", "0002_row_security"), ("worklist", "0002_row_security"),
        ("records", "0004_attachments_row_security"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL(FUNCTIONS, GONE),
        entered("crisis_crisis", "id"),
        *(entered(f"crisis_{name}", "crisis_id") for name in ("link", "entry", "statement", "affected")),
        *(entered(f"crisis_{name}", "crisis_id") for name in ("report", "alarm")),
        named("worklist_task"),
        named("records_attachment"),
        rls.narrow("records_auditentry", "crisis_records_auditentry", TRAIL, command="SELECT"),
    ]
