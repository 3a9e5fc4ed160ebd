"""A customer is seen where there is an open relation to an outlet in scope; what hangs on him follows."""

from django.db import migrations

from guanxi.foundation import rls

RELATED = "r.customer_id = {} AND r.ended_on IS NULL"


def _of(column: str) -> str:
    return rls.met("customers_relation r", RELATED.format(column))


# a merged record is seen by those who see the one that stayed, so that the merge can be undone
# CASE and not COALESCE: PostgreSQL takes COALESCE for leaky and would read all relations instead of an index
SELF = _of(
    "CASE WHEN customers_customer.merged_into_id IS NULL THEN customers_customer.id"
    " ELSE customers_customer.merged_into_id END"
)

# Whether outlets outside the actor's scope know one of these customers too: who may not see them must
# know at least that they are there, before he merges or erases.
SHARED = """
CREATE FUNCTION customers_known_elsewhere(ids bigint[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT NOT guanxi_everything() AND EXISTS (
    SELECT 1 FROM customers_relation r
    WHERE r.customer_id = ANY(ids) AND r.ended_on IS NULL AND r.outlet_id <> ALL(guanxi_nodes()))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("customers_relation", read=rls.within("outlet_id")),
        rls.protect("customers_customer", read=SELF),
        rls.protect("customers_contactpoint", read=_of("customers_contactpoint.customer_id")),
        rls.protect("customers_address", read=_of("customers_address.customer_id")),
        rls.protect("customers_externalid", read=_of("customers_externalid.customer_id")),
        rls.protect("customers_quality", read=_of("customers_quality.customer_id")),
        rls.protect(
            "customers_association",
            read=f"{_of('customers_association.customer_id')} AND {_of('customers_association.other_id')}",
        ),
        rls.protect("customers_note", read=rls.within("outlet_id")),
        rls.protect("customers_outletquality", read=rls.within("outlet_id")),
        rls.protect("customers_merge", read=_of("customers_merge.kept_id")),
        migrations.RunSQL(SHARED, "DROP FUNCTION customers_known_elsewhere(bigint[])"),
    ]
