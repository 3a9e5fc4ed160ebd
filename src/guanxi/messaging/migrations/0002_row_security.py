"""Templates and terms are read by all who signed in; a message at the place that wrote it and above; a reply by those
who see the customer. How often somebody was written to is asked of the whole network, and says nothing else.
"""

from django.db import migrations

from guanxi.foundation import rls

OF_CUSTOMER = rls.met("customers_relation r", "r.customer_id = messaging_reply.customer_id AND r.ended_on IS NULL")
LATELY = """
CREATE FUNCTION messaging_lately(ids bigint[], why text, since timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT customer_id FROM messaging_message
  WHERE customer_id = ANY(ids) AND purpose = why AND reason = '' AND state <> 'FAILED'
    AND coalesce(sent_at, not_before) > since
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0001_initial"), ("customers", "0002_row_security"), ("foundation", "0001_scope"),
    ]  # fmt: skip
    operations = [
        rls.protect("messaging_terms", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("messaging_template", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("messaging_message", read=rls.within("node_id")),
        rls.protect("messaging_reply", read=OF_CUSTOMER),
        migrations.RunSQL(LATELY, "DROP FUNCTION messaging_lately(bigint[], text, timestamptz)"),
    ]
