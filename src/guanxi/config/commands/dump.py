"""PostgreSQL's dump and restore programs, and the facts about a database that a backup keeps."""

import os
import re
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from psycopg import conninfo, sql

from guanxi.config import cluster
from guanxi.config.commands import database
from guanxi.config.commands.archive import Advance, pieces
from guanxi.config.commands.speech import CommandError, say

GZIP = 31
TABLES = (
    "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND left(n.nspname, 3) <> 'pg_'"
    " ORDER BY n.nspname, c.relname"
)


def program(name: str, server_major: int) -> str:
    """Find pg_dump or pg_restore: of exactly the server's version on PATH, else the wheel's (18)."""
    found = shutil.which(name)
    if found and not database.is_embedded() and _major(found) == server_major:
        return found
    return str(cluster.binaries() / name)


def _major(path: str) -> int:
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"(\d+)", told)
    return int(number.group(1)) if number else 0


def _access(name: str | None) -> tuple[list[str], dict[str, str]]:
    """The connection as an argument without the password, and the environment with it."""
    parts = {key: str(value) for key, value in conninfo.conninfo_to_dict(database.dsn("owner", name)).items()}
    word = parts.pop("password", "")
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return [f"--dbname={conninfo.make_conninfo(**parts)}"], {**kept, "PGPASSWORD": word, "LC_ALL": "C"}


def _fail(what: str, errors: IO[bytes]) -> CommandError:
    errors.seek(0)
    lines = [line for line in errors.read().decode(errors="replace").splitlines() if line.strip()]
    told = next((line for line in lines if "No space left" in line), (lines or ["-"])[-1])
    return CommandError(say(f"{what} failed: {told}", f"{what} 失败：{told}"))


def dumped(snapshot: str, major: int, advance: Advance) -> Iterator[bytes]:
    """Dump the database as that snapshot sees it, compressed while it is read; raises CommandError."""
    where, environment = _access(None)
    command = [program("pg_dump", major), "--format=custom", "--compress=0", f"--snapshot={snapshot}", *where]
    squeeze = zlib.compressobj(1, zlib.DEFLATED, GZIP)
    with tempfile.TemporaryFile() as errors, subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=environment
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            yield from map(squeeze.compress, pieces(process.stdout, advance))
            yield squeeze.flush()
        except BaseException:
            process.kill()
            raise
        if process.wait():
            raise _fail("pg_dump", errors)


def load(name: str, source: IO[bytes], major: int, advance: Advance) -> None:
    """Load a compressed dump into an empty database, owned by our owner, without its grants."""
    where, environment = _access(name)
    command = [program("pg_restore", major), "--no-owner", "--no-privileges", *where]
    with tempfile.TemporaryFile() as errors, subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors, env=environment
    ) as process:  # fmt: skip
        try:
            _feed(process, source, advance)
        except BaseException:
            process.kill()
            raise
        if process.wait() and not _only_harmless(errors):
            raise _fail("pg_restore", errors)


def _feed(process: "subprocess.Popen[bytes]", source: IO[bytes], advance: Advance) -> None:
    stretch = zlib.decompressobj(GZIP)
    assert process.stdin is not None
    try:
        for chunk in pieces(source, lambda _amount: None):
            data = stretch.decompress(chunk)
            process.stdin.write(data)
            advance(len(data))
        process.stdin.write(stretch.flush())
        process.stdin.close()
    except BrokenPipeError:
        process.wait()  # it ended by itself; its exit code and its words tell why


def _only_harmless(errors: IO[bytes]) -> bool:
    """Tell whether an older server only did not know a setting that a newer dump begins with."""
    errors.seek(0)
    told = [line for line in errors.read().decode(errors="replace").splitlines() if "error:" in line]
    return bool(told) and all("transaction_timeout" in line for line in told)


# --- facts -----------------------------------------------------------------------------------


@contextmanager
def snapshot(name: str | None = None) -> Iterator[psycopg.Connection]:
    """Open a read-only transaction that sees one moment of the database, all rows of it."""
    with database.connect("owner", name, autocommit=False) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute("SET LOCAL row_security = off")
        yield connection


def scalar(connection: psycopg.Connection, query: str) -> object:
    """The one value of a query without parameters."""
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def row_counts(connection: psycopg.Connection) -> dict[str, int]:
    """The exact number of rows of every table."""
    counts = {}
    for schema, table in connection.execute(TABLES).fetchall():
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
        row = connection.execute(query).fetchone()
        counts[f"{schema}.{table}"] = int(row[0]) if row else 0
    return counts


def applied_migrations(connection: psycopg.Connection) -> list[list[str]]:
    """Application and name of every migration that the database has seen."""
    if not scalar(connection, "SELECT to_regclass('django_migrations') IS NOT NULL"):
        return []
    return [list(row) for row in connection.execute("SELECT app, name FROM django_migrations ORDER BY id")]


def expected_size(connection: psycopg.Connection) -> int:
    """About how many bytes a dump will have, for the progress bar."""
    summed = "SELECT coalesce(sum(pg_relation_size(oid)), 0)::bigint FROM pg_class"
    value = scalar(connection, f"{summed} WHERE relkind = 'r' AND oid > 16383")
    return value if isinstance(value, int) else 0


def media_files(folder: Path) -> list[Path]:
    """The files of a media folder in a fixed order."""
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
