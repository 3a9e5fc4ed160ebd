"""``guanxi worker``: takes jobs until it is stopped."""

import argparse

from guanxi.config.commands import start

NAME = "worker"
HELP = "take background jobs until stopped"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="stop when no job is left")


def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; a job that is running then is finished first."""
    start.start()
    from guanxi.foundation import jobs

    jobs.work(wait=not args.once)
    return 0
