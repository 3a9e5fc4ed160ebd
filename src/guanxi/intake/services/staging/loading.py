"""The staged rows on their way into the database: streamed by COPY into a temporary table, steps of SQL over it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.backends.utils import CursorWrapper

from guanxi.foundation import columnar
from guanxi.foundation.columnar import literal, run, statement
from guanxi.intake.services.staging import folders

BLOCK = 1024 * 1024
# One import at a time holds much; what the many small requests have is too little for it.
# Temporary tables of so many rows are counted well enough from a third of the sample.
ROOM = "SET LOCAL work_mem = '192MB'; SET LOCAL default_statistics_target = 30"
FULL_COUNT = "SET LOCAL default_statistics_target TO DEFAULT"
FOUND = "CREATE TEMP TABLE intake_found (row bigint, field text, level text, code text, original text) ON COMMIT DROP"
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Step:
    """One statement of a merge, with the word under which its progress is shown."""

    name: str
    sql: str
    is_door: bool = False
    """It fills ``<name>_new``, whose rows the door of the table ``name`` then adds (foundation/bulk.py)."""


def copy_in(cursor: CursorWrapper, table: str, columns: Sequence[str], path: Path) -> None:
    """Stream a file of comma-separated values, as DuckDB writes them, into a table."""
    names = ", ".join(columns)
    with (
        path.open("rb") as file,
        cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy,
    ):
        while block := file.read(BLOCK):
            copy.write(block)


def stage(cursor: CursorWrapper, run_id: int, columns: Mapping[str, str]) -> int:
    """Make the temporary table ``intake_stage`` of the checked rows of a run, and ``intake_found``, still empty.

    Returns the number of rows.
    """
    columns = {**columns, "is_warned": "boolean"}
    cursor.execute("DROP TABLE IF EXISTS intake_stage, intake_found")
    cursor.execute(ROOM)
    shape = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    cursor.execute(f"CREATE TEMP TABLE intake_stage ({shape}) ON COMMIT DROP")
    cursor.execute(FOUND)
    parquet = folders.folder(run_id) / folders.STAGE
    work = folders.workplace(run_id)
    with columnar.connected(work, files=[parquet]) as duck:
        names = ", ".join(f'"{name}"' for name in columns)
        query = "COPY (SELECT {names} FROM read_parquet({file})) TO {target} (FORMAT csv, HEADER false)"
        path = work / "stage.csv"
        run(duck, statement(query, names=names, file=literal(parquet), target=literal(path)))
    try:
        copy_in(cursor, "intake_stage", [f'"{name}"' for name in columns], path)
    finally:
        path.unlink(missing_ok=True)
    cursor.execute("ANALYZE intake_stage")
    cursor.execute("SELECT count(*) FROM intake_stage")
    return int(cursor.fetchone()[0])


def walk(cursor: CursorWrapper, steps: Sequence[Step], values: Mapping[str, Any], tell: Tell) -> dict[str, int]:
    """Execute steps in order and return how many rows the last statement of each touched, summed up by name."""
    counts: dict[str, int] = {}
    for number, step in enumerate(steps):
        tell(step.name, number, len(steps))
        if step.is_door:
            cursor.execute(f"SELECT {step.name}_stage()")
        cursor.execute(step.sql, values)
        touched = max(0, cursor.rowcount)
        if step.is_door and touched:
            cursor.execute(f"SELECT {step.name}_add()")
        counts[step.name] = counts.get(step.name, 0) + touched
    return counts
