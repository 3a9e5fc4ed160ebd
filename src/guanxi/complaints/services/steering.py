"""Who a complaint is with: handed over, reported upward or outside, made a complaint (CMP-12, CMP-25)."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.complaints import policy
from guanxi.complaints.events import ComplaintEscalated
from guanxi.complaints.models import Complaint
from guanxi.complaints.permissions import check_handling
from guanxi.complaints.queries import cases, choosing
from guanxi.complaints.services import caution_rule, steps
from guanxi.complaints.services.steps import CONTACT, REVISIT, SOLVE
from guanxi.complaints.states import OPEN, Act, Kind, Level, RevisitBy, State
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import SYSTEM, Actor
from guanxi.foundation.errors import Conflict, Invalid, words_of
from guanxi.records import services as records
from guanxi.worklist.services import sharing


def hand_over(
    *, actor: Actor, complaint_id: int, person_id: int, reason: str, at: datetime.datetime
) -> Complaint:  # fmt: skip
    """Give a complaint to somebody else who handles complaints there, with a reason: locks, checks, gives him the tasks
    with their deadlines, notes it, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle complaints there.
    :raises Conflict: somebody else is responsible, or it is closed.
    :raises Invalid: no reason, or somebody who does not handle complaints there, has it already, or is away.
    """
    said = words_of(reason, "reason", _("Say why."))
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        check_handling(actor, row)
        steps.need(row, *OPEN)
        names = choosing.handlers(row.outlet_id, clock.day_of(at))
        if person_id not in names or person_id == row.owner_id:
            raise Invalid(_("Choose one of the values offered."), field="person")
        before = steps.plain(row)
        row.owner_id, row.owner_name = person_id, names[person_id]
        db.widen(row.outlet_id)
        moving = {CONTACT, SOLVE, REVISIT} if row.process.revisit_by == RevisitBy.OWNER else {CONTACT, SOLVE}
        for task in cases.owed(row):
            if task.kind in moving:
                sharing.assign(actor=SYSTEM, task_id=task.pk, person_id=person_id, at=at)
        steps.say(actor, row, Act.HANDED_OVER, f"{row.owner_name}: {said}", at)
        row.save()
        records.audit(actor=actor, verb="complaints.hand_over", **steps.line(row, before, {"reason": said}))
    return row


def escalate(*, actor: Actor, complaint_id: int, reason: str, at: datetime.datetime) -> Complaint:
    """Report an open complaint to the general manager (CMP-12): locks, checks, makes it significant, notes it, audits,
    publishes ComplaintEscalated, by which those who have to know are told.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle complaints there.
    :raises Conflict: somebody else is responsible, or it is closed.
    :raises Invalid: no reason.
    """
    said = words_of(reason, "reason", _("Say why."))
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        check_handling(actor, row)
        steps.need(row, *OPEN)
        before = steps.plain(row)
        row.level = Level.SIGNIFICANT if row.level == Level.NORMAL else row.level
        steps.say(actor, row, Act.ESCALATED, said, at)
        events.publish(ComplaintEscalated(row.pk, is_outside=False))
        row.save()
        records.audit(actor=actor, verb="complaints.escalate", **steps.line(row, before, {"reason": said}))
    return row


def decide_inside(
    *, actor: Actor, complaint_id: int, is_inside: bool, words: str, at: datetime.datetime
) -> Complaint:  # fmt: skip
    """Decide whether the outlet can solve it by itself; if it cannot, that is reported outside at once (CMP-25): locks,
    checks, notes it, audits, publishes ComplaintEscalated.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle complaints there.
    :raises Conflict: somebody else is responsible, or the cause is not being sought or put right.
    :raises Invalid: no words.
    """
    said = words_of(words, message=_("Say why."))
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        check_handling(actor, row)
        steps.need(row, State.ANALYSING, State.RESOLVING)
        before = steps.plain(row)
        row.is_inside = is_inside
        steps.say(actor, row, Act.INSIDE if is_inside else Act.OUTSIDE, said, at)
        if not is_inside:
            events.publish(ComplaintEscalated(row.pk, is_outside=True))
        row.save()
        records.audit(actor=actor, verb="complaints.decide_inside", **steps.line(row, before, {"words": said}))
    return row


def raise_complaint(*, actor: Actor, complaint_id: int, reason: str, at: datetime.datetime) -> Complaint:
    """Make a complaint of what was taken in as something else, never the other way: locks, checks, looks for signs of a
    crisis, asks for the first contact, notes it, proposes a caution where the process says so, audits, publishes
    ComplaintEscalated if it is a crisis.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle complaints there.
    :raises Conflict: somebody else is responsible, it is a complaint already, or it is closed.
    :raises Invalid: no reason.
    """
    said = words_of(reason, "reason", _("Say why."))
    with db.atomic():
        row = steps.locked(actor, complaint_id)
        check_handling(actor, row)
        if row.kind == Kind.COMPLAINT:
            raise Conflict(_("It is a complaint already."))
        steps.need(row, State.RECEIVED)
        before = steps.plain(row)
        row.kind = Kind.COMPLAINT
        row.signs = policy.crisis(
            choosing.signs(), kind=row.kind, words=f"{row.words} {said}", parties=row.parties, amount=row.amount
        )
        row.level = policy.level_of(row.level, row.signs)
        row.due_at = steps.ask(row, CONTACT, row.process.first_contact, steps.owner_of(row), at)
        row.contact_due_at = row.due_at
        steps.say(actor, row, Act.RAISED, said, at)
        if row.level != Level.NORMAL:
            events.publish(ComplaintEscalated(row.pk, is_outside=False))
        row.save()
        caution_rule.follow(actor=actor, row=row, signs=row.signs, at=at)
        records.audit(actor=actor, verb="complaints.raise_complaint", **steps.line(row, before, {"reason": said}))
    return row
