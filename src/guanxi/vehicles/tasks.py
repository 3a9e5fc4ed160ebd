"""Jobs of vehicles, and what they do about news from below."""

from typing import Any

from guanxi.foundation import clock, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.vehicles.services import warranties


@jobs.task("vehicles.date_warranties")
def date_warranties(*, series_id: int, **_: Any) -> None:
    """Reckon the warranty end of all cars of a series."""
    warranties.date_warranties(actor=SYSTEM, series_id=series_id, at=clock.now())


def follow_import(*, run_id: int, state: str, **_: Any) -> None:
    """Reckon the warranty ends of the cars of an import that was written."""
    if state == "DONE":
        warranties.date_imported(actor=SYSTEM, run_id=run_id)
