"""Jobs of the records."""

from typing import Any

from guanxi.foundation import clock, jobs
from guanxi.records import services


@jobs.task("records.forget_replies")
def forget_replies(**_: Any) -> None:
    """Delete remembered API replies after a day."""
    services.forget_replies(at=clock.now())
