"""What follows an enquiry that was not resolved at once: another department, its answer, the customer is told."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.events import EnquiryClosed
from guanxi.contact_centre.models import Enquiry
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.queries import enquiries
from guanxi.contact_centre.services import enquiry_steps
from guanxi.contact_centre.services.enquiry_steps import ANSWER, LONGEST, NAME, SHORT, TELL
from guanxi.contact_centre.states import Ending, EnquiryState
from guanxi.customers.permissions import Verb as Customers
from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed
from guanxi.records import services as records
from guanxi.worklist.services.deadlines import Term

TELL_WITHIN = Term(days=1)


def answer(*, actor: Actor, enquiry_id: int, words: str, is_told: bool, at: datetime.datetime) -> Enquiry:
    """Answer an enquiry for a department: locks, checks, writes, ends its task; whoever took the enquiry gets the task
    to tell the customer, unless the department did so itself, which closes it. Audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not answer for departments there.
    :raises Conflict: it does not wait for an answer.
    :raises Invalid: no words.
    """
    said = words.strip()[:LONGEST]
    if not said:
        raise Invalid(_("Write the answer."), field="words")
    with db.atomic():
        row = enquiry_steps.moved(actor, enquiry_id, Verb.ANSWER_ENQUIRY, EnquiryState.WITH_DEPARTMENT)
        row.reply, row.answered_at, row.answered_by = said, at, actor.name[:NAME]
        enquiry_steps.end(row, ANSWER, Ending.ANSWERED, at)
        if is_told:
            _close(actor, row, at)
        else:
            row.state = EnquiryState.TO_REPLY
            enquiry_steps.ask(row, TELL, TELL_WITHIN, at)
        row.save()
        records.audit(actor=actor, verb=Verb.ANSWER_ENQUIRY, **enquiry_steps.line(row, reply=said))
    return row


def reply(*, actor: Actor, enquiry_id: int, at: datetime.datetime) -> Enquiry:
    """Say that the customer was told: locks, checks, writes, ends the task, audits, publishes EnquiryClosed.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor takes no enquiries where it was taken.
    :raises Conflict: there is no answer yet, or he was told.
    """
    with db.atomic():
        row = enquiry_steps.moved(actor, enquiry_id, Verb.TAKE_ENQUIRY, EnquiryState.TO_REPLY)
        enquiry_steps.end(row, TELL, Ending.TOLD, at)
        _close(actor, row, at)
        row.save()
        records.audit(actor=actor, verb="contact_centre.reply", **enquiry_steps.line(row))
    return row


def _close(actor: Actor, row: Enquiry, at: datetime.datetime) -> None:
    row.state, row.closed_at, row.closed_by = EnquiryState.CLOSED, at, actor.name[:NAME]
    events.publish(EnquiryClosed(row.pk, row.outlet_id, row.customer_id))


def transfer(*, actor: Actor, enquiry_id: int, department: str, reason: str, at: datetime.datetime) -> Enquiry:
    """Pass an enquiry on to another department of the outlet, with all that is known: locks, checks, writes, ends the
    task of the one and writes that of the other, audits. The deadline stays: the customer waits since he asked.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not answer for departments there.
    :raises Conflict: it does not wait for an answer.
    :raises Invalid: no known department, the same one, or no reason.
    """
    words = " ".join(reason.split())[:SHORT]
    if not words:
        raise Invalid(_("Say why."), field="reason")
    with db.atomic():
        row = enquiry_steps.moved(actor, enquiry_id, Verb.ANSWER_ENQUIRY, EnquiryState.WITH_DEPARTMENT)
        to = enquiry_steps.department_of(department)
        if to.pk == row.department_id:
            raise Conflict(_("This department has it already."), field="department")
        before = row.department_id
        enquiry_steps.end(row, ANSWER, Ending.PASSED_ON, at)
        row.department, row.reason = to, words
        enquiry_steps.ask(row, ANSWER, row.due_at or at, at)
        row.save()
        records.audit(
            actor=actor, verb="contact_centre.transfer", **enquiry_steps.line(row, before=before, reason=words)
        )
    return row


def may_reveal(actor: Actor, row: Enquiry) -> bool:
    """Say whether the actor may see whole numbers on either side of an enquiry."""
    return actor.can(Customers.REVEAL_PHONE, row.place_id) or (
        row.outlet_id is not None and actor.can(Customers.REVEAL_PHONE, row.outlet_id)
    )


def reveal_caller(*, actor: Actor, enquiry_id: int) -> str:
    """Return the whole number of a caller: checks that the actor may see whole numbers on either side, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor sees no whole numbers there.
    """
    row = enquiries.enquiry(actor, enquiry_id)
    if not may_reveal(actor, row):
        raise NotAllowed(Customers.REVEAL_PHONE)
    with db.atomic():
        records.audit(actor=actor, verb="contact_centre.reveal_caller", **enquiry_steps.line(row))
    return row.number
