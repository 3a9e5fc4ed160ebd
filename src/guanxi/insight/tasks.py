"""Jobs of analysis: the pass of the night, and what follows a change. Ibis is loaded when the first of them runs."""

from typing import Any

from guanxi.foundation import clock, jobs
from guanxi.foundation.actor import SYSTEM


@jobs.task("insight.night")
def night(**_: Any) -> None:
    """Work out what all owners and cars are today."""
    from guanxi.insight.services import night as passes

    passes.pass_night(actor=SYSTEM, day=clock.today(), at=clock.now())


@jobs.task("insight.follow")
def follow(**_: Any) -> None:
    """Bring the states of those up to date of whom something was written."""
    from guanxi.insight.services import following

    following.follow(day=clock.today())
