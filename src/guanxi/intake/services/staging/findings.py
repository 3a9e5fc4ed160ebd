"""Findings on their way into the database: as many as are kept, the gravest first; all of them stay beside the file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db.backends.utils import CursorWrapper

from guanxi.foundation.columnar import Connection, literal, run, statement
from guanxi.intake.models import Run
from guanxi.intake.services.staging import choices, folders, loading

MOST = 100_000
WRITE = """
COPY (
  SELECT $1::INT AS run_id, row, field, left(coalesce(heading, ''), 120), level, code,
    left(replace(coalesce(original, ''), chr(0), ''), 200), 'FILE'
  FROM findings
  ORDER BY CASE level WHEN 'reject' THEN 0 WHEN 'warn' THEN 1 WHEN 'note' THEN 2 ELSE 3 END, row LIMIT {most}
) TO {target} (FORMAT csv, HEADER false)
"""
COLUMNS = ("run_id", "row", "field", "heading", "level", "code", "original", "origin")
# What the store says: told once a row, field and code.
FROM_STORE = """
INSERT INTO intake_finding (run_id, row, field, heading, level, code, original, origin)
SELECT DISTINCT ON (f.level, f.row, f.field, f.code) %(run)s, f.row, f.field, left(coalesce(h.heading, ''), 120),
  f.level,
  f.code, left(coalesce(f.original, ''), 200), 'STORE'
FROM intake_found f LEFT JOIN unnest(%(fields)s::text[], %(headings)s::text[]) h (field, heading) ON h.field = f.field
ORDER BY f.level, f.row, f.field, f.code LIMIT %(most)s
"""
EVERY = "COPY (SELECT DISTINCT row, field, level, code, original FROM intake_found) TO STDOUT (FORMAT csv)"
SUMS = """
WITH said AS (SELECT row, bool_or(level = 'reject') AS is_rejected, bool_or(level = 'warn') AS is_warned
  FROM intake_found GROUP BY row)
SELECT count(*) FILTER (WHERE is_rejected), count(*) FILTER (WHERE is_rejected AND w.row IS NOT NULL),
  count(*) FILTER (WHERE NOT is_rejected AND said.is_warned AND w.row IS NULL)
FROM said LEFT JOIN intake_warned w USING (row)
"""


def keep(cursor: CursorWrapper, duck: Connection, run_id: int, work: Path) -> None:
    """Write the findings of the file in place of those of an earlier check."""
    cursor.execute("DELETE FROM intake_finding WHERE run_id = %s", [run_id])
    path = work / "findings.csv"
    run(duck, statement(WRITE, most=MOST, target=literal(path)), [run_id])
    cursor.execute("CREATE TEMP TABLE intake_said (LIKE intake_finding INCLUDING DEFAULTS) ON COMMIT DROP")
    cursor.execute("ALTER TABLE intake_said DROP COLUMN id")
    loading.copy_in(cursor, "intake_said", COLUMNS, path)
    names = ", ".join(COLUMNS)
    cursor.execute(f"INSERT INTO intake_finding ({names}) SELECT {names} FROM intake_said")  # noqa: S608 -- our own names
    cursor.execute("DROP TABLE intake_said")
    path.unlink()


def keep_from_store(cursor: CursorWrapper, run_id: int, headings: dict[str, str], path: Path) -> tuple[int, int, int]:
    """Write what the store says of the staged rows, all of it into a file too.

    Returns how many rows it rejects, how many of those the file made us warn of, and of how many more it warns.
    """
    cursor.execute("DELETE FROM intake_finding WHERE run_id = %s AND origin = 'STORE'", [run_id])
    values: dict[str, Any] = {
        "run": run_id,
        "fields": list(headings),
        "headings": list(headings.values()),
        "most": MOST,
    }
    cursor.execute(FROM_STORE, values)
    with path.open("wb") as file, cursor.cursor.copy(EVERY) as copy:
        for block in copy:
            file.write(block)
    path.chmod(0o600)
    cursor.execute(SUMS)
    rejected, rejected_warned, warned = cursor.fetchone()
    return rejected, rejected_warned, warned


def say(cursor: CursorWrapper, row: Run, counts: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what the store said of the staged rows; return the counts of the file with it."""
    path = folders.folder(row.pk) / folders.STORE_FINDINGS
    rejected, rejected_warned, warned = keep_from_store(cursor, row.pk, choices.headings_of(row), path)
    cursor.execute("SELECT level || ' ' || code, count(*) FROM intake_found GROUP BY 1")
    file = counts["file"]
    return {
        "rejected": file["rejected"] + rejected,
        "warned": file["warned"] - rejected_warned + warned,
        "good": file["good"] - (rejected - rejected_warned) - warned,
        "store_findings": dict(cursor.fetchall()),
    }
