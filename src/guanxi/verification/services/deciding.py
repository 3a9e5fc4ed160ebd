"""What whoever issued an order does with what comes back: asks the customer again, insists, withdraws (INFO-27)."""

import datetime

from guanxi.customers.permissions import Verb as Customers
from guanxi.customers.services import noting
from guanxi.customers.states import Verification
from guanxi.foundation import db, events
from guanxi.foundation.actor import SYSTEM, Actor
from guanxi.foundation.errors import words_of
from guanxi.records import services as records
from guanxi.verification import policy
from guanxi.verification.events import CorrectionClosed
from guanxi.verification.models import Order, Round
from guanxi.verification.permissions import Verb
from guanxi.verification.queries import checks, orders, record
from guanxi.verification.services import steps
from guanxi.verification.services.steps import CORRECT, DECIDE, SHORT, VERIFY
from guanxi.verification.states import Ending, Found, State, Verdict
from guanxi.worklist.services import working


def verify(*, actor: Actor, order_id: int, is_right: bool, words: str, at: datetime.datetime) -> Order:
    """Note what the customer says of the corrected record: locks, checks, writes it to the round, ends the task.
    Right: closes the order, marks the record as valid if nothing else of its check was open, publishes
    CorrectionClosed. Still wrong: the outlet is asked again. Audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not verify where it was issued.
    :raises Conflict: there is no correction to verify.
    :raises Invalid: no words.
    """
    said = words_of(words, "words")
    with db.atomic():
        row, before = steps.moved(actor, order_id, Verb.VERIFY, policy.after_verification(is_right=is_right))
        _noted(actor, row, said, at, is_right=is_right)
        steps.end(row, VERIFY, Ending.VERIFIED if is_right else Ending.REJECTED, at)
        if is_right:
            row.ended_at = at
            _mark(actor, row, at)
            events.publish(CorrectionClosed(row.pk, row.outlet_id, row.customer_id, row.rounds))
        else:
            row.due_at = steps.ask(actor, row, CORRECT, at)
        row.save()
        records.audit(actor=actor, verb=Verb.VERIFY, **steps.line(row, before, {"is_right": is_right, "said": said}))
    return row


def insist(*, actor: Actor, order_id: int, reason: str, at: datetime.datetime) -> Order:
    """Send a disputed order out again: locks, checks, writes the reason to the round, ends the decision, asks the
    outlet again by a new deadline, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not verify where it was issued.
    :raises Conflict: it is not disputed.
    :raises Invalid: no reason.
    """
    words = words_of(reason, "reason", most=SHORT)
    with db.atomic():
        row, before = steps.moved(actor, order_id, Verb.VERIFY, State.ISSUED)
        row.reason = words
        _noted(actor, row, words, at, is_right=False)
        steps.end(row, DECIDE, Ending.DECIDED, at)
        row.due_at = steps.ask(actor, row, CORRECT, at)
        row.save()
        records.audit(actor=actor, verb="verification.insist", **steps.line(row, before))
    return row


def withdraw(*, actor: Actor, order_id: int, reason: str, at: datetime.datetime) -> Order:
    """Withdraw an order, because the record was right, with a reason: locks, checks, writes, ends its tasks, takes the
    mark off the record that came from its check, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not verify where it was issued.
    :raises Conflict: it is corrected or over.
    :raises Invalid: no reason.
    """
    words = words_of(reason, "reason", most=SHORT)
    with db.atomic():
        disputed = Order.objects.filter(pk=order_id, state=State.DISPUTED).exists()
        row, before = steps.moved(actor, order_id, Verb.VERIFY, State.WITHDRAWN)
        row.reason, row.ended_at = words, at
        if disputed:
            _noted(actor, row, words, at, is_right=True)
        for work in (CORRECT, DECIDE):
            working.withdraw(actor=SYSTEM, key=row.key(work), reason=words, at=at)
        row.save()
        _mark(actor, row, at)
        records.audit(actor=actor, verb="verification.withdraw", **steps.line(row, before))
    return row


def _noted(actor: Actor, row: Order, words: str, at: datetime.datetime, *, is_right: bool) -> None:
    Round.objects.filter(order=row, number=row.rounds).update(
        verified_at=at, verified_by=actor.name[:160], is_right=is_right, verdict=words
    )


def _mark(actor: Actor, row: Order, at: datetime.datetime) -> None:
    """Mark the record by its check, with what was corrected as right: valid if each basic field was asked, else as
    not verified. A record that was checked again since, or that the actor may not mark, keeps its mark.
    """
    made = row.check_of
    if made is None or not actor.can(Customers.VERIFY, row.outlet_id):
        return
    newest = checks.of_customer(actor, row.customer_id, 1)
    if newest != [made] or made.verdict != Verdict.INVALID:
        return
    corrected = {line.field_id for line in orders.wrong_lines(row)}
    found = {line.field_id: Found.RIGHT if line.field_id in corrected else line.found for line in checks.lines(made)}
    basics = [field.pk for field in record.fields().values() if field.is_basic]
    is_valid = policy.verdict(basics, found) == Verdict.VALID
    mark = Verification.VALID if is_valid else Verification.UNVERIFIED
    if policy.verdict(basics, found) != Verdict.INVALID:
        noting.verify(actor=actor, customer_id=row.customer_id, verification=mark, at=at)
