"""The staged rows on their way into the database: streamed by COPY into a temporary table, steps of SQL over it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.backends.utils import CursorWrapper

from guanxi.foundation import columnar
from guanxi.foundation.columnar import Connection, literal, run, statement
from guanxi.intake.services.staging import folders

BLOCK = 1024 * 1024
# One import at a time holds much; what the many small requests have is too little for it.
# So many rows are counted well enough from a third of the sample; autovacuum counts again after the end.
ROOM = "SET LOCAL work_mem = '192MB'; SET LOCAL default_statistics_target = 30"
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


@contextmanager
def opened(run_id: int) -> Iterator[Connection]:
    """Open DuckDB with the checked rows of a run as the view ``stage``."""
    parquet = folders.folder(run_id) / folders.STAGE
    with columnar.connected(folders.workplace(run_id), files=[parquet]) as duck:
        run(duck, statement("CREATE VIEW stage AS SELECT * FROM read_parquet({file})", file=literal(parquet)))
        yield duck


def begin(cursor: CursorWrapper, run_id: int) -> None:
    """Give the transaction room; make ``intake_found``, still empty, and ``intake_warned`` of the rows of which the
    file made us warn already.
    """
    cursor.execute("DROP TABLE IF EXISTS intake_found, intake_warned")
    cursor.execute(ROOM)
    cursor.execute(FOUND)
    with opened(run_id) as duck:
        _copy(cursor, duck, "intake_warned", {"row": "bigint"}, "WHERE is_warned")


def stage(cursor: CursorWrapper, run_id: int, columns: Mapping[str, str]) -> None:
    """Make the temporary table ``intake_stage`` of the checked rows of a run."""
    cursor.execute("DROP TABLE IF EXISTS intake_stage")
    with opened(run_id) as duck:
        _copy(cursor, duck, "intake_stage", columns)


def _copy(cursor: CursorWrapper, duck: Connection, table: str, columns: Mapping[str, str], narrowed: str = "") -> None:
    shape = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    cursor.execute(f"CREATE TEMP TABLE {table} ({shape}) ON COMMIT DROP")
    names = [f'"{name}"' for name in columns]
    path = columnar.workplace(duck) / f"{table}.csv"
    query = "COPY (SELECT {names} FROM stage {narrowed}) TO {target} (FORMAT csv, HEADER false)"
    try:
        run(duck, statement(query, names=", ".join(names), narrowed=narrowed, target=literal(path)))
        copy_in(cursor, table, names, path)
    finally:
        path.unlink(missing_ok=True)
    cursor.execute(f"ANALYZE {table}")


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
