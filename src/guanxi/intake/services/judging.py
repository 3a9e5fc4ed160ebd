"""The last steps of normalising: findings are written, rejected rows left out, repeated rows found, rows counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guanxi.foundation.columnar import Connection, literal, run, statement
from guanxi.intake.services.columns.plan import cases
from guanxi.intake.services.findings import Level, RowFlaw
from guanxi.intake.services.kinds import Field, Kind, Need

FINDINGS = (
    "CREATE OR REPLACE TABLE findings "
    "(row BIGINT, field VARCHAR, heading VARCHAR, level VARCHAR, code VARCHAR, original VARCHAR)"
)
TELL = (
    "INSERT INTO findings SELECT row, $1, $2, {level}, {said}::VARCHAR, raw.c{column} "
    "FROM clean JOIN raw USING (row) WHERE {said} IS NOT NULL AND __ignored IS NULL"
)
TELL_IGNORED = (
    "INSERT INTO findings SELECT row, '', '', 'ignore', __ignored::VARCHAR, coalesce({cells}) "
    "FROM clean JOIN raw USING (row) WHERE __ignored IS NOT NULL"
)
TELL_SHIFTED = (
    "INSERT INTO findings SELECT row, '', '', 'warn', $1, raw.extra "
    "FROM clean JOIN raw USING (row) WHERE __shifted AND __ignored IS NULL"
)
TELL_REPEATED = (
    "INSERT INTO findings SELECT row, '', '', 'warn', CASE WHEN same THEN $1 ELSE $2 END, repeats::VARCHAR "
    "FROM repeated"
)
# Rows whose key stands further up already: hashes find the candidates, the values decide.
REPEATS = """
CREATE OR REPLACE TEMP TABLE repeated AS
WITH keyed AS (SELECT row, hash({key}) AS mark FROM clean WHERE {something}),
firsts AS (SELECT mark, min(row) AS row FROM keyed GROUP BY mark HAVING count(*) > 1)
SELECT again.row AS row, above.row AS repeats, {same} AS same
FROM firsts JOIN keyed USING (mark) JOIN clean again ON again.row = keyed.row JOIN clean above ON above.row = firsts.row
WHERE again.row > above.row AND {equal}
"""


@dataclass(frozen=True)
class Counts:
    """How the rows below the headings came out; good and warned ones are in the table ``clean``."""

    rows: int
    good: int
    warned: int
    rejected: int
    ignored: int


def finish(
    connection: Connection, kind: Kind, mapping: Mapping[str, int], headings: Sequence[str | None], total: int
) -> Counts:
    """Turn the judged rows of ``clean`` into accepted ones and ``findings``; ``total`` counts the blank rows too."""
    fields = [item for item in kind.fields if item.key in mapping]
    run(connection, FINDINGS)
    for item in fields:
        _tell(connection, item, mapping[item.key], headings[mapping[item.key]])
    _tell_rows(connection)
    judged, ignored, rejected = run(
        connection,
        "SELECT count(*), count(__ignored), count(*) FILTER (__rejected AND __ignored IS NULL) FROM clean",
    )[0]
    run(connection, "DELETE FROM clean WHERE __rejected OR __ignored IS NOT NULL")
    if all(key in mapping for key in kind.identity):
        _mark_repeats(connection, kind.identity)
    for name in ("__ignored", "__rejected", "__shifted", *(f"{item.key}__flaw" for item in fields)):
        run(connection, f'ALTER TABLE clean DROP COLUMN "{name}"')
    warned = run(connection, "SELECT count(*) FROM clean WHERE row IN (SELECT row FROM findings WHERE level = 'warn')")[
        0
    ][0]
    return Counts(
        rows=total,
        good=judged - ignored - rejected - warned,
        warned=warned,
        rejected=rejected,
        ignored=total - judged + ignored,
    )


def _level(field: Field, said: str) -> str:
    """Return the level of what is said of a field."""
    level = literal(Level.NOTE if field.need == Need.SILENT else Level.WARN)
    branches = [(f"{said} = {literal(flaw)}", literal(Level.NOTE)) for flaw in field.only_noted]
    if field.need == Need.REQUIRED:
        branches.insert(0, (f'clean."{field.key}" IS NULL', literal(Level.REJECT)))
    return cases(*branches, other=level) if branches else level


def _tell(connection: Connection, field: Field, column: int, heading: str | None) -> None:
    """Write the findings of one field, each with the text of its cell."""
    said = f'clean."{field.key}__flaw"'
    told = statement(TELL, level=_level(field, said), column=int(column), said=said)
    run(connection, told, [field.key, (heading or "").strip()])


def _tell_rows(connection: Connection) -> None:
    """Write which rows are no data, and which have more cells than the headings."""
    names = run(connection, "SELECT column_name FROM (DESCRIBE raw) WHERE starts_with(column_name, 'c')")
    cells = ", ".join(f"nullif(raw.{name}, '')" for (name,) in names)
    run(connection, statement(TELL_IGNORED, cells=cells))
    if run(connection, "SELECT count(*) FROM clean WHERE __shifted AND __ignored IS NULL")[0][0]:
        run(connection, TELL_SHIFTED, [RowFlaw.ROW_SHIFTED.value])


def _mark_repeats(connection: Connection, identity: Sequence[str]) -> None:
    """Find the rows whose identity stands further up, and tell whether their other values agree too."""
    names = [name for (name,) in run(connection, "SELECT column_name FROM (DESCRIBE clean)")]
    values = [name for name in names if not name.endswith("__flaw") and not name.startswith("__")]
    search = statement(
        REPEATS,
        key=", ".join(f'"{name}"' for name in identity),
        something=" OR ".join(f'"{name}" IS NOT NULL' for name in identity),
        equal=_agree(identity),
        same=_agree([name for name in values if name not in {"row", "repeats"}]),
    )
    run(connection, search)
    run(connection, "UPDATE clean SET repeats = repeated.repeats FROM repeated WHERE repeated.row = clean.row")
    run(connection, TELL_REPEATED, [RowFlaw.SAME_ROW.value, RowFlaw.SAME_KEY.value])


def _agree(names: Sequence[str]) -> str:
    return "(" + " AND ".join(f'again."{name}" IS NOT DISTINCT FROM above."{name}"' for name in names) + ")"
