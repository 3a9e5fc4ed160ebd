"""Topics are everybody's who signed in. An article is read where it is kept and below, with its versions and what it was
good for; it is changed where it is kept, but every reader may say whether it helps. A question is seen where it was asked
and above. What was published stays as it was said, an answer too.
"""

from django.db import migrations

from guanxi.foundation import rls

OF_ARTICLE = rls.met("knowledge_article a", "a.id = article_id")
AT_ARTICLE = rls.met("knowledge_article a", f"a.id = article_id AND {rls.within('a.node_id')}")
OF_QUESTION = rls.met("knowledge_question q", "q.id = question_id")
STAYS = """
CREATE FUNCTION knowledge_common(a text[], b text[]) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT count(*)::integer FROM (SELECT unnest(a) INTERSECT SELECT unnest(b)) AS shared
$$;
CREATE FUNCTION knowledge_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was published or answered stays as it was said' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER knowledge_version_stays BEFORE UPDATE ON knowledge_version FOR EACH ROW WHEN (
  OLD.reviewed_at IS NOT NULL AND
  (OLD.title_zh, OLD.title_en, OLD.question_zh, OLD.question_en, OLD.answer_zh, OLD.answer_en, OLD.valid_from)
    IS DISTINCT FROM
  (NEW.title_zh, NEW.title_en, NEW.question_zh, NEW.question_en, NEW.answer_zh, NEW.answer_en, NEW.valid_from))
  EXECUTE FUNCTION knowledge_stays();
CREATE TRIGGER knowledge_answer_stays BEFORE UPDATE ON knowledge_answer FOR EACH ROW WHEN (
  OLD.helped IS NOT NULL OR (OLD.question_id, OLD.number, OLD.words, OLD.answered_at)
    IS DISTINCT FROM (NEW.question_id, NEW.number, NEW.words, NEW.answered_at))
  EXECUTE FUNCTION knowledge_stays();
"""
GOES = """
DROP TRIGGER knowledge_answer_stays ON knowledge_answer; DROP TRIGGER knowledge_version_stays ON knowledge_version;
DROP FUNCTION knowledge_stays(); DROP FUNCTION knowledge_common(text[], text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("knowledge_topic", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("knowledge_article", read=rls.within_or_above("node_id"), write=rls.within("node_id")),
        rls.protect("knowledge_version", read=OF_ARTICLE, write=AT_ARTICLE),
        rls.protect("knowledge_use", read=OF_ARTICLE),
        rls.protect("knowledge_question", read=rls.within("node_id")),
        rls.protect("knowledge_answer", read=OF_QUESTION),
        migrations.RunSQL(STAYS, GOES),
    ]
