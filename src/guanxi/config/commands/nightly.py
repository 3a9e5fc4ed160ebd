"""``guanxi nightly``: works out what all owners and cars are today, as the job of the night does."""

import argparse
import datetime

from guanxi.config.commands import database, start
from guanxi.config.commands.speech import CommandError, say, tell

NAME = "nightly"
HELP = "work out the states of all owners and cars, as every night"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--day", type=datetime.date.fromisoformat, metavar="YYYY-MM-DD", help="up to this day (today)")


def run(args: argparse.Namespace) -> int:
    """Work out every day that is missing, in one transaction.

    Raises CommandError when a later day was worked out already, or no limits are in force.
    """
    database.ensure()
    start.start()
    from guanxi.foundation import clock, db
    from guanxi.foundation.actor import SYSTEM
    from guanxi.foundation.errors import DomainError
    from guanxi.insight.services import night

    try:
        with db.scoped(SYSTEM):
            done = night.pass_night(actor=SYSTEM, day=args.day or clock.today(), at=clock.now())
    except DomainError as error:
        raise CommandError(str(error.message)) from error
    except LookupError as error:
        raise CommandError(
            say("no limits of care are in force; apply the preset base", "没有生效的关怀界限；请应用预设 base")
        ) from error
    days = ", ".join(day.isoformat() for day in done.days)
    tell(say(
        f"{days}: {done.read:,} rows read, {done.owners:,} owners and {done.cars:,} cars changed, "
        f"{done.changes:,} changes of state",
        f"{days}：读取{done.read:,}行，更新{done.owners:,}条车主状态、{done.cars:,}辆车，状态变化{done.changes:,}次",
    ))  # fmt: skip
    return 0
