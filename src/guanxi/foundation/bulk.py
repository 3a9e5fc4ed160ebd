"""Doors for large loads as migration operations: rows go in whole, their references are proven by set (ADR 15).

A door is a pair of functions of the tables' owner. ``<table>_stage()`` makes the temporary table ``<table>_new``, which
belongs to the owner and in which the caller may put rows and nothing else. ``<table>_add()`` proves every reference of
those rows and writes them with one fixed statement, for which PostgreSQL need not look each reference up. Both are for
those alone who see everything, since a door is above row-level security; neither takes an argument. A row that is
referred to stays: either it is locked, or this transaction added it through its own door (``<table>_added``).
"""

from collections.abc import Mapping, Sequence

from django.db import migrations

# What an owner's function reads must be the owner's: in a table, view or type of the caller's, code of the caller's
# could hide, and would run as the owner.
GUARD = """
CREATE FUNCTION guanxi_bulk_guard(VARIADIC tables text[] DEFAULT '{}') RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT public.guanxi_everything() THEN
    RAISE EXCEPTION 'only who sees everything loads by set' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF EXISTS (SELECT FROM unnest(tables) n (name) WHERE NOT EXISTS (
    SELECT FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner
    WHERE c.oid = to_regclass('pg_temp.' || n.name) AND o.rolname = current_user AND c.relkind = 'r'))
  THEN
    RAISE EXCEPTION 'a table to load from is not the owner''s' USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;
REVOKE EXECUTE ON FUNCTION guanxi_bulk_guard(text[]) FROM PUBLIC;
"""
REMEMBER = "  CREATE TEMP TABLE IF NOT EXISTS pg_temp.{name}_added (ids int8range) ON COMMIT DROP;"
# Keys come in a row, but for those that others drew meanwhile: a few ranges hold them all.
KEEP = """
  INSERT INTO pg_temp.{table}_added SELECT int8range(min(id), max(id) + 1)
  FROM (SELECT id, id - row_number() OVER (ORDER BY id) AS island FROM pg_temp.{table}_new) n GROUP BY island;"""
STAGE = """
CREATE FUNCTION {table}_stage() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET client_min_messages = warning AS $$
BEGIN
  PERFORM public.guanxi_bulk_guard();
  DROP TABLE IF EXISTS pg_temp.{table}_new;
  CREATE TEMP TABLE pg_temp.{table}_new ON COMMIT DROP AS SELECT {columns} FROM public.{table} WITH NO DATA;
{remembered}
  EXECUTE format('GRANT INSERT ON pg_temp.{table}_new TO %I', session_user);
END $$;
"""
ADD = """
CREATE FUNCTION {table}_add() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE added int8multirange; older bigint[]; held bigint;
BEGIN
  PERFORM public.guanxi_bulk_guard({guarded});
{proofs}
  INSERT INTO public.{table} ({columns}) SELECT {columns} FROM pg_temp.{table}_new;
{kept}
  DROP TABLE pg_temp.{table}_new;
END $$;
REVOKE EXECUTE ON FUNCTION {table}_stage(), {table}_add() FROM PUBLIC;
DO $$ BEGIN
  ALTER FUNCTION {table}_add() SET session_replication_role = replica;
EXCEPTION WHEN insufficient_privilege THEN
  NULL;  -- an owner who may not say so has every reference looked up once more
END $$;
"""
# What this transaction added and has not taken away again is there and nobody else's yet.
ADDED = """
  SELECT range_agg(ids) INTO added FROM pg_temp.{parent}_added;
  IF EXISTS (SELECT FROM unnest(added) a (ids) WHERE upper(a.ids) - lower(a.ids) <> (
    SELECT count(*) FROM public.{parent} p WHERE p.id >= lower(a.ids) AND p.id < upper(a.ids)))
  THEN added := NULL; END IF;"""
# All else is locked in the same look in which it is counted, key by key: so what lies together is read together.
PROVE = """
  older := ARRAY(
    SELECT DISTINCT n.{column} FROM pg_temp.{table}_new n WHERE n.{column} IS NOT NULL{unknown} ORDER BY 1);
  SELECT count(*) INTO held FROM (
    SELECT FROM public.{parent} p JOIN unnest(older) o (id) ON p.id = o.id FOR KEY SHARE OF p) locked;
  IF held <> cardinality(older) THEN
    RAISE EXCEPTION '{table}.{column} refers to a row that is not there' USING ERRCODE = 'foreign_key_violation';
  END IF;"""
UNKNOWN = " AND NOT n.{column} <@ coalesce(added, '{{}}')"


def door(
    table: str, columns: Sequence[str], references: Mapping[str, str], *, through: Sequence[str] = ()
) -> migrations.RunSQL:
    """Make the door of a table: ``references`` says for each column which table's ``id`` it holds; of those tables,
    ``through`` names the ones that have a door too. A door of a table with an ``id`` among its columns remembers them.
    """
    parts = {"table": table, "columns": ", ".join(columns)}
    remembered = [*through, *([table] if "id" in columns else [])]
    proofs = [_proof(table, column, parent, is_through=parent in through) for column, parent in references.items()]
    kept = KEEP.format(table=table) if "id" in columns else ""
    guarded = ", ".join(f"'{name}'" for name in (f"{table}_new", *(f"{name}_added" for name in remembered)))
    stage = STAGE.format(**parts, remembered="\n".join(REMEMBER.format(name=name) for name in remembered))
    add = ADD.format(**parts, guarded=guarded, proofs="".join(proofs), kept=kept)
    return migrations.RunSQL(stage + add, f"DROP FUNCTION {table}_add(); DROP FUNCTION {table}_stage();")


def _proof(table: str, column: str, parent: str, *, is_through: bool) -> str:
    names = {"table": table, "column": column, "parent": parent}
    unknown = UNKNOWN.format(**names) if is_through else ""
    return (ADDED.format(**names) if is_through else "") + PROVE.format(**names, unknown=unknown)
