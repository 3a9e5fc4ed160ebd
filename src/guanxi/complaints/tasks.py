"""What complaints do about news, in the background."""

import datetime
from typing import Any

from guanxi.complaints.queries.cases import SUBJECT
from guanxi.complaints.services import from_calls, from_rescues, limits, postponing, rechecking, warning
from guanxi.complaints.services.postponing import Postponed
from guanxi.foundation import clock, jobs
from guanxi.foundation.actor import SYSTEM


def follow_escalation(*, complaint_id: int, is_outside: bool, **_: Any) -> None:
    """Tell at once those who have to know of a complaint."""
    warning.warn(actor=SYSTEM, complaint_id=complaint_id, is_outside=is_outside, at=clock.now())


def follow_call(*, call_id: int, **_: Any) -> None:
    """Take in what a customer complained of in a call."""
    from_calls.take_in(actor=SYSTEM, call_id=call_id, at=clock.now())


def follow_postponed(
    *, key: str, subject_type: str, subject_id: int | None, due_at: str, reason: str, person_id: int | None,
    person_name: str, **_: Any,
) -> None:  # fmt: skip
    """Note that the clock of a complaint was stopped for a reason, and until when."""
    if subject_type == SUBJECT and subject_id is not None:
        postponing.follow(
            actor=SYSTEM, complaint_id=subject_id, at=clock.now(),
            postponed=Postponed(key, datetime.datetime.fromisoformat(due_at), reason, person_id, person_name),
        )  # fmt: skip


@jobs.task("complaints.draw_rechecks")
def draw_rechecks(**_: Any) -> None:
    """Draw the closed complaints whose customers headquarters asks once more."""
    rechecking.draw(actor=SYSTEM, at=clock.now())


@jobs.task("complaints.count_limits")
def count_limits(**_: Any) -> None:
    """Count the complaints of outlets against the limits."""
    limits.count(actor=SYSTEM, at=clock.now())


def follow_refuted(*, recheck_id: int, **_: Any) -> None:
    """Take in anew what was not settled after all."""
    rechecking.take_in_again(actor=SYSTEM, recheck_id=recheck_id, at=clock.now())


def follow_rescue(*, rescue_id: int, customer_id: int | None, is_complaint: bool, **_: Any) -> None:
    """Take in what a customer complained of after a rescue."""
    from_rescues.take_in(
        actor=SYSTEM, rescue_id=rescue_id, customer_id=customer_id, is_complaint=is_complaint, at=clock.now()
    )
