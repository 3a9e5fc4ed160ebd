"""Deciding about proposals of lectures, and about those on their lists."""

import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.care.models import Member, Proposal
from guanxi.care.permissions import Verb
from guanxi.care.policy import gatherings as policy
from guanxi.care.queries import candidates
from guanxi.care.queries import gatherings as queries
from guanxi.care.services.gathering import LOCK
from guanxi.care.states.gatherings import ByHand, State
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.records import services as records
from guanxi.worklist.services import working

LONGEST, LONGEST_NOTE = 400, 200


def accept_proposal(
    *, actor: Actor, proposal_id: int, planned_on: datetime.date, at: datetime.datetime
) -> Proposal:  # fmt: skip
    """Take a proposal on for a day: locks, checks, writes, finishes its task, audits. From then on those who are
    invited no longer count for the kind; the list may change until the day is over.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not decide about lectures there.
    :raises Conflict: it is decided already, or nobody would be invited.
    :raises Invalid: a day that is past, or more than half a year ahead.
    """
    today = clock.day_of(at)
    with db.atomic():
        row = _open(actor, proposal_id)
        if not policy.may_be_planned(planned_on, today):
            raise Invalid(_("Choose a day from today on, within half a year."), field="planned_on")
        if not queries.standing(row).invited:
            raise Conflict(_("Nobody on this list would be invited."))
        row.state, row.planned_on = State.ACCEPTED, planned_on
        _decide(actor, row, "care.accept_proposal", planned_on.isoformat(), at)
    return row


def decline_proposal(*, actor: Actor, proposal_id: int, reason: str, at: datetime.datetime) -> Proposal:
    """Decline a proposal with a reason: locks, checks, writes, finishes its task, audits. The kind comes back after
    its pause.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not decide about lectures there.
    :raises Conflict: it is decided already.
    :raises Invalid: no reason.
    """
    words = " ".join(reason.split())[:LONGEST]
    with db.atomic():
        row = _open(actor, proposal_id)
        if not words:
            raise Invalid(_("Say why it is declined."), field="reason")
        row.state, row.reason = State.DECLINED, words
        _decide(actor, row, "care.decline_proposal", words, at)
    return row


def _open(actor: Actor, proposal_id: int) -> Proposal:
    """Lock a visible proposal about which the actor may decide and nobody has; the night waits meanwhile."""
    check(actor, Verb.DECIDE_GATHERINGS, queries.proposal(actor, proposal_id).outlet_id)
    db.serialise(LOCK)
    row = db.lock(queries.visible_to(actor), proposal_id)
    if row.state != State.OPEN:
        words = {"state": row.get_state_display(), "day": row.decided_on}
        raise Conflict(_("This is decided already: %(state)s on %(day)s.") % words)
    return row


def _decide(actor: Actor, row: Proposal, verb: str, words: str, at: datetime.datetime) -> None:
    row.decided_on, row.decided_by = clock.day_of(at), actor.name[:160]
    row.save()
    working.settle(actor=actor, key=row.task_key, outcome=row.state, note=words, at=at)
    after = {"state": row.state, "planned_on": row.planned_on, "reason": row.reason}
    records.audit(
        actor=actor, verb=verb, subject_type="care.proposal", subject_id=row.pk, subject_label=row.gathering.name_zh,
        node_id=row.outlet_id, before={"state": State.OPEN, "planned_on": None, "reason": ""}, after=after,
    )  # fmt: skip


def exclude_member(
    *, actor: Actor, member_id: int, reason: str, note: str = "", at: datetime.datetime
) -> Member:  # fmt: skip
    """Take somebody off the list by hand: locks, checks, writes, audits. A complaint keeps him off later lists of the
    outlet too.

    :raises NotFound: he is on no list that this actor sees.
    :raises NotAllowed: the actor may not decide about lectures there.
    :raises Conflict: the list may no longer change, or he is off it already.
    :raises Invalid: no known reason, or another one without words.
    """
    words = " ".join(note.split())[:LONGEST_NOTE]
    with db.atomic():
        row = _living(actor, member_id, at)
        if reason not in ByHand.values:
            raise Invalid(_("Choose a reason."), field="reason")
        if reason == ByHand.ANOTHER and not words:
            raise Invalid(_("Say the reason in words."), field="note")
        if row.hand:
            raise Conflict(_("This person has been taken off the list already."))
        before = _plain(row)
        row.hand, row.hand_note, row.hand_by, row.insisted = reason, words, actor.name[:160], False
        _keep(actor, "care.exclude_member", row, before)
    return row


def include_member(*, actor: Actor, member_id: int, at: datetime.datetime) -> Member:
    """Put somebody back on the list: takes back what was said by hand, or invites him in spite of what is only advice.
    Locks, checks, looks anew at what keeps him away, writes, audits.

    :raises NotFound: he is on no list that this actor sees.
    :raises NotAllowed: the actor may not decide about lectures there.
    :raises Conflict: the list may no longer change, he is invited already, or what keeps him away is no advice.
    """
    with db.atomic():
        row = _living(actor, member_id, at)
        if row.is_invited:
            raise Conflict(_("This person is invited already."))
        if not row.hand and not policy.may_insist(row.excluded):
            raise Conflict(_("Nobody can decide otherwise here: %(reason)s.") % {"reason": row.why})
        before = _plain(row)
        row.insisted = not row.hand
        row.hand = row.hand_note = row.hand_by = ""
        row.save()
        if not row.excluded or policy.may_insist(row.excluded):
            row.excluded = _found_now(row, clock.day_of(at))
        _keep(actor, "care.include_member", row, before)
    return row


def _living(actor: Actor, member_id: int, at: datetime.datetime) -> Member:
    """Lock somebody on a visible list that may still change, for an actor who may decide about it."""
    found = queries.member(actor, member_id)
    check(actor, Verb.DECIDE_GATHERINGS, found.proposal.outlet_id)
    db.serialise(LOCK)
    held = db.lock(queries.visible_to(actor), found.proposal_id)
    if not policy.is_living(held.state, held.planned_on, clock.day_of(at)):
        raise Conflict(_("This list no longer changes: the lecture was declined, or its day is over."))
    return queries.member(actor, member_id)


def _found_now(row: Member, today: datetime.date) -> str:
    """Ask again what keeps him away, as the night does."""
    found = candidates.listed(row.proposal.gathering, today, row.pk).rows()
    return next((str(item["reason"]) for item in found), row.excluded)


def _plain(row: Member) -> dict[str, object]:
    return {"excluded": row.excluded, "insisted": row.insisted, "hand": row.hand, "hand_note": row.hand_note}


def _keep(actor: Actor, verb: str, row: Member, before: dict[str, object]) -> None:
    row.save()
    records.audit(
        actor=actor, verb=verb, subject_type="care.member", subject_id=row.pk,
        subject_label=row.proposal.gathering.name_zh, node_id=row.proposal.outlet_id, before=before, after=_plain(row),
    )  # fmt: skip
