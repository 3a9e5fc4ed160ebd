"""Deriving the ancestry of 5,000 outlets against the recursive query alone; everything is rolled back."""

from collections.abc import Iterator

import measure
import psycopg

from guanxi.config.commands import database

OUTLETS = 5_000
GROW = f"""
CREATE TEMP TABLE made AS SELECT i, nextval(pg_get_serial_sequence('network_node', 'id'))::int AS id,
  CASE WHEN i = 0 THEN 'BRAND' WHEN i <= 50 THEN 'BRANCH' WHEN i <= 550 THEN 'MARKET_OFFICE' ELSE 'OUTLET' END AS kind
FROM generate_series(0, {550 + OUTLETS}) AS i;
INSERT INTO network_node (id, code, kind, function, name_zh, name_en, valid_from)
SELECT id, 'BENCH-' || i, kind, '', 'bench', '', '2020-01-01' FROM made;
INSERT INTO network_placement (child_id, parent_id, brand_id, during)
SELECT c.id, p.id, 0, daterange('2020-01-01', NULL) FROM made c JOIN made p ON p.i = CASE
  WHEN c.kind = 'BRANCH' THEN 0 WHEN c.kind = 'MARKET_OFFICE' THEN 1 + c.i % 50 ELSE 51 + c.i % 500 END
WHERE c.kind <> 'BRAND';
ANALYZE network_node; ANALYZE network_placement;
"""
RECURSION = """
WITH RECURSIVE up (ancestor_id, descendant_id, depth, during) AS (
  SELECT parent_id, child_id, 1, during FROM network_placement
  UNION ALL
  SELECT p.parent_id, up.descendant_id, up.depth + 1, up.during * p.during
  FROM up JOIN network_placement p ON p.child_id = up.ancestor_id AND p.during && up.during WHERE up.depth < 16
)
SELECT count(*) FROM (SELECT ancestor_id, descendant_id, min(depth), unnest(range_agg(during)) FROM up GROUP BY 1, 2) x
"""


def results() -> Iterator[measure.Result]:
    """Yield the time of one node: all of them are derived anew at each change of the structure."""
    with psycopg.connect(database.dsn("owner")) as connection:
        connection.execute(GROW.encode())
        nodes = _one(connection, "SELECT count(*) FROM network_node")
        connection.execute("SELECT network_rebuild_ancestry()")
        connection.execute("ANALYZE network_ancestry")
        whole = measure.compare(
            "",
            lambda: connection.execute("SELECT network_rebuild_ancestry()"),
            lambda: _one(connection, RECURSION),
        )
        connection.rollback()
    yield measure.Result(f"ancestry of {nodes:,} nodes / recursive query", whole.ours, whole.floor)
    yield measure.Result("  the same, for one node", whole.ours / nodes, whole.floor / nodes)


def _one(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return int(row[0])
