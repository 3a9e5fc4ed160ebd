"""What campaigns do in the background."""

import datetime
from typing import Any

from guanxi.campaigns.models import Campaign
from guanxi.campaigns.services import answering, results, sending
from guanxi.foundation import clock, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.states import Result


@jobs.task("campaigns.send", in_steps=True)
def send(**_: Any) -> None:
    """Send out the waves whose day has come."""
    sending.send_due(actor=SYSTEM, now=clock.now)


@jobs.task("campaigns.count_results")
def count_results(**_: Any) -> None:
    """Count what followed until yesterday."""
    at = clock.now()
    results.count_results(actor=SYSTEM, day=clock.day_of(at) - datetime.timedelta(days=1), at=at)


def follow_task(*, kind: str, key: str, outcome: str, subject_id: int | None, **_: Any) -> None:
    """Take an appointment made in the call of a campaign as the customer's answer."""
    if kind == "campaigns.call" and outcome == Result.APPOINTMENT and subject_id:
        row = Campaign.objects.filter(pk=int(key.split(":")[1])).first()
        if row is not None:
            answering.note_call(actor=SYSTEM, campaign=row, customer_id=subject_id, at=clock.now())
