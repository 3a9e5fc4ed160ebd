"""What customers do in the background."""

from typing import Any

from guanxi.customers.services import grading
from guanxi.foundation import clock, jobs


@jobs.task("customers.grade_stale")
def grade_stale(**_: Any) -> None:
    """Bring the quality of records up to date."""
    grading.grade_stale(at=clock.now(), day=clock.today())
