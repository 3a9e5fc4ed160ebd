"""Checks of the running database, without changing or starting anything."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import psycopg

from guanxi.config import embedded, env
from guanxi.config.commands import database, prepare
from guanxi.config.commands.dump import scalar
from guanxi.config.commands.findings import Finding, ok, problem, warning
from guanxi.config.commands.speech import CommandError

SLOWEST_HEARTBEAT, LARGEST_SKEW = 90.0, 5.0
START = ("start it with 'make run'", "请用 make run 启动")
UNPROTECTED = (
    "SELECT string_agg(DISTINCT c.relname, ', ') FROM pg_class c"
    " WHERE c.relkind IN ('r', 'p') AND NOT c.relrowsecurity AND ("
    " EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)"
    " OR obj_description(c.oid, 'pg_class') LIKE '%guanxi_scoped%')"
)


def examine() -> Iterator[Finding]:
    """Look at the server, then at both roles, then at what is in the database."""
    if database.is_embedded() and embedded.running(env.home()) is None:
        yield warning("database", ("the embedded database is not running", "内置数据库未运行"), START)
        return
    try:
        with database.connect("owner") as owner, database.connect("app") as app:
            yield ok("database", "both roles reach the database", "两个角色均可连接数据库")
            for check in CHECKS:
                yield check(owner, app)
    except CommandError as error:
        yield problem(
            "database",
            (str(error), str(error)),
            ("check DATABASE_URL and that the server runs", "请检查 DATABASE_URL 及服务器状态"),
        )
        return
    yield migrations()


def version(owner: psycopg.Connection, _app: psycopg.Connection) -> Finding:
    """Is the server's version supported?"""
    try:
        major = database.check_version(owner)
    except CommandError as error:
        return problem("version", (str(error), str(error)), ("use PostgreSQL 15 to 18", "请使用 PostgreSQL 15 至 18"))
    return ok("version", f"PostgreSQL {major} is supported", f"支持 PostgreSQL {major}")


def application_role(_owner: psycopg.Connection, app: psycopg.Connection) -> Finding:
    """Is the application's role bound by row-level security?"""
    query = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    if scalar(app, query):
        return problem(
            "role",
            ("the application's role passes over row security", "应用角色可绕过行级安全"),
            (
                "as an administrator: ALTER ROLE … NOSUPERUSER NOBYPASSRLS",
                "请以管理员执行 ALTER ROLE … NOSUPERUSER NOBYPASSRLS",
            ),
        )
    return ok("role", "the application's role is bound by row security", "应用角色受行级安全约束")


def row_security(owner: psycopg.Connection, _app: psycopg.Connection) -> Finding:
    """Is row security switched on wherever it was meant to be?"""
    bare = scalar(owner, UNPROTECTED)
    if bare:
        return problem(
            "row security",
            (f"row security is off for: {bare}", f"未启用行级安全的表：{bare}"),
            (
                "as the owner: ALTER TABLE … ENABLE ROW LEVEL SECURITY",
                "请以所有者执行 ALTER TABLE … ENABLE ROW LEVEL SECURITY",
            ),
        )
    return ok("row security", "every table with policies is protected", "所有带策略的表均受保护")


def worker(owner: psycopg.Connection, _app: psycopg.Connection) -> Finding:
    """Does a job worker give a sign of life?"""
    age = None
    if scalar(owner, "SELECT to_regclass('procrastinate_workers') IS NOT NULL"):
        age = scalar(owner, "SELECT extract(epoch FROM now() - max(last_heartbeat))::float FROM procrastinate_workers")
    if isinstance(age, float) and age <= SLOWEST_HEARTBEAT:
        return ok("worker", "the job worker is alive", "后台任务进程正常")
    return warning("worker", ("no job worker is alive", "没有后台任务进程在运行"), START)


def clock(owner: psycopg.Connection, _app: psycopg.Connection) -> Finding:
    """Do this machine and the database agree on the time?"""
    told = scalar(owner, "SELECT clock_timestamp()")
    skew = abs((datetime.now(UTC) - told).total_seconds()) if isinstance(told, datetime) else 0.0
    if skew > LARGEST_SKEW:
        return warning(
            "clock",
            (f"the clocks differ by {skew:.0f} s", f"时钟相差 {skew:.0f} 秒"),
            ("let both machines use a time service", "请让两台机器使用时间同步服务"),
        )
    return ok("clock", "the clocks agree", "时钟一致")


def migrations() -> Finding:
    """Does the database have every table of this version?"""
    try:
        prepare.child(["django", "migrate", "--check"], database.child_environment())
    except CommandError as error:
        text = (f"migrations are pending: {error}", f"有未执行的迁移：{error}")
        return problem("migrations", text, ("run 'guanxi prepare'", "请运行 guanxi prepare"))
    return ok("migrations", "no migration is pending", "没有未执行的迁移")


CHECKS: tuple[Callable[[psycopg.Connection, psycopg.Connection], Finding], ...] = (
    version,
    application_role,
    row_security,
    worker,
    clock,
)
