"""How often somebody was contacted for a purpose is asked of the whole network, and says nothing else: what was written,
and the tasks to contact him that say for which purpose they are. The task that a message itself does is not counted.
"""

from django.db import migrations

CONTACTED = """
DROP FUNCTION messaging_lately(bigint[], text, timestamptz);
CREATE FUNCTION messaging_contacted(ids bigint[], why text, since timestamptz, for_reason text) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT customer_id FROM messaging_message
  WHERE customer_id = ANY(ids) AND purpose = why AND reason = '' AND state <> 'FAILED'
    AND coalesce(sent_at, not_before) > since
  UNION
  SELECT subject_id FROM worklist_task
  WHERE subject_type = 'customer' AND subject_id = ANY(ids) AND values ->> 'purpose' = why
    AND state IN ('OPEN', 'CLAIMED', 'DONE') AND opens_at > since
    AND coalesce(values ->> 'message', '') <> for_reason
$$;
"""
LATELY = """
DROP FUNCTION messaging_contacted(bigint[], text, timestamptz, text);
CREATE FUNCTION messaging_lately(ids bigint[], why text, since timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT customer_id FROM messaging_message
  WHERE customer_id = ANY(ids) AND purpose = why AND reason = '' AND state <> 'FAILED'
    AND coalesce(sent_at, not_before) > since
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0006_about_a_car"), ("worklist", "0002_row_security")]
    operations = [migrations.RunSQL(CONTACTED, LATELY)]
