"""The database as the commands see it: embedded or an own server, its roles, its grants."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import conninfo, sql

from guanxi.config import embedded, env
from guanxi.config.commands.speech import CommandError, say

OLDEST, NEWEST = 15, 18


def is_embedded() -> bool:
    """Tell whether Guanxi brings its own PostgreSQL: no DATABASE_URL is set."""
    return not env.text("DATABASE_URL")


def name() -> str:
    """The name of the database that Guanxi uses."""
    return str(env.database("owner")["NAME"])


def dsn(role: str, database: str | None = None) -> str:
    """How ``owner`` or ``app`` connects; holds a password."""
    found: dict[str, Any] = env.database(role)
    return conninfo.make_conninfo(
        **found["OPTIONS"],
        host=found["HOST"] or None,
        port=found["PORT"] or None,
        user=found["USER"] or None,
        password=found["PASSWORD"] or None,
        dbname=database or found["NAME"],
    )


def child_environment(database: str | None = None) -> dict[str, str]:
    """Variables that make a child process see ``database`` as the owner, with one plain connection."""
    found = {
        "GUANXI_DB_ROLE": "owner",
        "DATABASE_POOL": "no",
        "DJANGO_SETTINGS_MODULE": "guanxi.config.settings",
    }
    if database and is_embedded():
        found["GUANXI_DB_NAME"] = database
    elif database:
        parts = urlsplit(env.text("DATABASE_URL"))
        found["DATABASE_URL"] = parts._replace(path=f"/{quote(database)}").geturl()
    return found


def connect(role: str = "owner", database: str | None = None, *, autocommit: bool = True) -> psycopg.Connection:
    """Open a connection; raises CommandError with one sentence, without the password."""
    try:
        return psycopg.connect(dsn(role, database), autocommit=autocommit, connect_timeout=10)
    except psycopg.OperationalError as error:
        text = " ".join(str(error).split())
        raise CommandError(say(f"the database cannot be reached: {text}", f"无法连接数据库：{text}")) from error


def ensure(progress: Callable[[str], None] | None = None) -> bool:
    """Make the database reachable and usable: start the embedded one, or look at the other.

    On a server of one's own checks the version and creates the application role if that is ours to
    create. Raises CommandError or ClusterError.
    """
    if is_embedded():
        embedded.ensure_running(env.home(), progress=progress)
        return True
    with connect() as connection:
        check_version(connection)
        if not env.text("DATABASE_APP_URL"):
            _ensure_app_role(connection)
    return True


@contextmanager
def available() -> Iterator[None]:
    """Have the database running inside the block; one that stood still is stopped again after it."""
    started = is_embedded() and embedded.running(env.home()) is None
    ensure()
    try:
        yield
    finally:
        if started:
            embedded.stop(env.home())


def check_version(connection: psycopg.Connection) -> int:
    """Return the server's major version; raises CommandError when Guanxi does not support it."""
    major = connection.info.server_version // 10000
    if not OLDEST <= major <= NEWEST:
        raise CommandError(
            say(
                f"the database is PostgreSQL {major}; Guanxi needs version {OLDEST} to {NEWEST}",
                f"数据库为 PostgreSQL {major}；需要 {OLDEST} 至 {NEWEST} 版本",
            )
        )
    return major


def _ensure_app_role(connection: psycopg.Connection) -> None:
    app = env.database("app")
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [app["USER"]]).fetchone()
    if found is None:
        embedded.create_app_role(connection, app["USER"], app["PASSWORD"])


def grant(database: str | None = None) -> None:
    """Give the application role its rights on all tables, present and future, in one transaction.

    At the end calls ``guanxi_after_grants()``, if it exists, which takes back what must not be given.
    """
    role = sql.Identifier(str(env.database("app")["USER"]))
    statements = (
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {}",
    )
    with connect("owner", database, autocommit=False) as connection:
        for statement in statements:
            connection.execute(sql.SQL(statement).format(role))
        found = connection.execute("SELECT to_regprocedure('guanxi_after_grants()') IS NOT NULL").fetchone()
        if found and found[0]:
            connection.execute("SELECT guanxi_after_grants()")


def migration_count(database: str | None = None) -> int:
    """How many migrations the database has seen; -1 when it was never migrated."""
    with connect("owner", database) as connection:
        found = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
        if not (found and found[0]):
            return -1
        row = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
        return int(row[0]) if row else -1


def has_users() -> bool:
    """Tell whether anybody can sign in yet."""
    with connect("owner") as connection:
        row = connection.execute("SELECT EXISTS (SELECT FROM access_user)").fetchone()
        return bool(row and row[0])
