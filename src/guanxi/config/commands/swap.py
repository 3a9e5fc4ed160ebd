"""The moment in which restored data take the place of the old, so that a kill leaves one or the other.

A journal names what is under way. The database renames are one transaction: it is the commit
point. What comes after is finished by the next command, what came before is removed by it.
"""

import json
import os
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import errors, sql

from guanxi.config import env
from guanxi.config.commands import database
from guanxi.config.commands.speech import CommandError, say
from guanxi.config.places import write_atomically

TRIES = 100


@dataclass(frozen=True)
class Plan:
    """The names of one restore."""

    name: str
    fresh: str
    before: str
    keep_old: bool

    @property
    def fresh_media(self) -> Path:
        """Where the restored files wait."""
        return env.home() / f"media.{self.fresh}"

    @property
    def old_media(self) -> Path:
        """Where the former files go."""
        return env.home() / f"media.{self.before}"


def _journal() -> Path:
    return env.home() / "restore.json"


def begin(plan: Plan) -> None:
    """Write down what is about to be done."""
    write_atomically(_journal(), json.dumps(asdict(plan)))


def commit(plan: Plan) -> None:
    """Swap the databases in one transaction, then finish as after a crash; raises CommandError."""
    with database.connect("owner", "postgres") as connection:
        _rename(connection, plan)
    finish_interrupted()


def _rename(connection: psycopg.Connection, plan: Plan) -> None:
    for _ in range(TRIES):
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = ANY (%s) AND pid <> pg_backend_pid()",
            [[plan.name, plan.fresh]],
        )
        try:
            with connection.transaction():
                _execute(connection, "ALTER DATABASE {} RENAME TO {}", plan.name, plan.before)
                _execute(connection, "ALTER DATABASE {} RENAME TO {}", plan.fresh, plan.name)
        except errors.ObjectInUse:
            time.sleep(0.05)
        else:
            return
    raise CommandError(
        say(
            "other programs keep using the database; stop them first",
            "有其他程序持续使用数据库；请先停止它们",
        )
    )


def finish_interrupted() -> bool:
    """Bring a restore that was interrupted to its end, forwards or backwards; False when there is none."""
    path = _journal()
    if not path.is_file():
        return False
    plan = Plan(**json.loads(path.read_text(encoding="utf-8")))
    with database.connect("owner", "postgres") as connection:
        if _exists(connection, plan.before) and not _exists(connection, plan.fresh):
            _forwards(connection, plan, path)
        else:
            _execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", plan.fresh)
            shutil.rmtree(plan.fresh_media, ignore_errors=True)
            path.unlink()
    return True


def _forwards(connection: psycopg.Connection, plan: Plan, journal: Path) -> None:
    media = env.home() / "media"
    if plan.fresh_media.is_dir():
        if media.is_dir() and not plan.old_media.exists():
            media.rename(plan.old_media)
        plan.fresh_media.rename(media)
        sync(media.parent)
    if not plan.keep_old:
        shutil.rmtree(plan.old_media, ignore_errors=True)
        # the journal goes first: without it an old database that is left over is only waste
        journal.unlink()
        _execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", plan.before)
    journal.unlink(missing_ok=True)


def _execute(connection: psycopg.Connection, statement: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
