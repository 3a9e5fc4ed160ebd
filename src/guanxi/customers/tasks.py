"""What customers do in the background, and about news from above."""

import datetime
from typing import Any

from guanxi.customers.services import grading, relating
from guanxi.foundation import clock, jobs
from guanxi.foundation.actor import SYSTEM


@jobs.task("customers.grade_stale")
def grade_stale(**_: Any) -> None:
    """Bring the quality of records up to date."""
    grading.grade_stale(at=clock.now(), day=clock.today())


def follow_sale(*, customer_id: int, outlet_id: int, sold_on: str, **_: Any) -> None:
    """Make the buyer of a car an owner at the outlet that sold it."""
    relating.become_owner(
        actor=SYSTEM, customer_id=customer_id, outlet_id=outlet_id, day=datetime.date.fromisoformat(sold_on),
        at=clock.now(),
    )  # fmt: skip
