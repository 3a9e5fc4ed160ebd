"""A caution is seen where it was proposed, and in force by everybody who sees the customer; what was said with it only
where it was proposed. What was said stays, and so does a caution that ended.
"""

from django.db import migrations

from guanxi.foundation import rls

HERE = rls.within("place_id")
OF_CUSTOMER = rls.met(
    "customers_relation r", "r.customer_id = complaints_caution.customer_id AND r.ended_on IS NULL"
)  # fmt: skip
OF_CAUTION = rls.met(
    "complaints_caution c", f"c.id = complaints_cautionstep.caution_id AND {rls.within('c.place_id')}"
)  # fmt: skip
STAYS = """
CREATE TRIGGER complaints_caution_stays BEFORE UPDATE ON complaints_caution FOR EACH ROW WHEN (
  OLD.ended_at IS NOT NULL AND (OLD.state, OLD.reason, OLD.plan, OLD.owner_id, OLD.reviewed_by_id, OLD.ended_at)
    IS DISTINCT FROM (NEW.state, NEW.reason, NEW.plan, NEW.owner_id, NEW.reviewed_by_id, NEW.ended_at))
  EXECUTE FUNCTION complaints_stays();
ALTER POLICY complaints_cautionstep_change ON complaints_cautionstep USING (false) WITH CHECK (false);
ALTER POLICY complaints_cautionstep_remove ON complaints_cautionstep USING ((SELECT guanxi_everything()));
ALTER POLICY complaints_caution_remove ON complaints_caution USING ((SELECT guanxi_everything()));
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0011_cautions"), ("foundation", "0001_scope")]
    operations = [
        rls.protect("complaints_caution", read=f"({HERE} OR (state::text = 'IN_FORCE' AND {OF_CUSTOMER}))", write=HERE),
        rls.protect("complaints_cautionstep", read=OF_CAUTION),
        migrations.RunSQL(STAYS, "DROP TRIGGER complaints_caution_stays ON complaints_caution;"),
    ]
