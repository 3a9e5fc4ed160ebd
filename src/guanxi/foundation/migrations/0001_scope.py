"""The functions by which row-level policies read who acts. No tables."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION guanxi_everything() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('guanxi.everything', true), '') = 'on' $$;
CREATE FUNCTION guanxi_identify() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('guanxi.identify', true), '') = 'on' $$;
CREATE FUNCTION guanxi_nodes() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('guanxi.nodes', true), ''), '{}')::int[] $$;
CREATE FUNCTION guanxi_above() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('guanxi.above', true), ''), '{}')::int[] $$;
CREATE FUNCTION guanxi_person() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('guanxi.person', true), '')::bigint $$;
CREATE FUNCTION guanxi_after_grants() RETURNS void LANGUAGE plpgsql AS $$
DECLARE row record;
BEGIN
  FOR row IN
    SELECT DISTINCT g.table_name, g.grantee FROM information_schema.role_table_grants g
    JOIN pg_tables t ON t.schemaname = g.table_schema AND t.tablename = g.table_name
    WHERE g.table_schema = 'public' AND g.grantee NOT IN (t.tableowner, 'PUBLIC')
      AND g.table_name IN ('records_auditentry', 'network_ancestry', 'django_migrations')
  LOOP
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM %I', row.table_name, row.grantee);
    IF row.table_name <> 'records_auditentry' THEN
      EXECUTE format('REVOKE INSERT ON %I FROM %I', row.table_name, row.grantee);
    END IF;
  END LOOP;
END $$;
"""

BACKWARD = """
DROP FUNCTION guanxi_after_grants(); DROP FUNCTION guanxi_person(); DROP FUNCTION guanxi_above();
DROP FUNCTION guanxi_nodes(); DROP FUNCTION guanxi_identify(); DROP FUNCTION guanxi_everything();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
