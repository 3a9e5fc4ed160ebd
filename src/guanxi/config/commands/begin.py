"""``guanxi begin``: the first administrator of an installation without demonstration."""

import argparse
import re

from guanxi.config.commands import database, start
from guanxi.config.commands.speech import CommandError, say, tell

NAME = "begin"
HELP = "make the group and a link with which its first administrator signs in"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--code", required=True, help="code of the group, such as ACME")
    parser.add_argument("--name-zh", required=True, help="Chinese name of the group")
    parser.add_argument("--name-en", default="", help="English name of the group")
    parser.add_argument("--administrator", required=True, help="name of the first administrator")


def run(args: argparse.Namespace) -> int:
    """Apply the base preset, add the group, make the link: in one transaction. Prints the link once.

    Raises CommandError when a network is there already, or the code is malformed.
    """
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9._-]{0,19}", args.code):
        raise CommandError(say("a code has capital letters and digits", "编码由大写字母和数字组成"))
    database.ensure()
    start.start()
    from guanxi.access.services import people
    from guanxi.config.demo import load
    from guanxi.foundation import clock, db
    from guanxi.network.models import Node
    from guanxi.network.services import structure

    with db.scoped(load.ACTOR):
        if Node.objects.exists():
            raise CommandError(say("there is a network already", "组织网络已经存在"))
        load.apply_preset("base")
        group = structure.add_node(
            actor=load.ACTOR, parent_id=None, kind="GROUP", code=args.code, name_zh=args.name_zh,
            name_en=args.name_en, valid_from=clock.today(),
        )  # fmt: skip
        _link, secret = people.invite(
            actor=load.ACTOR,
            name=args.administrator,
            role_code="hq_administrator",
            node_id=group.pk,
            at=clock.now(),
        )
    tell(
        say(
            f"Open this address once, within seven days: /welcome/{secret}/",
            f"请在七天内打开一次此地址：/welcome/{secret}/",
        )
    )
    return 0
