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
  DELETE FROM customers_token t USING unnest(ids) x (id) WHERE t.customer_id = x.id
    AND (t.token >= 'p' AND t.token < 'q' OR t.token >= 'v' AND t.token < 'w');
  INSERT INTO customers_token (outlet_id, customer_id, token)
  SELECT p.outlet_id, w.customer_id, w.token FROM vehicles_word w
  JOIN customers_customer c ON c.id = w.customer_id AND c.merged_into_id IS NULL
  JOIN customers_presence p ON p.customer_id = w.customer_id WHERE w.customer_id = ANY(ids);
END $$;
CREATE FUNCTION vehicles_token_run(run int) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  SELECT vehicles_retoken(array_agg(DISTINCT p.customer_id)) FROM vehicles_participant p
  JOIN vehicles_vehicle v ON v.id = p.vehicle_id WHERE (p.run_id = run OR v.run_id = run) AND p.until IS NULL
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
