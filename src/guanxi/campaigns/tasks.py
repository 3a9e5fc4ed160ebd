"""What campaigns do in the background."""

import datetime
from typing import Any

from guanxi.campaigns.models import Campaign
from guanxi.campaigns.services import answering, inviting, repeating, results, sending
from guanxi.campaigns.services.sending import KINDS
from guanxi.campaigns.states import OFFERED, TAKEN, Channel, Ending, Response
from guanxi.contact_centre.models import Call
from guanxi.foundation import clock, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.models import Task
from guanxi.worklist.states import Result, State


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


def follow_task(
    *, kind: str, key: str, state: str, outcome: str, subject_id: int | None, person_id: int | None, **_: Any
) -> None:  # fmt: skip
    """Note how the call, the letter or the visit of a campaign ended by which somebody ended it; take an appointment
    made there as the customer's answer. What nobody did in its time the night notes.
    """
    row = _campaign(kind, key) if state == State.DONE or person_id is not None else None
    if row is None or not subject_id:
        return
    ending = Ending(outcome) if state == State.DONE and outcome in Result.values else Ending.UNDONE
    answering.note_ending(actor=SYSTEM, campaign=row, customer_id=subject_id, ending=ending)
    if ending == Ending.APPOINTMENT:
        response = Response.VISIT if kind == KINDS[Channel.VISIT] else Response.CALL
        answering.note_agreed(actor=SYSTEM, campaign=row, customer_id=subject_id, response=response, at=clock.now())


def follow_call(*, call_id: int, task_id: int | None, customer_id: int, **_: Any) -> None:
    """Take it as the customer's answer if he took the offer, as the script of the call or the visit asked him."""
    task = Task.objects.filter(pk=task_id, kind__in=KINDS.values()).first() if task_id else None
    row = _campaign(task.kind, task.key) if task is not None else None
    call = Call.objects.filter(pk=call_id).first()
    if row is not None and call is not None and call.answers.get(OFFERED) == TAKEN:
        response = Response.VISIT if call.is_visit else Response.CALL
        answering.note_agreed(actor=SYSTEM, campaign=row, customer_id=customer_id, response=response, at=clock.now())


def _campaign(kind: str, key: str) -> Campaign | None:
    """Return the campaign whose call, letter or visit a task is."""
    return Campaign.objects.filter(pk=int(key.split(":")[1])).first() if kind in KINDS.values() else None
