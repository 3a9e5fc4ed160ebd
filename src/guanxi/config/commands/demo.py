"""``guanxi demo``: the invented carmaker, for trying things out."""

import argparse

from guanxi.config.commands import database, progress, start
from guanxi.config.commands.speech import CommandError, chinese, say, tell

NAME = "demo"
HELP = "load the demonstration into an empty database, list its sign-ins, or remove its customers"
CUSTOMERS, MOST = 20_000, 20_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--customers", type=_number, default=CUSTOMERS, metavar="N", help="how many customers (20000)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="another number makes other people (1)")
    parser.add_argument("--if-empty", action="store_true", help="do nothing when there is data already")
    parser.add_argument("--logins", action="store_true", help="list the sign-ins of the demonstration")
    parser.add_argument(
        "--remove", action="store_true", help="remove the customers with their cars, visits and all that hangs on them"
    )


def _number(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MOST:
        raise argparse.ArgumentTypeError(f"0 … {MOST}")
    return number


def run(args: argparse.Namespace) -> int:
    """List the sign-ins, remove the customers, or load what is missing, in one transaction: all of it, or nothing.

    Raises CommandError when there is data already that is not the demonstration without its customers.
    """
    database.ensure()
    start.start()
    if args.logins:
        tell(table())
        return 0
    if args.remove:
        return _remove()
    from guanxi.config.demo import load

    if not load.is_empty():
        if args.if_empty:
            return 0
        if not load.lacks_customers():
            raise CommandError(
                say(
                    "there is data already; the demonstration needs an empty database",
                    "已有数据；演示需要空数据库",
                )
            )
    with progress.bar(say("Customers", "客户"), args.customers, unit=say("customers", "位客户")) as done:
        load.load(customers=args.customers, seed=args.seed, done=done)
    return 0


def _remove() -> int:
    from guanxi.config.demo import load

    with progress.bar(say("Removing", "移除"), 1, unit=say("rows", "行")) as done:
        lost = load.remove(done=done)
    customers, cars, visits = (lost[name] for name in ("customers_customer", "vehicles_vehicle", "workshop_visit"))
    total = sum(lost.values())
    tell(
        say(
            f"Removed {customers:,} customers, {cars:,} cars and {visits:,} visits, {total:,} rows in all. "
            "Network, people, code lists and cars on sale stay.",
            f"已移除{customers:,}位客户、{cars:,}辆车、{visits:,}次进厂，共{total:,}行。组织网络、人员、代码表和在售车型保留。",
        )
    )
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
