"""What campaigns do in the background."""

import datetime
from typing import Any

from guanxi.campaigns.models import Campaign
from guanxi.campaigns.services import answering, inviting, repeating, results, sending
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


@jobs.task("campaigns.repeat")
def repeat(**_: Any) -> None:
    """Write the next ones of campaigns that come again."""
    repeating.repeat_due(actor=SYSTEM, at=clock.now())


@jobs.task("campaigns.invite", in_steps=True)
def invite(**_: Any) -> None:
    """Invite the owners of open recalls who wait for it."""
    inviting.invite_due(actor=SYSTEM, now=clock.now)


def follow_recall(*, kind: str, key: str, state: str, outcome: str, **_: Any) -> None:
    """Move a car of a recall on by how the task about its owner ended."""
    if kind in {*inviting.KINDS.values(), inviting.CHASE}:
        _recall, recall_id, vehicle_id, _work = key.split(":")
        inviting.follow_owner(
            actor=SYSTEM, recall_id=int(recall_id), vehicle_id=int(vehicle_id), ending=(state, outcome), at=clock.now()
        )


def follow_task(*, kind: str, key: str, outcome: str, subject_id: int | None, **_: Any) -> None:
    """Take an appointment made in the call of a campaign as the customer's answer."""
    if kind == "campaigns.call" and outcome == Result.APPOINTMENT and subject_id:
        row = Campaign.objects.filter(pk=int(key.split(":")[1])).first()
        if row is not None:
            answering.note_call(actor=SYSTEM, campaign=row, customer_id=subject_id, at=clock.now())
