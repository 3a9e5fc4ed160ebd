"""Checked rows in DuckDB, on their way to be staged: every field is there, names are spelt, the same people found."""

from collections.abc import Mapping
from dataclasses import dataclass

from guanxi.foundation import readings
from guanxi.foundation.columnar import Connection, literal, run, statement

GIVEN = "CREATE OR REPLACE TEMP VIEW given AS SELECT {columns} FROM clean"
SIGNS = "CREATE OR REPLACE TEMP TABLE signs AS SELECT unnest($1::VARCHAR[]) AS sign, unnest($2::VARCHAR[]) AS word"
# The same as readings.spell, for every different name at once.
SPELL = """
CREATE OR REPLACE TEMP TABLE spelt AS
WITH named AS (SELECT DISTINCT {name} AS name FROM given),
cut AS (
  SELECT name, CASE WHEN length(name) > 2 AND name[1:2] IN ({compounds}) THEN 2 WHEN name[1] IN ({surnames}) THEN 1
    ELSE 0 END AS first
  FROM named
),
parts AS (
  SELECT name, first, unnest(string_split(name[first + 1:], '')) AS sign,
    generate_subscripts(string_split(name[first + 1:], ''), 1) AS place
  FROM cut
),
words AS (
  SELECT parts.name, parts.place,
    coalesce(signs.word, CASE WHEN regexp_full_match(parts.sign,
      '[A-Za-z0-9]') THEN lower(parts.sign) ELSE '' END) AS word
  FROM parts LEFT JOIN signs ON signs.sign = parts.sign
),
rest AS (
  SELECT name, string_agg(word, '' ORDER BY place) AS reading, string_agg(word[1], '' ORDER BY place) AS initials
  FROM words GROUP BY name
)
SELECT cut.name,
  left(coalesce(known.reading, '') || coalesce(rest.reading, ''), 240) AS reading,
  left(coalesce(known.initials, '') || coalesce(rest.initials, ''), 80) AS initials
FROM cut LEFT JOIN rest ON rest.name = cut.name
LEFT JOIN ({known}) known ON cut.first > 0 AND known.word = cut.name[1:cut.first]
"""
KNOWN = "SELECT * FROM (VALUES {values}) AS firsts (word, reading, initials)"
HERE = "CREATE OR REPLACE TEMP VIEW placed AS SELECT *, {outlet} AS node_id FROM given"
THERE = """
CREATE OR REPLACE TEMP VIEW placed AS SELECT given.*, known_outlets.id AS node_id FROM given
JOIN known_outlets ON known_outlets.code = upper(trim(given.outlet))
"""
# Rows that share a mark are the same: each takes the smallest number that reaches it over marks. Hashes find the few
# marks that may be shared, the marks themselves decide.
LINKS = """
CREATE OR REPLACE TEMP TABLE links AS
WITH likely AS (SELECT hash(mark) AS sign FROM marks GROUP BY sign HAVING min(row) < max(row)),
held AS (SELECT row, mark FROM marks WHERE hash(mark) IN (SELECT sign FROM likely)),
shared AS (SELECT mark FROM held GROUP BY mark HAVING min(row) < max(row))
SELECT DISTINCT row, mark FROM held JOIN shared USING (mark)
"""
FIRST = "CREATE OR REPLACE TEMP TABLE same AS SELECT DISTINCT row, row AS first FROM links"
SPREAD = """
CREATE OR REPLACE TEMP TABLE nearer AS
WITH least AS (SELECT mark, min(first) AS first FROM links JOIN same USING (row) GROUP BY mark)
SELECT links.row, min(least.first) AS first FROM links JOIN least USING (mark) GROUP BY links.row
"""
MOVED = "SELECT count(*) FROM nearer JOIN same USING (row) WHERE nearer.first <> same.first"


@dataclass(frozen=True)
class Place:
    """Whose rows these are: one outlet, or the outlets by their codes that a column of the file names."""

    outlet_id: int | None
    outlets: Mapping[str, int]


def give(connection: Connection, wanted: Mapping[str, str]) -> None:
    """Make the view ``given``: every wanted column of ``clean``, empty where the file has none."""
    held = {row[0] for row in run(connection, "SELECT column_name FROM (DESCRIBE clean)")}
    columns = [f'"{name}"' if name in held else f'NULL::{kind} AS "{name}"' for name, kind in wanted.items()]
    run(connection, statement(GIVEN, columns=", ".join(columns)))


def spell(connection: Connection, name: str = "name") -> None:
    """Make the table ``spelt``: reading and initials of every different name."""
    known = readings.syllables()
    run(connection, SIGNS, [list(known), list(known.values())])
    compounds, surnames = readings.compounds(), readings.surnames()
    firsts = [(word, "".join(parts), "".join(part[:1] for part in parts)) for word, parts in compounds.items()]
    firsts += [(word, part, part[:1]) for word, part in surnames.items()]
    values = ", ".join(f"({', '.join(literal(item) for item in line)})" for line in firsts)
    query = statement(
        SPELL, name=name, compounds=", ".join(literal(word) for word in compounds),
        surnames=", ".join(literal(word) for word in surnames),
        known=statement(KNOWN, values=values),
    )  # fmt: skip
    run(connection, query)


def gather(connection: Connection) -> None:
    """Make the table ``same`` of ``marks`` (row, mark): for each row that shares a mark, the first of its like."""
    run(connection, LINKS)
    run(connection, FIRST)
    while True:
        run(connection, SPREAD)
        moved = run(connection, MOVED)[0][0]
        run(connection, "CREATE OR REPLACE TEMP TABLE same AS SELECT * FROM nearer")
        if not moved:
            return


def outlets(connection: Connection, place: Place) -> None:
    """Make the view ``placed``: ``given`` with the outlet of each row; a row that names none of the place's is not in
    it.
    """
    if place.outlet_id is not None:
        run(connection, statement(HERE, outlet=int(place.outlet_id)))
        return
    run(
        connection,
        "CREATE OR REPLACE TEMP TABLE known_outlets AS SELECT unnest($1::VARCHAR[]) AS code, unnest($2::INT[]) AS id",
        [list(place.outlets), list(place.outlets.values())],
    )
    run(connection, THERE)
