"""``guanxi demo``: the invented carmaker, for trying things out."""

import argparse

from guanxi.config.commands import database, start
from guanxi.config.commands.speech import CommandError, chinese, say, tell

NAME = "demo"
HELP = "load the demonstration into an empty database, or list its sign-ins"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--if-empty", action="store_true", help="do nothing when there is data already")
    parser.add_argument("--logins", action="store_true", help="list the sign-ins of the demonstration")


def run(args: argparse.Namespace) -> int:
    """List the sign-ins, or load the demonstration in one transaction.

    Raises CommandError when there is data already.
    """
    database.ensure()
    start.start()
    if args.logins:
        tell(table())
        return 0
    from guanxi.config.demo import load

    if not load.is_empty():
        if args.if_empty:
            return 0
        raise CommandError(
            say(
                "there is data already; the demonstration needs an empty database",
                "已有数据；演示需要空数据库",
            )
        )
    load.load()
    return 0


def table() -> str:
    """Return the sign-ins as lines of a table; empty when the demonstration is not loaded."""
    from guanxi.config.demo import people

    found = logins()
    if not found:
        return ""
    head = say(
        f"Sign in with one of these names; the password is {people.PASSWORD}",
        f"可用以下用户名登录，密码均为 {people.PASSWORD}",
    )
    return "\n".join([head, *(f"  {name:<12}{role} · {place}" for name, role, place in found)])


def logins() -> list[tuple[str, str, str]]:
    """Return user name, role and place of the cast that is there, in the language of the console."""
    from guanxi.access.models import Membership
    from guanxi.config.demo import load, people
    from guanxi.foundation import db

    names = [member.username for member in people.CAST]
    with db.scoped(load.ACTOR):
        rows = Membership.objects.filter(user__username__in=names).select_related("user", "role", "node")
        rows = rows.order_by("role__position")
        if chinese():
            return [(row.user.username, row.role.name_zh, row.node.name_zh) for row in rows]
        return [(row.user.username, row.role.name_en, row.node.name_en) for row in rows]
