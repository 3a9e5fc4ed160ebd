"""What rescue does in the background, every minute."""

import datetime
from typing import Any

from guanxi.foundation import clock, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.rescue.services import closing, sending, telling


@jobs.task("rescue.sweep")
def sweep(**_: Any) -> None:
    """Take rescues back from who stays silent, and chase who is late."""
    if sending.sweep(actor=SYSTEM, at=clock.now()) >= sending.BATCH:
        jobs.enqueue("rescue.sweep", queueing_lock="rescue.sweep")


def follow_visit(*, visit_id: int, vehicle_id: int, outlet_id: int, entered_on: str, **_: Any) -> None:
    """Note the visit that followed a tow."""
    closing.link_visit(
        actor=SYSTEM, visit_id=visit_id, vehicle_id=vehicle_id, outlet_id=outlet_id,
        entered_on=datetime.date.fromisoformat(entered_on),
    )  # fmt: skip


def follow_taken(*, rescue_id: int, **_: Any) -> None:
    """Write whoever waits where he sees how help comes."""
    telling.tell_link(actor=SYSTEM, rescue_id=rescue_id, at=clock.now())
