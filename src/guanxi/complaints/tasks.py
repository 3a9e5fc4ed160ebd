"""What complaints do about news, in the background."""

from typing import Any

from guanxi.complaints.services import warning
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM


def follow_escalation(*, complaint_id: int, is_outside: bool, **_: Any) -> None:
    """Tell at once those who have to know of a complaint."""
    warning.warn(actor=SYSTEM, complaint_id=complaint_id, is_outside=is_outside, at=clock.now())
