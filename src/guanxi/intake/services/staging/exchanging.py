"""Tables between DuckDB and the database, as comma-separated values: what only the database knows comes out, is joined,
grouped and judged where that is quick, and finished rows go in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.backends.utils import CursorWrapper

from guanxi.foundation import columnar
from guanxi.foundation.columnar import Connection, literal, run, statement
from guanxi.intake.services.staging import loading

READ = (
    "CREATE OR REPLACE TABLE {table} AS SELECT * FROM read_csv({file}, columns = {columns}, auto_detect = false,"
    " header = false, delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false)"
)
WRITE = "COPY ({query}) TO {file} (FORMAT csv, HEADER false)"


@dataclass(frozen=True)
class Finished:
    """Rows on their way to a table of the database."""

    table: str
    path: Path
    count: int


def fetch(
    cursor: CursorWrapper,
    duck: Connection,
    table: str,
    columns: Mapping[str, str],
    query: str,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Make a table in DuckDB (column -> its type there) of what a query of the database answers."""
    path = columnar.workplace(duck) / f"{table}.csv"
    try:
        with path.open("wb") as file, cursor.cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)", values) as copy:
            for block in copy:
                file.write(block)
        shape = ", ".join(f"{name}: {literal(kind)}" for name, kind in columns.items())
        run(duck, statement(READ, table=table, file=literal(path), columns=f"{{{shape}}}"))
    finally:
        path.unlink(missing_ok=True)


def finish(duck: Connection, table: str, query: str) -> Finished:
    """Write what a query of DuckDB answers into a file, for a table of the database; needs no database yet."""
    path = columnar.workplace(duck) / f"{table}.csv"
    count = int(run(duck, statement(WRITE, query=query, file=literal(path)))[0][0])
    return Finished(table, path, count)


def put(cursor: CursorWrapper, columns: Sequence[str], finished: Finished) -> int:
    """Stream finished rows into their table of the database; return how many rows."""
    try:
        if finished.count:
            loading.copy_in(cursor, finished.table, columns, finished.path)
    finally:
        finished.path.unlink(missing_ok=True)
    return finished.count


def bring(cursor: CursorWrapper, duck: Connection, table: str, columns: Sequence[str], query: str) -> int:
    """Stream what a query of DuckDB answers into a table of the database; return how many rows."""
    return put(cursor, columns, finish(duck, table, query))


def make(cursor: CursorWrapper, duck: Connection, table: str, columns: Mapping[str, str], query: str) -> int:
    """Make a temporary table of the database (column -> its type there) of what a query of DuckDB answers; return how
    many rows.
    """
    shape = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    cursor.execute(f"DROP TABLE IF EXISTS {table}; CREATE TEMP TABLE {table} ({shape}) ON COMMIT DROP")
    count = bring(cursor, duck, table, list(columns), query)
    cursor.execute(f"ANALYZE {table}")
    return count
