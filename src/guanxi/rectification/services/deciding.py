"""What whoever issued a notice does with what comes back: verifies with the customer, insists, withdraws (FUP-07)."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db, events
from guanxi.foundation.actor import SYSTEM, Actor
from guanxi.foundation.errors import Invalid
from guanxi.records import services as records
from guanxi.rectification import policy
from guanxi.rectification.events import NoticeClosed
from guanxi.rectification.models import Notice, Round
from guanxi.rectification.permissions import Verb
from guanxi.rectification.services import steps
from guanxi.rectification.services.steps import ANSWER, DECIDE, LONGEST, VERIFY
from guanxi.rectification.states import Ending, State
from guanxi.worklist.services import working
from guanxi.worklist.services.deadlines import Term


def insist(*, actor: Actor, notice_id: int, department: str, reason: str, at: datetime.datetime) -> Notice:
    """Send a refused notice out again, to the same department or another: locks, checks, reckons a new deadline,
    writes, ends the decision, writes the task of the department, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not verify notices where it was issued.
    :raises Conflict: it is not refused.
    :raises Invalid: no known department, or no reason.
    """
    words = steps.reason_of(reason)
    with db.atomic():
        row, before = steps.moved(actor, notice_id, Verb.VERIFY, State.ISSUED)
        row.department, row.reason = steps.department_of(department), words
        row.received_at, row.received_by = None, ""
        steps.end(row, DECIDE, Ending.DECIDED, at)
        row.due_at = steps.ask(actor, row, ANSWER, row.outlet_id, Term(days=row.problem.answer_days), at)
        row.save()
        records.audit(actor=actor, verb="rectification.insist", **steps.line(row, before))
    return row


def verify(
    *, actor: Actor, notice_id: int, is_satisfied: bool, words: str, at: datetime.datetime
) -> Notice:  # fmt: skip
    """Note what the customer says about the answer: locks, checks, writes it to the round, ends the verification.
    Satisfied: files the notice and publishes NoticeClosed. Not: the department is asked again, in a new round. Audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not verify notices where it was issued.
    :raises Conflict: there is no answer to verify.
    :raises Invalid: no words.
    """
    said = words.strip()[:LONGEST]
    if not said:
        raise Invalid(_("Say what the customer says."), field="words")
    with db.atomic():
        row, before = steps.moved(actor, notice_id, Verb.VERIFY, policy.after_verification(is_satisfied=is_satisfied))
        Round.objects.filter(notice=row, number=row.rounds).update(
            verified_at=at, verified_by=actor.name[:160], is_satisfied=is_satisfied, verdict=said
        )
        steps.end(row, VERIFY, Ending.VERIFIED if is_satisfied else Ending.REJECTED, at)
        if is_satisfied:
            row.ended_at = at
            events.publish(NoticeClosed(row.pk, row.outlet_id, row.customer_id, row.rounds))
        else:
            row.due_at = steps.ask(actor, row, ANSWER, row.outlet_id, Term(days=row.problem.answer_days), at)
        row.save()
        told = {"is_satisfied": is_satisfied, "verdict": said}
        records.audit(actor=actor, verb=Verb.VERIFY, **steps.line(row, before, told))
    return row


def withdraw(*, actor: Actor, notice_id: int, reason: str, at: datetime.datetime) -> Notice:
    """Withdraw a notice with a reason: locks, checks, writes, ends its tasks, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not verify notices where it was issued.
    :raises Conflict: it is answered or over.
    :raises Invalid: no reason.
    """
    words = steps.reason_of(reason)
    with db.atomic():
        row, before = steps.moved(actor, notice_id, Verb.VERIFY, State.WITHDRAWN)
        row.reason, row.ended_at = words, at
        for work in (ANSWER, DECIDE):
            working.withdraw(actor=SYSTEM, key=row.key(work), reason=words, at=at)
        row.save()
        records.audit(actor=actor, verb="rectification.withdraw", **steps.line(row, before))
    return row
