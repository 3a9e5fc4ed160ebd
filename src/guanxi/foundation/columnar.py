"""The door to DuckDB: vectorised work on files and tables in memory, shut off from everything else on the machine."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

Connection = duckdb.DuckDBPyConnection
Error = duckdb.Error
OutOfMemory = duckdb.OutOfMemoryException

THREADS = 2
MEMORY_MB = 640
SPILL_MB = 20_000


def literal(value: object) -> str:
    """Return a value as a text of SQL; everything that comes from a person or a file passes here or as a parameter."""
    return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def connected(
    workplace: Path,
    *,
    files: Iterable[Path] = (),
    threads: int = THREADS,
    memory_mb: int = MEMORY_MB,
) -> Iterator[Connection]:
    """Open a database in memory that may read the given files, read and write below ``workplace``, and nothing else.

    What does not fit into the memory is put below ``workplace``, an empty folder of the caller's, and is gone when the
    connection closes. No extension is loaded and no setting can be changed afterwards.
    """
    settings: dict[str, Any] = {
        "threads": threads,
        "memory_limit": f"{memory_mb}MiB",
        "temp_directory": str(workplace),
        "max_temp_directory_size": f"{SPILL_MB}MiB",
        "preserve_insertion_order": True,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }
    connection = duckdb.connect(":memory:", config=settings)
    try:
        allowed = ", ".join(literal(Path(path).resolve()) for path in files)
        run(connection, f"SET allowed_paths = [{allowed}]")
        run(connection, f"SET allowed_directories = [{literal(f'{workplace.resolve()}/')}]")
        run(connection, "SET enable_external_access = false")
        run(connection, "SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def statement(form: str, **parts: object) -> str:
    """Return a statement with its ``{parts}`` filled in: names and expressions of our own, never a text of a person."""
    return form.format(**parts)


def run(connection: Connection, query: str, values: Sequence[object] | None = None) -> list[tuple[Any, ...]]:
    """Execute a statement and fetch all of its rows: an unfetched result would block the connection."""
    return connection.execute(query, values).fetchall()


def workplace(connection: Connection) -> Path:
    """Return the folder in which the connection may read and write."""
    return Path(run(connection, "SELECT current_setting('temp_directory')")[0][0])
