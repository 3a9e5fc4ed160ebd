"""The marks of a record are looked up, however many are graded at once.

``(SELECT true … LIMIT 1)`` and not EXISTS: for many records PostgreSQL would answer EXISTS by reading the whole table
into a hash, each time anew. The facts are worked out once, though each is asked for twice.
"""

from importlib import import_module

from django.db import migrations

MARKS = r"""
CREATE OR REPLACE FUNCTION customers_marks(ids bigint[], at timestamptz) RETURNS TABLE (
  customer_id bigint, complete int, valid int, fresh int, "unique" int, proven int, doubts text[]
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
WITH facts AS MATERIALIZED (
  SELECT c.id, r.fresh_days, r.stale_days, c.verification,
    c.name ~ '^(测试|test|无名|未知|客户|先生|女士|某某|不详|.)$' OR c.name ~ '^\d+$' AS junk_name,
    ph.numbers, ph.usable, coalesce(ph.junk, false) AS junk, coalesce(ph.shared, false) AS shared, ph.proven_at,
    (SELECT true FROM customers_address a WHERE a.customer_id = c.id AND (a.city <> '' OR a.line <> '') LIMIT 1) IS TRUE
      AS address,
    c.kind = 'COMPANY' OR c.born_on IS NOT NULL AS birthday, c.identity_digest IS NOT NULL AS identity,
    (SELECT true FROM customers_relation x WHERE x.customer_id = c.id AND x.ended_on IS NULL
      AND (x.consultant_id IS NOT NULL OR x.consultant_name <> '') LIMIT 1) IS TRUE AS consultant,
    greatest(c.touched_at, ph.proven_at, c.verified_at) AS seen
  FROM (SELECT DISTINCT unnest(ids)) x (id)
  JOIN customers_customer c ON c.id = x.id CROSS JOIN customers_qualityrule r
  CROSS JOIN LATERAL (
    SELECT count(*) AS numbers, count(*) FILTER (WHERE p.state = 'VALID' AND NOT customers_is_junk(p.value)) AS usable,
      bool_or(customers_is_junk(p.value)) AS junk, max(p.proven_at) AS proven_at,
      bool_or((SELECT true FROM customers_contactpoint o WHERE o.value = p.value AND o.customer_id <> p.customer_id
        AND (SELECT oc.merged_into_id IS NULL FROM customers_customer oc WHERE oc.id = o.customer_id) LIMIT 1) IS TRUE)
        AS shared
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
"""
FORMER = import_module("guanxi.customers.migrations.0004_quality").GRADE
BEGIN, END = FORMER.index("CREATE FUNCTION customers_marks"), FORMER.index("CREATE FUNCTION customers_grade")


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_doors")]
    operations = [
        migrations.RunSQL(MARKS, FORMER[BEGIN:END].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
    ]
