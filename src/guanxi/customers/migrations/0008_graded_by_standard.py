"""Records are graded by the version of the standard that holds at the moment; the table of weights gives way to it.

How complete a record is: the share of the weights that its kind and its highest category ask for. Before a first
version nothing is graded. ``(SELECT true … LIMIT 1)`` and not EXISTS: for many records PostgreSQL would answer EXISTS by
reading the whole table into a hash, each time anew. The facts are worked out once, though each is asked for twice.
"""

from importlib import import_module

from django.db import migrations

LEVEL = "CASE {} WHEN 'OWNER' THEN 2 WHEN 'BASE' THEN 1 ELSE 0 END"
FIELDS = (  # in the order of the arrays: what the field is called, and when a record has it
    ("NAME", "true"),
    ("PHONE", "numbers > 0"),
    ("EMAIL", "email"),
    ("WECHAT", "wechat"),
    ("GENDER", "gender"),
    ("BIRTHDAY", "birthday"),
    ("IDENTITY", "identity"),
    ("ADDRESS", "address"),
    ("INDUSTRY", "industry"),
    ("OCCUPATION", "occupation"),
    ("HOBBIES", "hobbies"),
    ("CHANNEL", "preferred"),
    ("SOURCE", "source"),
    ("CONSULTANT", "consultant"),
)
PLACES = ", ".join(f"({place}, '{name}')" for place, (name, _has) in enumerate(FIELDS, start=1))
HELD = " + ".join(f"w[{place}] * ({has})::int" for place, (_name, has) in enumerate(FIELDS, start=1))
MISSING = ",\n    ".join(
    f"CASE WHEN a[{place}] AND NOT ({has}) THEN 'NO_{name}' END"
    for place, (name, has) in enumerate(FIELDS, start=1)
    if name not in {"NAME", "PHONE"}
)
MARKS = f"""
CREATE FUNCTION customers_marks(ids bigint[], at timestamptz) RETURNS TABLE (
  customer_id bigint, standard_id bigint, complete int, valid int, fresh int, "unique" int, proven int, doubts text[]
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
WITH held AS MATERIALIZED (
  SELECT id, fresh_days, stale_days FROM customers_standard WHERE starts_at <= at ORDER BY starts_at DESC LIMIT 1
), asked AS MATERIALIZED (
  SELECT h.id AS standard_id, h.fresh_days, h.stale_days, k.kind, l.level,
    array_agg(coalesce(f.weight, 0)::int ORDER BY n.place) AS w, array_agg(f.id IS NOT NULL ORDER BY n.place) AS a,
    nullif(sum(f.weight), 0) AS whole
  FROM held h CROSS JOIN (VALUES ('PERSON'), ('COMPANY')) k (kind) CROSS JOIN generate_series(0, 2) l (level)
  CROSS JOIN (VALUES {PLACES}) n (place, field)
  LEFT JOIN customers_standardfield f ON f.standard_id = h.id AND f.kind = k.kind AND f.field = n.field
    AND f.binding <> 'OPTIONAL' AND {LEVEL.format("f.applies_from")} <= l.level
  GROUP BY 1, 2, 3, 4, 5
), facts AS MATERIALIZED (
  SELECT c.id, c.verification, s.standard_id, s.fresh_days, s.stale_days, s.w, s.a, s.whole,
    c.name ~ '^(测试|test|无名|未知|客户|先生|女士|某某|不详|.)$' OR c.name ~ '^\\d+$' AS junk_name,
    ph.numbers, ph.usable, coalesce(ph.junk, false) AS junk, coalesce(ph.shared, false) AS shared, ph.proven_at,
    coalesce(ph.email, false) AS email, coalesce(ph.wechat, false) AS wechat, c.gender <> '' AS gender,
    c.born_on IS NOT NULL AS birthday, c.identity_digest IS NOT NULL AS identity,
    (SELECT true FROM customers_address a WHERE a.customer_id = c.id AND (a.city <> '' OR a.line <> '') LIMIT 1) IS TRUE
      AS address,
    c.industry <> '' AS industry, c.occupation <> '' AS occupation, c.hobbies <> '' AS hobbies,
    c.preferred_channel <> '' AS preferred, coalesce(re.source, false) AS source,
    coalesce(re.consultant, false) AS consultant, greatest(c.touched_at, ph.proven_at, c.verified_at) AS seen
  FROM (SELECT DISTINCT unnest(ids)) x (id)
  JOIN customers_customer c ON c.id = x.id
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE phone) AS numbers, max(p.proven_at) FILTER (WHERE phone) AS proven_at,
      count(*) FILTER (WHERE phone AND p.state = 'VALID' AND NOT customers_is_junk(p.value)) AS usable,
      bool_or(customers_is_junk(p.value)) FILTER (WHERE phone) AS junk,
      bool_or((SELECT true FROM customers_contactpoint o WHERE o.value = p.value AND o.customer_id <> p.customer_id
        AND (SELECT oc.merged_into_id IS NULL FROM customers_customer oc WHERE oc.id = o.customer_id) LIMIT 1) IS TRUE)
        FILTER (WHERE phone) AS shared,
      bool_or(p.channel = 'EMAIL') AS email, bool_or(p.channel = 'WECHAT') AS wechat
    FROM (SELECT *, channel IN ('MOBILE', 'LANDLINE') AS phone FROM customers_contactpoint WHERE customer_id = c.id) p
  ) ph
  CROSS JOIN LATERAL (
    SELECT coalesce(max({LEVEL.format("r.category")}), 0) AS level, bool_or(r.source <> '') AS source,
      bool_or(r.consultant_id IS NOT NULL OR r.consultant_name <> '') AS consultant
    FROM customers_relation r WHERE r.customer_id = c.id AND r.ended_on IS NULL
  ) re
  JOIN asked s ON s.kind = c.kind AND s.level = re.level
  WHERE c.merged_into_id IS NULL
)
SELECT id, standard_id,
  coalesce(round(100.0 * ({HELD}) / whole), 100)::int,
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
    CASE WHEN numbers > 0 AND usable = 0 AND NOT junk THEN 'PHONE_DEAD' END,
    {MISSING},
    CASE WHEN junk_name THEN 'JUNK_NAME' END,
    CASE WHEN seen < at - stale_days * interval '1 day' THEN 'STALE' END, CASE WHEN shared THEN 'SHARED_PHONE' END,
    CASE WHEN proven_at IS NULL THEN 'UNPROVEN' END, CASE WHEN verification = 'INVALID' THEN 'FOUND_WRONG' END
  ], NULL)
FROM facts
$$;
"""  # noqa: S608 -- fixed text of a migration
GRADE = """
CREATE FUNCTION customers_grade(ids bigint[], at timestamptz) RETURNS int LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  WITH done AS (
    INSERT INTO customers_quality AS q (customer_id, complete, valid, fresh, "unique", proven, score, doubts, as_of,
      standard_id)
    SELECT m.customer_id, m.complete, m.valid, m.fresh, m."unique", m.proven,
      round((m.complete * s.complete + m.valid * s.valid + m.fresh * s.fresh + m."unique" * s."unique"
        + m.proven * s.proven) / 100.0), m.doubts, (at AT TIME ZONE 'UTC')::date, s.id
    FROM customers_marks(ids, at) m JOIN customers_standard s ON s.id = m.standard_id
    ON CONFLICT (customer_id) DO UPDATE SET complete = excluded.complete, valid = excluded.valid,
      fresh = excluded.fresh, "unique" = excluded."unique", proven = excluded.proven, score = excluded.score,
      doubts = excluded.doubts, as_of = excluded.as_of, standard_id = excluded.standard_id
    RETURNING 1
  ) SELECT count(*)::int FROM done
$$;
"""
DROP = "DROP FUNCTION customers_grade(bigint[], timestamptz); DROP FUNCTION customers_marks(bigint[], timestamptz);"
BEFORE = import_module("guanxi.customers.migrations.0004_quality")
FORMER = BEFORE.GRADE[
    BEFORE.GRADE.index("CREATE FUNCTION customers_marks") : BEFORE.GRADE.index("CREATE FUNCTION customers_sum_quality")
]
# An installation that has customers keeps the weights that it had; a new one gets its first version from a preset.
CARRY = """
WITH made AS (
  INSERT INTO customers_standard (valid_from, starts_at, note, source, published_at, person_name, complete, valid, fresh,
    "unique", proven, fresh_days, stale_days)
  SELECT '2000-01-01', '2000-01-01 00:00+08', '', CASE WHEN (r.complete, r.valid, r.fresh, r."unique", r.proven,
    r.fresh_days, r.stale_days) = (30, 25, 15, 15, 15, 180, 365) THEN 'base' ELSE '' END, now(), 'system', r.complete,
    r.valid, r.fresh, r."unique", r.proven, r.fresh_days, r.stale_days
  FROM customers_qualityrule r WHERE EXISTS (SELECT 1 FROM customers_customer)
  RETURNING id
)
INSERT INTO customers_standardfield (standard_id, kind, field, binding, weight, applies_from)
SELECT made.id, k.kind, n.field, coalesce(f.binding, 'OPTIONAL'), coalesce(f.weight, 0),
  CASE WHEN n.field = 'IDENTITY' THEN 'OWNER' ELSE 'POTENTIAL' END
FROM made CROSS JOIN (VALUES ('PERSON'), ('COMPANY')) k (kind) CROSS JOIN (VALUES {PLACES}) n (place, field)
LEFT JOIN (VALUES ('NAME', 'REQUIRED', 0), ('PHONE', 'REQUIRED', 40), ('ADDRESS', 'EXPECTED', 20),
  ('CONSULTANT', 'EXPECTED', 20), ('BIRTHDAY', 'EXPECTED', 10), ('IDENTITY', 'EXPECTED', 10)
) f (field, binding, weight) ON f.field = n.field
WHERE k.kind = 'PERSON' OR n.field NOT IN ('GENDER', 'BIRTHDAY', 'OCCUPATION', 'HOBBIES')
ORDER BY k.kind DESC, n.place
""".replace("{PLACES}", PLACES)


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_standard")]
    operations = [
        migrations.RunSQL(DROP, FORMER),
        migrations.RunSQL(MARKS + GRADE, DROP),
        migrations.RunSQL(CARRY, migrations.RunSQL.noop),
        migrations.RunSQL("DROP TABLE customers_qualityrule", BEFORE.RULE),
    ]
