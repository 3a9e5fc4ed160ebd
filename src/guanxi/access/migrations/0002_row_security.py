"""People are seen where they work; tokens by their owner; links by those who made them possible."""

from django.db import migrations

from guanxi.foundation import rls

HERE = rls.exists("access_membership m", f"m.user_id = access_user.id AND {rls.within('m.node_id')}")
PERSON = f"{rls.EVERYTHING} OR {rls.IDENTIFY} OR id = guanxi_person()"
MEMBERSHIP = f"{rls.within('node_id')} OR {rls.IDENTIFY}"

OUTSIDE = """
CREATE FUNCTION access_places_outside(person bigint, here int[], day date) RETURNS bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) FROM access_membership
  WHERE user_id = person AND NOT (node_id = ANY (here)) AND (valid_to IS NULL OR valid_to > day)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("network", "0002_row_security")]
    operations = [
        rls.protect("access_membership", read=f"{MEMBERSHIP} OR user_id = guanxi_person()", write=MEMBERSHIP),
        rls.protect("access_user", read=f"{PERSON} OR {HERE}"),
        rls.protect("access_signinlink", read=MEMBERSHIP),
        rls.protect(
            "access_token",
            read=f"{rls.own('user_id')} OR {rls.IDENTIFY}",
        ),
        migrations.RunSQL(OUTSIDE, "DROP FUNCTION access_places_outside(bigint, int[], date)"),
    ]
