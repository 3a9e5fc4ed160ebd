"""What customer care does in the background."""

from typing import Any

from guanxi.care.services import mornings, nightly
from guanxi.foundation import clock, jobs
from guanxi.foundation.actor import SYSTEM


@jobs.task("care.make_tasks")
def make_tasks(**_: Any) -> None:
    """Make the tasks of today; what an earlier night missed is caught up, or logged as too late."""
    at = clock.now()
    nightly.make_tasks(actor=SYSTEM, day=clock.day_of(at), at=at)


@jobs.task("care.make_rounds")
def make_rounds(**_: Any) -> None:
    """Ask the outlets for their rounds of today."""
    at = clock.now()
    mornings.make_rounds(actor=SYSTEM, day=clock.day_of(at), at=at)
