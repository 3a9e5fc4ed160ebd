"""What messaging does in the background."""

from typing import Any

from guanxi.foundation import clock, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.messaging.services import sending


@jobs.task("messaging.send", in_steps=True)
def send(**_: Any) -> None:
    """Send what waits and may go by now."""
    sending.send_waiting(actor=SYSTEM, now=clock.now)
