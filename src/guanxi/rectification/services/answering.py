"""What the department does with a notice: receives, answers or refuses it (FUP-06)."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Invalid
from guanxi.records import services as records
from guanxi.rectification.models import Notice, Round
from guanxi.rectification.permissions import Verb
from guanxi.rectification.services import steps
from guanxi.rectification.services.steps import ANSWER, DECIDE, LONGEST, SHORT, VERIFY
from guanxi.rectification.states import Ending, State
from guanxi.worklist.services.deadlines import Term


@dataclass(frozen=True)
class Answer:
    """What a department says: why it happened, what was done, and what proves it."""

    cause: str
    measure: str
    proof: str


def receive(*, actor: Actor, notice_id: int, at: datetime.datetime) -> Notice:
    """Confirm for the department that the notice has arrived: locks, checks, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not answer for departments there.
    :raises Conflict: it stands elsewhere by now.
    """
    with db.atomic():
        row, before = steps.moved(actor, notice_id, Verb.ANSWER, State.RECEIVED)
        row.received_at, row.received_by = at, actor.name[:160]
        row.save()
        records.audit(actor=actor, verb="rectification.receive", **steps.line(row, before))
    return row


def answer(*, actor: Actor, notice_id: int, answer: Answer, at: datetime.datetime) -> Round:
    """Answer a notice: locks, checks that cause, measure and proof are said, writes a new round, ends the task of the
    department, asks whoever issued it to verify with the customer, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not answer for departments there.
    :raises Conflict: it stands elsewhere by now.
    :raises Invalid: something is not said.
    """
    said = {"cause": answer.cause, "measure": answer.measure, "proof": answer.proof}
    said = {name: words.strip()[: SHORT if name == "proof" else LONGEST] for name, words in said.items()}
    for name, words in said.items():
        if not words:
            raise Invalid(_("Say cause, measure and proof."), field=name)
    with db.atomic():
        row, before = steps.moved(actor, notice_id, Verb.ANSWER, State.ANSWERED)
        row.rounds += 1
        made = Round.objects.create(
            notice=row, number=row.rounds, due_at=row.due_at, answered_at=at, answered_by=actor.name[:160], **said
        )  # fmt: skip
        if row.received_at is None:
            row.received_at, row.received_by = at, actor.name[:160]
        steps.end(row, ANSWER, Ending.ANSWERED, at)
        steps.ask(actor, row, VERIFY, row.place_id, Term(days=row.problem.verify_days), at)
        row.save()
        records.audit(actor=actor, verb=Verb.ANSWER, **steps.line(row, before, said))
    return made


def refuse(*, actor: Actor, notice_id: int, reason: str, at: datetime.datetime) -> Notice:
    """Refuse a notice for the department, with a reason: locks, checks, writes, ends its task, asks whoever issued it
    to decide, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not answer for departments there.
    :raises Conflict: it stands elsewhere by now.
    :raises Invalid: no reason.
    """
    words = steps.reason_of(reason)
    with db.atomic():
        row, before = steps.moved(actor, notice_id, Verb.ANSWER, State.REFUSED)
        row.reason = words
        steps.end(row, ANSWER, Ending.REFUSED, at)
        steps.ask(actor, row, DECIDE, row.place_id, Term(days=row.problem.verify_days), at)
        row.save()
        records.audit(actor=actor, verb="rectification.refuse", **steps.line(row, before))
    return row
