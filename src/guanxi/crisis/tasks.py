"""What crises do about news, in the background."""

from typing import Any

from guanxi.crisis.services import leaving_alone, opening, telling
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM


def follow_escalation(*, complaint_id: int, **_: Any) -> None:
    """Open a room for a complaint that has become a crisis."""
    opening.open_from_complaint(actor=SYSTEM, complaint_id=complaint_id, at=clock.now())


def follow_opening(*, crisis_id: int, **_: Any) -> None:
    """Tell at once those who have to know of a crisis."""
    telling.tell(actor=SYSTEM, crisis_id=crisis_id, at=clock.now())


def follow_concerned(*, crisis_id: int, **_: Any) -> None:
    """Leave those alone whom a crisis is about, and let the others go."""
    leaving_alone.settle(actor=SYSTEM, crisis_id=crisis_id, at=clock.now())
