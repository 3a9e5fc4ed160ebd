"""The console commands: ``guanxi COMMAND …`` and ``python -m guanxi COMMAND …``.

A command is a module of this package with NAME, HELP, ``add_arguments(parser)`` and
``run(args) -> int``. Only the module of the command that is called is imported.
"""

import argparse
import errno
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from guanxi.config.commands.speech import CommandError, say, tell

FULL = {errno.ENOSPC, errno.EDQUOT}
COMMANDS = (
    "run", "prepare", "demo", "begin", "preset", "import", "nightly",
    "backup", "restore", "doctor", "worker", "translations", "docs",
    "test", "check",
)  # fmt: skip
KEYWORDS = {"import": "importing"}  # a module cannot bear the name of a keyword


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the arguments, run one command, return its exit code.

    Expected failures become one sentence on standard error and exit code 1.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    wanted = tuple(name for name in COMMANDS if words[:1] == [name]) or COMMANDS
    parser = argparse.ArgumentParser(prog="guanxi")
    subparsers = parser.add_subparsers(dest="command", required=True)
    modules = {name: _module(name) for name in wanted}
    for name, module in modules.items():
        module.add_arguments(subparsers.add_parser(name, help=module.HELP, description=module.HELP))
    args = parser.parse_args(words)
    return _run(modules[args.command], args)


def _module(name: str) -> ModuleType:
    return import_module(f"guanxi.config.commands.{KEYWORDS.get(name, name)}")


def _full_disk() -> str:
    return say("the disk is full; free some space and try again", "磁盘已满；请腾出空间后重试")


def _run(module: ModuleType, args: argparse.Namespace) -> int:
    from psycopg import Error as DatabaseError

    from guanxi.config.cluster import ClusterError
    from guanxi.config.places import PlaceError

    try:
        return int(module.run(args))
    except (CommandError, ClusterError, PlaceError, DatabaseError, OSError) as error:
        text = _full_disk() if isinstance(error, OSError) and error.errno in FULL else str(error)
        tell(say(f"guanxi {args.command}: {text}", f"guanxi {args.command}：{text}"), sys.stderr)
        return 1
    except KeyboardInterrupt:
        tell(say("interrupted", "已中断"), sys.stderr)
        return 130
