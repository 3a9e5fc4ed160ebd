"""A car is seen by those who see somebody who owns, drives or pays for it now; a sale by the outlet that sold."""

from django.db import migrations

from guanxi.foundation import rls


def _of(column: str) -> str:
    return rls.met("vehicles_participant p", f"p.vehicle_id = {column} AND p.until IS NULL")


PARTICIPANT = rls.met("customers_relation r", "r.customer_id = vehicles_participant.customer_id AND r.ended_on IS NULL")
# Plates and VINs are words that a car's people are found by: see customers/migrations/0003_search.py.
TOKENS = """
CREATE VIEW vehicles_word WITH (security_invoker = true) AS
SELECT p.customer_id, 'v' || reverse(v.vin) AS token
FROM vehicles_participant p JOIN vehicles_vehicle v ON v.id = p.vehicle_id WHERE p.until IS NULL
UNION
SELECT p.customer_id, 'p' || reverse(v.plate)
FROM vehicles_participant p JOIN vehicles_vehicle v ON v.id = p.vehicle_id WHERE p.until IS NULL AND v.plate <> '';
CREATE FUNCTION vehicles_retoken(ids bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM customers_token WHERE customer_id = ANY(ids)
    AND (token >= 'p' AND token < 'q' OR token >= 'v' AND token < 'w');
  INSERT INTO customers_token (outlet_id, customer_id, token)
  SELECT p.outlet_id, c.id, w.token FROM (SELECT DISTINCT unnest(ids)) x (id)
  JOIN customers_customer c ON c.id = x.id AND c.merged_into_id IS NULL
  CROSS JOIN LATERAL (SELECT outlet_id FROM customers_presence WHERE customer_id = c.id OFFSET 0) p
  CROSS JOIN LATERAL (SELECT token FROM vehicles_word WHERE customer_id = c.id OFFSET 0) w ORDER BY 1, 3;
END $$;
CREATE FUNCTION vehicles_token_run(run int) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT vehicles_retoken(array_agg(customer_id)) FROM (
    SELECT customer_id FROM vehicles_participant WHERE run_id = run AND until IS NULL
    UNION SELECT p.customer_id FROM vehicles_vehicle v JOIN vehicles_participant p ON p.vehicle_id = v.id AND p.until IS NULL
    WHERE v.run_id = run) c
  HAVING count(*) > 0
$$;
"""
REMOVE = """
DROP FUNCTION vehicles_token_run(int); DROP FUNCTION vehicles_retoken(bigint[]); DROP VIEW vehicles_word;
"""


class Migration(migrations.Migration):
    dependencies = [("vehicles", "0001_initial"), ("customers", "0003_search")]
    operations = [
        rls.protect("vehicles_participant", read=PARTICIPANT),
        rls.protect("vehicles_vehicle", read=_of("vehicles_vehicle.id")),
        rls.protect("vehicles_plate", read=_of("vehicles_plate.vehicle_id")),
        rls.protect("vehicles_reading", read=_of("vehicles_reading.vehicle_id")),
        rls.protect("vehicles_cover", read=_of("vehicles_cover.vehicle_id")),
        rls.protect("vehicles_sale", read=rls.within("outlet_id")),
        rls.protect("vehicles_ownerdoubt", read=rls.within("outlet_id")),
        migrations.RunSQL(TOKENS, REMOVE),
    ]
