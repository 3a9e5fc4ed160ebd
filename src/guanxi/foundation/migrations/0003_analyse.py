"""What only the owner of tables may do and a large load needs: let the planner count them."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION guanxi_analyse(names text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY names LOOP EXECUTE format('ANALYZE %I', name); END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_cache")]
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION guanxi_analyse(text[])")]
