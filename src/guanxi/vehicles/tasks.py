"""Jobs of vehicles."""

from typing import Any

from guanxi.foundation import clock, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.vehicles.services import papers


@jobs.task("vehicles.date_warranties")
def date_warranties(*, series_id: int, **_: Any) -> None:
    """Reckon the warranty end of all cars of a series."""
    papers.date_warranties(actor=SYSTEM, series_id=series_id, at=clock.now())
