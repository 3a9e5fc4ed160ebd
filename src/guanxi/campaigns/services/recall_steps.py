"""The steps of a recall: submitted, approved by a second person or sent back, opened, closed; called off before."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.campaigns import policy
from guanxi.campaigns.models import Recall, RecallCar
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.services.recalls import audit, locked, refuse_template
from guanxi.campaigns.states import State
from guanxi.foundation import clock, db, jobs
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, words_of

SHORT = 400


def submit_recall(*, actor: Actor, recall_id: int, at: datetime.datetime) -> Recall:
    """Submit a recall with its list for approval: locks, checks the right, the move, that it has cars and its template,
    writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not keep recalls there.
    :raises Conflict: it cannot be submitted as it stands, or has no car.
    :raises Invalid: its template is not in force any more.
    """
    with db.atomic():
        row, before = _moved(actor, recall_id, Verb.MANAGE_RECALLS, State.SUBMITTED)
        if not row.cars.exists():
            raise Conflict(_("Put cars on its list first."))
        refuse_template(row, clock.day_of(at))
        row.submitted_at, row.submitted_by_id, row.submitted_by = at, actor.user_id, actor.name[:160]
        row.approved_by_id = None
        row.save()
        audit(actor, "campaigns.submit_recall", row, state=row.state, before=before, cars=row.cars.count())
    return row


def approve_recall(*, actor: Actor, recall_id: int, at: datetime.datetime) -> Recall:
    """Approve a recall that somebody else submitted: locks, checks the right, the move and its template, writes,
    audits. Nobody is invited yet: it is opened for that.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not approve campaigns there.
    :raises Conflict: it was not submitted, or by the actor himself.
    :raises Invalid: its template is not in force any more.
    """
    with db.atomic():
        row, before = _moved(actor, recall_id, Verb.APPROVE, State.APPROVED)
        if not policy.may_approve(row.submitted_by_id, actor.user_id):
            raise Conflict(_("A second person approves what you submitted."))
        refuse_template(row, clock.day_of(at))
        row.approved_at, row.approved_by_id, row.approved_by = at, actor.user_id, actor.name[:160]
        row.save()
        audit(actor, "campaigns.approve_recall", row, state=row.state, before=before)
    return row


def send_back_recall(*, actor: Actor, recall_id: int, reason: str) -> Recall:
    """Send a recall back to whoever keeps it, with a reason: locks, checks the right and the move, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not approve campaigns there.
    :raises Conflict: it was not submitted.
    :raises Invalid: no reason.
    """
    words = words_of(reason, "reason", _("Say why."), most=SHORT)
    with db.atomic():
        row, before = _moved(actor, recall_id, Verb.APPROVE, State.RETURNED)
        row.reason = words
        row.save()
        audit(actor, "campaigns.send_back_recall", row, state=row.state, before=before, reason=words)
    return row


def cancel_recall(*, actor: Actor, recall_id: int, reason: str) -> Recall:
    """Call a recall off before anybody is invited, with a reason: locks, checks the right and the move, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not keep recalls there.
    :raises Conflict: it runs already, or is over.
    :raises Invalid: no reason.
    """
    words = words_of(reason, "reason", _("Say why."), most=SHORT)
    with db.atomic():
        row, before = _moved(actor, recall_id, Verb.MANAGE_RECALLS, State.CANCELLED)
        row.reason = words
        row.save()
        audit(actor, "campaigns.cancel_recall", row, state=row.state, before=before, reason=words)
    return row


def open_recall(*, actor: Actor, recall_id: int, at: datetime.datetime) -> Recall:
    """Open an approved recall: locks, checks the right and the move, writes, audits, stores the job that invites the
    owners. One that runs already is returned as it is.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not keep recalls there.
    :raises Conflict: it is not approved.
    """
    with db.atomic():
        row = locked(actor, recall_id, Verb.MANAGE_RECALLS)
        if row.state == State.RUNNING:
            return row
        row, before = _moved(actor, recall_id, Verb.MANAGE_RECALLS, State.RUNNING)
        row.opened_at = at
        row.save()
        audit(actor, "campaigns.open_recall", row, state=row.state, before=before)
        jobs.enqueue("campaigns.invite", queueing_lock="campaigns.invite")
    return row


def close_recall(*, actor: Actor, recall_id: int, at: datetime.datetime) -> Recall:
    """Close a running recall: nobody is invited any more. Locks, checks the right and the move, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not keep recalls there.
    :raises Conflict: it does not run.
    """
    with db.atomic():
        row, before = _moved(actor, recall_id, Verb.MANAGE_RECALLS, State.ENDED)
        row.closed_at = at
        row.save()
        audit(actor, "campaigns.close_recall", row, state=row.state, before=before)
    return row


def approve_cars(*, actor: Actor, recall_id: int) -> int:
    """Approve the cars that came onto the list of a running recall: locks, checks the right and that somebody else put
    them there, writes, audits, stores the job that invites their owners. Return how many.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not approve campaigns there.
    :raises Conflict: it does not run, no car waits, or the actor put one of them there himself.
    """
    with db.atomic():
        row = locked(actor, recall_id, Verb.APPROVE)
        waiting = RecallCar.objects.filter(recall=row, is_approved=False)
        if row.state != State.RUNNING or not waiting.exists():
            raise Conflict(_("No car waits for approval."))
        if actor.user_id is not None and waiting.filter(added_by_id=actor.user_id).exists():
            raise Conflict(_("A second person approves the cars that you put on the list."))
        many = waiting.update(is_approved=True)
        audit(actor, "campaigns.approve_cars", row, cars=many)
        jobs.enqueue("campaigns.invite", queueing_lock="campaigns.invite")
    return many


def take_cars_off(*, actor: Actor, recall_id: int, reason: str) -> int:
    """Take the cars off the list of a running recall that were not approved, with a reason: locks, checks the right,
    deletes, audits. Return how many.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not approve campaigns there.
    :raises Conflict: no car waits.
    :raises Invalid: no reason.
    """
    words = words_of(reason, "reason", _("Say why."), most=SHORT)
    with db.atomic():
        row = locked(actor, recall_id, Verb.APPROVE)
        many, _by_model = RecallCar.objects.filter(recall=row, is_approved=False).delete()
        if not many:
            raise Conflict(_("No car waits for approval."))
        audit(actor, "campaigns.take_cars_off", row, cars=many, reason=words)
    return many


def _moved(actor: Actor, recall_id: int, verb: Verb, state: State) -> tuple[Recall, str]:
    """Lock a visible recall, check the right at its place and the move; return it in its new state, unsaved, and the
    state before.
    """
    row = locked(actor, recall_id, verb)
    if not policy.may_move(row.state, state):
        raise Conflict(_("This cannot follow: it stands at “%(state)s”.") % {"state": row.get_state_display()})
    before, row.state = row.state, state
    return row, before
