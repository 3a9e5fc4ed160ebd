"""The customer is called back and says what he thinks (RESC-01, RESC-10); a towed car reaches the workshop."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Invalid
from guanxi.records import services as records
from guanxi.rescue import policy
from guanxi.rescue.events import RescueCalledBack
from guanxi.rescue.models import Rescue
from guanxi.rescue.permissions import Verb
from guanxi.rescue.services import steps
from guanxi.rescue.services.steps import CALL_BACK, LONGEST, RECEIVE
from guanxi.rescue.states import Ending, Result, Sending, State

BEST = 5
ARRIVES_WITHIN = datetime.timedelta(days=7)


def call_back(*, actor: Actor, rescue_id: int, score: int, words: str, at: datetime.datetime) -> Rescue:
    """Note what the customer says of a rescue: locks, checks, writes it, counts a complaint against who helped, ends
    the task, audits, publishes RescueCalledBack.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not call back where it was taken.
    :raises Conflict: it stands elsewhere by now.
    :raises Invalid: a score that is none, or no words.
    """
    said = words.strip()[:LONGEST]
    if not 1 <= score <= BEST:
        raise Invalid(_("Between one and five."), field="score")
    if not said:
        raise Invalid(_("Write what the customer said."), field="words")
    with db.atomic():
        row, before = steps.moved(actor, rescue_id, Verb.CALL_BACK, State.CLOSED)
        row.score, row.verdict, row.ended_at = score, said, at
        is_complaint = policy.is_complaint(score)
        row.dispatches.filter(state=Sending.FINISHED).update(is_complaint=is_complaint)
        row.save()
        steps.end(row, CALL_BACK, Ending.CALLED, at)
        records.audit(actor=actor, verb=Verb.CALL_BACK, **steps.line(row, before, {"score": score}))
        events.publish(RescueCalledBack(row.pk, row.provider_id or 0, row.customer_id, score, is_complaint))
    return row


def link_visit(
    *, actor: Actor, visit_id: int, vehicle_id: int, outlet_id: int, entered_on: datetime.date
) -> None:  # fmt: skip
    """Note the visit to the workshop that followed a tow there within a week, and end the task to receive the car:
    writes, audits. What a workshop recorded for another reason is left alone.
    """
    with db.atomic():
        rows = Rescue.objects.select_related("help").filter(
            vehicle_id=vehicle_id, destination_id=outlet_id, result=Result.TOWED, visit_id=None
        )
        row = rows.select_for_update(of=("self",)).order_by("-done_at").first()
        if row is None or row.done_at is None or not _follows(row.done_at, entered_on):
            return
        row.visit_id = visit_id
        row.save()
        steps.end(row, RECEIVE, Ending.RECEIVED, row.done_at)
        records.audit(
            actor=actor, verb="rescue.link_visit", **steps.line(row, {}, {"visit": visit_id})
        )  # fmt: skip


def _follows(done_at: datetime.datetime, day: datetime.date) -> bool:
    return done_at.date() - datetime.timedelta(days=1) <= day <= (done_at + ARRIVES_WITHIN).date()
