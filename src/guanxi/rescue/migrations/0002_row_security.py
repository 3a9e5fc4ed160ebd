"""Terms, helps, tariffs and providers are everybody's who signed in. A rescue is seen where it was taken, by whoever has it
and by the workshop to which the car goes; a sending also by who was sent. What somebody who follows his rescue may know
comes out of one function, which runs as the owner of the tables.
"""

from django.db import migrations

from guanxi.foundation import rls

PLACES = " OR ".join(rls.within(column) for column in ("place_id", "provider_id", "destination_id"))
OF_RESCUE = f"({rls.within('provider_id')} OR {rls.met('rescue_rescue r', 'r.id = rescue_id')})"
FOLLOWED = """
CREATE FUNCTION rescue_followed(wanted bigint) RETURNS TABLE (
  state text, provider_zh text, provider_en text, phone text, crew text, crew_phone text, truck text,
  eta_at timestamptz, ended_at timestamptz
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT r.state::text, n.name_zh::text, n.name_en::text, p.phone::text, d.crew::text, d.crew_phone::text, d.truck::text,
    r.eta_at, coalesce(r.ended_at, r.done_at)
  FROM rescue_rescue r
  LEFT JOIN rescue_dispatch d ON d.rescue_id = r.id AND d.state IN ('ACCEPTED', 'ARRIVED', 'FINISHED')
  LEFT JOIN network_node n ON n.id = d.provider_id
  LEFT JOIN rescue_provider p ON p.node_id = d.provider_id
  WHERE r.id = wanted
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("rescue", "0001_initial"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("rescue_terms", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("rescue_help", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("rescue_tariff", read=rls.SIGNED_IN, write=rls.EVERYTHING),
        rls.protect("rescue_provider", read=rls.SIGNED_IN, write=rls.within("node_id")),
        rls.protect("rescue_rescue", read=f"({PLACES})"),
        rls.protect("rescue_dispatch", read=OF_RESCUE),
        migrations.RunSQL(FOLLOWED, "DROP FUNCTION rescue_followed(bigint)"),
    ]
