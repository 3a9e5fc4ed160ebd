"""Kinds are everybody's who signed in; a campaign is seen at its place and above, and below it once it is approved; who
is addressed only at the outlet that addresses him. Whom other campaigns addressed lately is asked of the whole network,
and says nothing else.
"""

from django.db import migrations

from guanxi.foundation import rls

BELOW = (
    f"({rls.within('node_id')} OR state::text NOT IN ('DRAFT', 'SUBMITTED', 'RETURNED')"
    " AND node_id IN (SELECT unnest(guanxi_above())))"
)
OF_CAMPAIGN = rls.met("campaigns_campaign q", "q.id = campaigns_wave.campaign_id")
LATELY = """
CREATE FUNCTION campaigns_lately(ids bigint[], why text, since timestamptz, but bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT m.customer_id FROM campaigns_member m JOIN campaigns_campaign c ON c.id = m.campaign_id
  WHERE m.customer_id = ANY(ids) AND c.purpose = why AND c.id <> but AND m.contacted_at > since
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0001_initial"), ("foundation", "0001_scope"), ("messaging", "0002_row_security"),
        ("rectification", "0002_row_security"), ("care", "0008_gatherings_row_security"),
    ]  # fmt: skip
    operations = [
        rls.protect("campaigns_kind", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("campaigns_campaign", read=BELOW, write=rls.within("node_id")),
        rls.protect("campaigns_wave", read=OF_CAMPAIGN),
        rls.protect("campaigns_member", read=rls.within("outlet_id")),
        migrations.RunSQL(LATELY, "DROP FUNCTION campaigns_lately(bigint[], text, timestamptz, bigint)"),
    ]
