"""Submitting a campaign, and what a second person decides about it."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import checks, counting, repeats
from guanxi.campaigns.services.planning import SUBJECT
from guanxi.campaigns.states import State
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Conflict, Invalid, words_of
from guanxi.records import services as records
from guanxi.worklist.services import working

SHORT = 400


def submit(*, actor: Actor, campaign_id: int, at: datetime.datetime) -> Campaign:
    """Submit a campaign for approval: locks, checks the right, the move and that it can be carried out, counts exactly
    whom it would address, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not plan campaigns there.
    :raises Conflict: it cannot be submitted as it stands.
    :raises Invalid: something in it cannot be any more, such as the day of a wave.
    """
    with db.atomic():
        row, before = moved(actor, campaign_id, Verb.PLAN, State.SUBMITTED)
        _refuse_unfit(row, at)
        row.submitted_at, row.submitted_by_id, row.submitted_by = at, actor.user_id, actor.name[:160]
        row.approved_by_id = None
        found = counting.count(actor, row, at, is_exact=True)
        row.planned = {name: getattr(found, name) for name in ("audience", "open", "control", "addressed")}
        row.save()
        _looked_at(row, at)
        audit(actor, Verb.PLAN, row, before, planned=row.planned)
    return row


def approve(*, actor: Actor, campaign_id: int, at: datetime.datetime) -> Campaign:
    """Approve a campaign that somebody else submitted: locks, checks the right, the move and that it can still be
    carried out, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not approve campaigns there.
    :raises Conflict: it was not submitted, or by the actor himself.
    :raises Invalid: something in it cannot be any more.
    """
    with db.atomic():
        row, before = moved(actor, campaign_id, Verb.APPROVE, State.APPROVED)
        if not policy.may_approve(row.submitted_by_id, actor.user_id):
            raise Conflict(_("A second person approves what you submitted."))
        _refuse_unfit(row, at)
        row.approved_at, row.approved_by_id, row.approved_by = at, actor.user_id, actor.name[:160]
        row.save()
        audit(actor, Verb.APPROVE, row, before)
    return row


def send_back(*, actor: Actor, campaign_id: int, reason: str) -> Campaign:
    """Send a campaign back to whoever planned it, with a reason: locks, checks the right and the move, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not approve campaigns there.
    :raises Conflict: it was not submitted.
    :raises Invalid: no reason.
    """
    return _with_reason(actor, campaign_id, Verb.APPROVE, State.RETURNED, reason)


def cancel(*, actor: Actor, campaign_id: int, reason: str, at: datetime.datetime) -> Campaign:
    """Call a campaign off before it starts, with a reason: locks, checks the right and the move, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not plan campaigns there.
    :raises Conflict: it has started, or is over.
    :raises Invalid: no reason.
    """
    with db.atomic():
        row = _with_reason(actor, campaign_id, Verb.PLAN, State.CANCELLED, reason)
        _looked_at(row, at)
    return row


def _looked_at(row: Campaign, at: datetime.datetime) -> None:
    """End the task to look at a campaign that came again by itself."""
    if row.previous_id is not None:
        working.settle(actor=SYSTEM, key=repeats.key_of(row.previous_id), outcome="DONE", at=at)


def _with_reason(actor: Actor, campaign_id: int, verb: Verb, state: State, reason: str) -> Campaign:
    words = words_of(reason, "reason", _("Say why."), most=SHORT)
    with db.atomic():
        row, before = moved(actor, campaign_id, verb, state)
        row.reason = words
        if state == State.CANCELLED:
            row.offer_code = ""  # free for another campaign
        row.save()
        audit(actor, "campaigns.send_back" if state == State.RETURNED else "campaigns.cancel", row, before)
    return row


def moved(actor: Actor, campaign_id: int, verb: Verb, state: State) -> tuple[Campaign, str]:
    """Lock a visible campaign, check the right at its place and the move; return it in its new state, unsaved, and the
    state before.
    """
    row = db.lock(queries.visible_to(actor), campaign_id)
    check(actor, verb, row.node_id)
    if not policy.may_move(row.state, state):
        raise Conflict(_("This cannot follow: it stands at “%(state)s”.") % {"state": row.get_state_display()})
    before, row.state = row.state, state
    return row, before


def audit(actor: Actor, verb: str, row: Campaign, before: str, **more: object) -> None:
    """Write the line of a step."""
    records.audit(
        actor=actor, verb=verb, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.name, node_id=row.node_id,
        before={"state": before}, after={"state": row.state, "reason": row.reason} | more,
    )  # fmt: skip


def _refuse_unfit(row: Campaign, at: datetime.datetime) -> None:
    wrong = checks.unfit(row, queries.planned(queries.waves(row)), clock.day_of(at))
    if wrong is not None:
        raise Invalid(wrong.message, field=wrong.field)
