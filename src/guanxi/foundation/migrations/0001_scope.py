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
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['records_auditentry'] LOOP
    IF to_regclass(t) IS NOT NULL THEN
      EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM guanxi_app', t);
    END IF;
  END LOOP;
  IF to_regclass('network_ancestry') IS NOT NULL THEN
    REVOKE INSERT, UPDATE, DELETE ON network_ancestry FROM guanxi_app;
  END IF;
  REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM guanxi_app;
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
