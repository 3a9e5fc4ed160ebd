"""What has to be read is known to whoever reads the article, and asked for where it is kept. A confirmation is seen by who
gave it and where he works, given by nobody but himself, and stays.
"""

from django.db import migrations

from guanxi.foundation import rls

OF_ARTICLE = rls.met("knowledge_article a", "a.id = article_id")
AT_ARTICLE = rls.met("knowledge_article a", f"a.id = article_id AND {rls.within('a.node_id')}")
OF_VERSION = rls.met("knowledge_version v", "v.id = version_id")
OF_PERSON = rls.met("access_membership m", f"m.user_id = person_id AND {rls.within('m.node_id')}")
BY_HIMSELF = f"(person_id = (SELECT guanxi_person()) OR ({rls.EVERYTHING} AND (SELECT guanxi_person()) IS NULL))"
WAITING = """
CREATE FUNCTION knowledge_to_read(person bigint, day date) RETURNS TABLE (reading bigint, due date) LANGUAGE sql STABLE AS $$
  SELECT r.id, GREATEST(r.due_on, min(m.valid_from) + 7)
  FROM access_membership m
  JOIN network_ancestry y ON y.descendant_id = m.node_id AND y.during @> day
  JOIN knowledge_article a ON a.node_id = y.ancestor_id
  JOIN knowledge_reading r ON r.article_id = a.id AND r.is_current AND m.role_id = ANY (r.roles)
  WHERE m.user_id = person AND m.valid_from <= day AND (m.valid_to IS NULL OR m.valid_to > day)
    AND EXISTS (
      SELECT 1 FROM knowledge_version v WHERE v.article_id = a.id AND v.stage = 'PUBLISHED'
        AND (v.valid_until IS NULL OR v.valid_until > day))
    AND NOT EXISTS (
      SELECT 1 FROM knowledge_confirmation c JOIN knowledge_version v ON v.id = c.version_id
      WHERE v.article_id = a.id AND v.number >= r.since AND c.person_id = person)
  GROUP BY r.id
$$;
CREATE FUNCTION knowledge_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'who has confirmed that he read something has confirmed it' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER knowledge_confirmation_stays BEFORE UPDATE OR DELETE ON knowledge_confirmation
  FOR EACH ROW EXECUTE FUNCTION knowledge_confirmed();
"""
GOES = """
DROP TRIGGER knowledge_confirmation_stays ON knowledge_confirmation;
DROP FUNCTION knowledge_confirmed(); DROP FUNCTION knowledge_to_read(bigint, date);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0006_readings"), ("access", "0002_row_security"), ("network", "0002_row_security"),
        ("foundation", "0001_scope"),
    ]  # fmt: skip
    operations = [
        rls.protect("knowledge_reading", read=OF_ARTICLE, write=AT_ARTICLE),
        rls.protect(
            "knowledge_confirmation", read=f"({rls.own('person_id')} OR {OF_PERSON}) AND {OF_VERSION}", write=BY_HIMSELF
        ),
        migrations.RunSQL(WAITING, GOES),
    ]
