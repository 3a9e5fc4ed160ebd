"""The embedded PostgreSQL 18: no installation, no network port, one folder in the data folder.

``describe`` only names things; ``ensure_running`` makes and starts whatever is missing and may be
called by several processes at once, after any crash. (NFR-13)
"""

import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql

from guanxi.config import cluster, initdb
from guanxi.config.places import locked, secrets

__all__ = ["Server", "describe", "ensure_running", "running", "secrets", "stop"]

OWNER, APP, DATABASE, PORT = "guanxi_owner", "guanxi_app", "guanxi", 5432
APP_OPTIONS: LiteralString = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION"
LONGEST_SOCKET = 107 - len("/.s.PGSQL.5432.lock")
THROWAWAY = ("-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


@dataclass(frozen=True)
class Server:
    """Where the embedded server is, or will be, and how its two roles log in."""

    data: Path
    socket_dir: Path
    port: int
    owner: str
    app: str
    passwords: Mapping[str, str] = field(repr=False, hash=False)

    def dsn(self, role: Literal["owner", "app"], database: str = DATABASE) -> str:
        """The URL for psycopg and libpq; holds a password, so it belongs in no log."""
        user = self.owner if role == "owner" else self.app
        host = quote(str(self.socket_dir), safe="")
        word = quote(self.passwords[role], safe="")
        return f"postgresql://{user}:{word}@/{quote(database)}?host={host}&port={self.port}"


def describe(home: Path) -> Server:
    """Name the server of this data folder without starting it; makes the secrets if missing."""
    home = home.resolve()
    words = secrets(home)
    data = home / "postgres"
    return Server(
        data=data,
        socket_dir=_socket_folder(home, data),
        port=PORT,
        owner=OWNER,
        app=APP,
        passwords={"owner": words["owner_password"], "app": words["app_password"]},
    )


def running(home: Path) -> Server | None:
    """The server if it lives and takes connections, else None; no side effect but the secrets."""
    return describe(home) if cluster.is_ready(home.resolve() / "postgres") else None


def ensure_running(home: Path, *, throwaway: bool = False, progress: Callable[[str], None] | None = None) -> Server:
    """Make sure that the server runs, with its two roles and its database.

    Under a file lock, in this order: secrets, data folder (initdb), start, wait, roles and
    database. Every step is found again after a crash. ``throwaway`` trades durability for speed.
    Raises ClusterError with one sentence. (NFR-13)
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    with locked(home / "postgres.lock"):
        if not cluster.is_ready(home / "postgres"):
            _start(describe(home), home, throwaway=throwaway, progress=progress)
        server = describe(home)
        _provide(server)
    return server


def stop(home: Path) -> None:
    """Stop the server and wait until it is gone; nothing to stop is fine."""
    home = home.resolve()
    if home.is_dir():
        with locked(home / "postgres.lock"):
            cluster.stop(home / "postgres")


def _start(server: Server, home: Path, *, throwaway: bool, progress: Callable[[str], None] | None) -> None:
    who = cluster.identity(server.data)
    cluster.make_reachable(who, home)
    if not (server.data / "PG_VERSION").exists():
        initdb.initialize(who, server.data, server.owner, server.passwords["owner"], durable=not throwaway)
    _make_socket_folder(server.socket_dir, who)
    log = home / "log" / "postgres.log"
    options = THROWAWAY if throwaway else ()
    cluster.start_until_ready(who, server.data, server.socket_dir, log, options=options, progress=progress)


def _socket_folder(home: Path, data: Path) -> Path:
    """The folder in use, else ``<home>/run``, else a short one when that is too long or odd for libpq."""
    lines = cluster.pid_lines(data)
    if len(lines) > cluster.SOCKET_LINE and lines[cluster.SOCKET_LINE].strip():
        return Path(lines[cluster.SOCKET_LINE].strip())
    plain = home / "run"
    if len(os.fsencode(plain)) <= LONGEST_SOCKET and re.fullmatch(r"[\w/.+-]+", str(plain), re.ASCII):
        return plain
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"guanxi-{name}"


def _make_socket_folder(folder: Path, who: cluster.Identity) -> None:
    """Make the socket's folder for the server's user alone; a stranger's folder is refused."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), who.uid}:
        raise cluster.ClusterError(f"{folder} belongs to somebody else; remove it and start again")
    folder.chmod(0o700)
    who.give(folder)


def _provide(server: Server) -> None:
    """Create the application role and the database when they are missing."""
    try:
        with psycopg.connect(server.dsn("owner", "postgres"), autocommit=True) as connection:
            found = connection.execute(
                "SELECT (SELECT count(*) FROM pg_roles WHERE rolname = %s),"
                " (SELECT count(*) FROM pg_database WHERE datname = %s)",
                [server.app, DATABASE],
            ).fetchone()
            roles, databases = found or (0, 0)
            if not roles:
                create_app_role(connection, server.app, server.passwords["app"])
            if not databases:
                create_database(connection, DATABASE, server.owner)
    except psycopg.OperationalError as error:
        if "password authentication failed" not in str(error):
            raise cluster.ClusterError(f"the embedded database does not answer: {error}") from error
        raise cluster.ClusterError(
            "secrets.json does not belong to the database beside it; put back the copy you kept of it"
        ) from error


def create_app_role(connection: psycopg.Connection, name: str, password: str) -> None:
    """Create the application's role: it may log in and is bound by row-level security."""
    statement = sql.SQL("CREATE ROLE {} {} PASSWORD {}")
    connection.execute(statement.format(sql.Identifier(name), sql.SQL(APP_OPTIONS), sql.Literal(password)))


def create_database(connection: psycopg.Connection, name: str, owner: str) -> None:
    """Create an empty UTF-8 database that only its owner may enter until grants are given."""
    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'")
    connection.execute(statement.format(sql.Identifier(name), sql.Identifier(owner)))
