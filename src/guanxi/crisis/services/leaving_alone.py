"""Leaving those whom a crisis is about alone: no offers, care or surveys while it runs, unless it allows them."""

import datetime

from guanxi.crisis.events import ConcernedChanged
from guanxi.crisis.models import Crisis
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import concerned
from guanxi.crisis.services import steps
from guanxi.crisis.states import RUNNING, Act
from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import Conflict, words_of
from guanxi.privacy.services import holding
from guanxi.records import services as records


def settle(*, actor: Actor, crisis_id: int, at: datetime.datetime) -> tuple[int, int]:
    """Leave exactly those alone whom a crisis is about as it stands: locks, checks the right, holds and lets go by set;
    privacy audits. Return how many were held and let go.

    :raises NotFound: there is none.
    :raises NotAllowed: the actor does not work for the whole network.
    """
    check_everywhere(actor, Verb.HANDLE)
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        is_held = row.state in RUNNING and not row.may_contact
        ids = concerned.customer_ids(row) if is_held else []
        return holding.hold_exactly(actor=actor, source=row.source, customer_ids=ids, at=at)


def follow_merge(
    *, actor: Actor, kept_id: int, gone_id: int, is_undone: bool = False, at: datetime.datetime
) -> int:  # fmt: skip
    """Follow two records of customers that became one, or one that became two again: checks the right, lets the care
    lists follow, also those that whoever merged does not see, leaves exactly those alone whom each crisis is about,
    audits. Return how many lines of care lists moved.

    :raises NotAllowed: the actor does not work for the whole network.
    """
    check_everywhere(actor, Verb.HANDLE)
    source, target = (kept_id, gone_id) if is_undone else (gone_id, kept_id)
    with db.atomic():
        moved = concerned.follow(source, target, is_undone=is_undone)
        ids = concerned.crises_of((kept_id, gone_id))
        for crisis_id in ids:
            settle(actor=actor, crisis_id=crisis_id, at=at)
        if moved:
            records.audit(
                actor=actor, verb="crisis.follow_merge", subject_type="customer", subject_id=target,
                after={"moved": moved},
            )  # fmt: skip
    return moved


def allow_contact(
    *, actor: Actor, crisis_id: int, is_allowed: bool, reason: str, at: datetime.datetime
) -> Crisis:  # fmt: skip
    """Let offers and care go on for those whom a crisis is about, or stop them again, with a reason: locks, checks,
    writes, notes it, audits, publishes ConcernedChanged.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor does not handle crises there.
    :raises Conflict: it is closed, or it is so already.
    :raises Invalid: no reason.
    """
    said = words_of(reason, "reason")
    with db.atomic():
        row = steps.locked(actor, crisis_id)
        steps.need_running(row)
        if row.may_contact == is_allowed:
            raise Conflict
        row.may_contact = is_allowed
        row.save(update_fields=["may_contact"])
        steps.say(actor, row, Act.CONTACT, said, at)
        told = {"may_contact": is_allowed, "reason": said}
        records.audit(actor=actor, verb="crisis.allow_contact", **steps.line(row, {}, told))
        events.publish(ConcernedChanged(row.pk))
    return row
