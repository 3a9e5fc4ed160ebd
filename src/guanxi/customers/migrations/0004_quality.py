"""How good a record is: five marks, weighted (INFO-30 to INFO-34, KPI-05, KPI-06). Weights are data.

Set-based and derived: one function grades some records or all whose grade is old; another sums an outlet up.
They run as their owner, since a phone number that others have too may belong to somebody of another outlet:
only the mark is kept, never who the others are.
"""

from django.db import migrations

RULE = """
CREATE TABLE customers_qualityrule (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  complete int NOT NULL, valid int NOT NULL, fresh int NOT NULL, "unique" int NOT NULL, proven int NOT NULL,
  fresh_days int NOT NULL CHECK (fresh_days > 0), stale_days int NOT NULL CHECK (stale_days > 0),
  CONSTRAINT customers_qualityrule_whole CHECK (complete + valid + fresh + "unique" + proven = 100)
);
INSERT INTO customers_qualityrule VALUES (true, 30, 25, 15, 15, 15, 180, 365);
"""
GRADE = r"""
CREATE FUNCTION customers_is_junk(number text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT number ~ '(\d)\1{6}' OR number ~ '(0123456|1234567|2345678|3456789|9876543|8765432)'
$$;
CREATE FUNCTION customers_marks(ids bigint[], at timestamptz) RETURNS TABLE (
  customer_id bigint, complete int, valid int, fresh int, "unique" int, proven int, doubts text[]
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
WITH facts AS (
  SELECT c.id, r.fresh_days, r.stale_days, c.verification,
    c.name ~ '^(测试|test|无名|未知|客户|先生|女士|某某|不详|.)$' OR c.name ~ '^\d+$' AS junk_name,
    ph.numbers, ph.usable, coalesce(ph.junk, false) AS junk, coalesce(ph.shared, false) AS shared, ph.proven_at,
    EXISTS (SELECT 1 FROM customers_address a WHERE a.customer_id = c.id AND (a.city <> '' OR a.line <> '')) AS address,
    c.kind = 'COMPANY' OR c.born_on IS NOT NULL AS birthday, c.identity_digest IS NOT NULL AS identity,
    EXISTS (SELECT 1 FROM customers_relation x WHERE x.customer_id = c.id AND x.ended_on IS NULL
      AND (x.consultant_id IS NOT NULL OR x.consultant_name <> '')) AS consultant,
    greatest(c.touched_at, ph.proven_at, c.verified_at) AS seen
  FROM (SELECT DISTINCT unnest(ids)) x (id)
  JOIN customers_customer c ON c.id = x.id CROSS JOIN customers_qualityrule r
  CROSS JOIN LATERAL (
    SELECT count(*) AS numbers, count(*) FILTER (WHERE p.state = 'VALID' AND NOT customers_is_junk(p.value)) AS usable,
      bool_or(customers_is_junk(p.value)) AS junk, max(p.proven_at) AS proven_at,
      bool_or(EXISTS (SELECT 1 FROM customers_contactpoint o WHERE o.value = p.value AND o.customer_id <> p.customer_id
        AND (SELECT oc.merged_into_id IS NULL FROM customers_customer oc WHERE oc.id = o.customer_id))) AS shared
    FROM customers_contactpoint p WHERE p.customer_id = c.id AND p.channel IN ('MOBILE', 'LANDLINE')
  ) ph
  WHERE c.merged_into_id IS NULL
)
SELECT id,
  CASE WHEN numbers > 0 THEN 40 ELSE 0 END + CASE WHEN address THEN 20 ELSE 0 END
    + CASE WHEN birthday THEN 10 ELSE 0 END + CASE WHEN identity THEN 10 ELSE 0 END
    + CASE WHEN consultant THEN 20 ELSE 0 END,
  CASE WHEN verification = 'INVALID' OR junk_name OR numbers = 0 THEN 0 WHEN verification = 'VALID' THEN 100
    WHEN usable = 0 THEN 20 WHEN junk THEN 60 ELSE 100 END,
  CASE WHEN seen >= at - fresh_days * interval '1 day' THEN 100
    WHEN seen >= at - stale_days * interval '1 day' THEN 70
    WHEN seen >= at - 2 * stale_days * interval '1 day' THEN 30 ELSE 0 END,
  CASE WHEN shared THEN 40 ELSE 100 END,
  CASE WHEN numbers > 0 AND usable = 0 THEN 0 WHEN proven_at >= at - stale_days * interval '1 day' THEN 100
    WHEN proven_at IS NOT NULL THEN 60 ELSE 0 END,
  array_remove(ARRAY[
    CASE WHEN numbers = 0 THEN 'NO_PHONE' END, CASE WHEN junk THEN 'JUNK_PHONE' END,
    CASE WHEN numbers > 0 AND usable = 0 AND NOT junk THEN 'PHONE_DEAD' END, CASE WHEN NOT address THEN 'NO_ADDRESS' END,
    CASE WHEN NOT birthday THEN 'NO_BIRTHDAY' END, CASE WHEN NOT identity THEN 'NO_IDENTITY' END,
    CASE WHEN NOT consultant THEN 'NO_CONSULTANT' END, CASE WHEN junk_name THEN 'JUNK_NAME' END,
    CASE WHEN seen < at - stale_days * interval '1 day' THEN 'STALE' END, CASE WHEN shared THEN 'SHARED_PHONE' END,
    CASE WHEN proven_at IS NULL THEN 'UNPROVEN' END, CASE WHEN verification = 'INVALID' THEN 'FOUND_WRONG' END
  ], NULL)
FROM facts
$$;
CREATE FUNCTION customers_grade(ids bigint[], at timestamptz) RETURNS int LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  WITH done AS (
    INSERT INTO customers_quality AS q (customer_id, complete, valid, fresh, "unique", proven, score, doubts, as_of)
    SELECT m.customer_id, m.complete, m.valid, m.fresh, m."unique", m.proven,
      round((m.complete * r.complete + m.valid * r.valid + m.fresh * r.fresh + m."unique" * r."unique"
        + m.proven * r.proven) / 100.0), m.doubts, (at AT TIME ZONE 'UTC')::date
    FROM customers_marks(ids, at) m CROSS JOIN customers_qualityrule r
    ON CONFLICT (customer_id) DO UPDATE SET complete = excluded.complete, valid = excluded.valid,
      fresh = excluded.fresh, "unique" = excluded."unique", proven = excluded.proven, score = excluded.score,
      doubts = excluded.doubts, as_of = excluded.as_of
    RETURNING 1
  ) SELECT count(*)::int FROM done
$$;
CREATE FUNCTION customers_sum_quality(on_day date) RETURNS int LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  WITH done AS (
    INSERT INTO customers_outletquality AS o (outlet_id, day, customers, usable, verified, complete, valid, fresh,
      "unique", proven, score)
    SELECT r.outlet_id, on_day, count(*), count(*) FILTER (WHERE q.valid > 0),
      count(*) FILTER (WHERE c.verification = 'VALID'), round(avg(q.complete), 2), round(avg(q.valid), 2),
      round(avg(q.fresh), 2), round(avg(q."unique"), 2), round(avg(q.proven), 2), round(avg(q.score), 2)
    FROM customers_relation r JOIN customers_customer c ON c.id = r.customer_id
    JOIN customers_quality q ON q.customer_id = r.customer_id
    WHERE r.ended_on IS NULL GROUP BY r.outlet_id
    ON CONFLICT (outlet_id, day) DO UPDATE SET customers = excluded.customers, usable = excluded.usable,
      verified = excluded.verified, complete = excluded.complete, valid = excluded.valid, fresh = excluded.fresh,
      "unique" = excluded."unique", proven = excluded.proven, score = excluded.score
    RETURNING 1
  ) SELECT count(*)::int FROM done
$$;
"""
REMOVE = """
DROP FUNCTION customers_sum_quality(date); DROP FUNCTION customers_grade(bigint[], timestamptz);
DROP FUNCTION customers_marks(bigint[], timestamptz); DROP FUNCTION customers_is_junk(text);
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_search")]
    operations = [
        migrations.RunSQL(RULE, "DROP TABLE customers_qualityrule"),
        migrations.RunSQL(GRADE, REMOVE),
    ]
