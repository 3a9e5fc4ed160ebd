"""What customers are found by: words of equal or like beginning, by outlet (ADR 13).

Under row-level security only leakproof comparisons may use an index: equality and order of text are, LIKE and
arrays are not. So every way to find somebody is a text that begins with what is typed, marked by its first letter:
``n`` a tail of the name (any part of a name begins one of its tails), ``r`` its pinyin, ``i`` the initials of
the pinyin, ``t`` a telephone number backwards, ``p`` a plate backwards, ``v`` a VIN backwards.
A customer without any outlet stands under outlet 0, which only those see who see everything.
The tokens are derived: the functions run as their owner, so that a change made by one outlet reaches the
tokens of the others too. They ask for one customer after the other by index (LATERAL … OFFSET 0): a view of
unions would otherwise be worked out for everybody. After a large load let the planner count first: ``db.analyse``.
No foreign key watches over derived rows: it would cost more than writing them.
"""

from django.db import migrations

from guanxi.foundation import rls

TABLE = """
CREATE TABLE customers_token (
  outlet_id int NOT NULL, customer_id bigint NOT NULL, token text COLLATE "C" NOT NULL
);
CREATE INDEX customers_token_here ON customers_token (outlet_id, token);
CREATE INDEX customers_token_of ON customers_token (customer_id);
"""
TOKENS = """
CREATE VIEW customers_word WITH (security_invoker = true) AS
SELECT c.id AS customer_id, 'n' || substr(w.name, i, 16) AS token
FROM customers_customer c
CROSS JOIN LATERAL (SELECT upper(regexp_replace(c.name, '[[:space:]·•.,()（）]', '', 'g')) AS name) w
CROSS JOIN LATERAL generate_series(1, least(length(w.name), 16)) i
WHERE c.merged_into_id IS NULL
UNION ALL SELECT id, 'r' || left(reading, 24) FROM customers_customer WHERE reading <> '' AND merged_into_id IS NULL
UNION ALL SELECT id, 'i' || left(initials, 16) FROM customers_customer WHERE initials <> '' AND merged_into_id IS NULL
UNION ALL SELECT p.customer_id, 't' || reverse(p.value) FROM customers_contactpoint p
  JOIN customers_customer c ON c.id = p.customer_id AND c.merged_into_id IS NULL
  WHERE p.channel IN ('MOBILE', 'LANDLINE');
CREATE VIEW customers_presence WITH (security_invoker = true) AS
SELECT customer_id, outlet_id FROM customers_relation WHERE ended_on IS NULL
UNION ALL SELECT c.id, 0 FROM customers_customer c WHERE NOT EXISTS (
  SELECT 1 FROM customers_relation r WHERE r.customer_id = c.id AND r.ended_on IS NULL);
CREATE FUNCTION customers_retoken(ids bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  WITH gone AS (DELETE FROM customers_token WHERE customer_id = ANY(ids) RETURNING customer_id, token),
  of_cars AS (
    SELECT DISTINCT g.customer_id, g.token FROM gone g JOIN customers_customer c ON c.id = g.customer_id
    WHERE c.merged_into_id IS NULL AND (g.token >= 'p' AND g.token < 'q' OR g.token >= 'v' AND g.token < 'w')
  )
  INSERT INTO customers_token (outlet_id, customer_id, token)
  SELECT p.outlet_id, x.id, w.token FROM (SELECT DISTINCT unnest(ids)) x (id)
  CROSS JOIN LATERAL (SELECT outlet_id FROM customers_presence WHERE customer_id = x.id OFFSET 0) p
  CROSS JOIN LATERAL (SELECT DISTINCT token FROM customers_word WHERE customer_id = x.id OFFSET 0) w
  UNION ALL SELECT p.outlet_id, o.customer_id, o.token FROM of_cars o
  CROSS JOIN LATERAL (SELECT outlet_id FROM customers_presence WHERE customer_id = o.customer_id OFFSET 0) p
  ORDER BY 1, 3;
END $$;
CREATE FUNCTION customers_token_run(run int) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  INSERT INTO customers_token (outlet_id, customer_id, token)
  SELECT p.outlet_id, c.id, w.token
  FROM customers_customer c
  CROSS JOIN LATERAL (SELECT outlet_id FROM customers_presence WHERE customer_id = c.id OFFSET 0) p
  CROSS JOIN LATERAL (SELECT DISTINCT token FROM customers_word WHERE customer_id = c.id OFFSET 0) w
  WHERE c.run_id = run ORDER BY c.id
$$;
"""
REMOVE = """
DROP FUNCTION customers_token_run(int); DROP FUNCTION customers_retoken(bigint[]);
DROP VIEW customers_presence; DROP VIEW customers_word;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_row_security")]
    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE customers_token"),
        rls.protect("customers_token", read=rls.within("outlet_id")),
        migrations.RunSQL(TOKENS, REMOVE),
    ]
