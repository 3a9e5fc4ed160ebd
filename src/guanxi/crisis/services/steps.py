"""What every step of a crisis does: the lock and the move, the line of the log, the tasks, the line on the trail."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.crisis import policy
from guanxi.crisis.models import Crisis, Entry
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import rooms
from guanxi.crisis.queries.rooms import SUBJECT
from guanxi.crisis.states import RUNNING, Act, Result
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Conflict, Text
from guanxi.worklist.services import working

LONGEST = 2000


def locked(actor: Actor, crisis_id: int, verb: Verb = Verb.HANDLE) -> Crisis:
    """Lock a visible crisis for somebody who holds a right at its place.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor lacks the right there.
    """
    row = db.lock(rooms.visible_to(actor), crisis_id)
    check(actor, verb, row.place_id)
    return row


def stands(row: Crisis) -> Text:
    """Say that something cannot follow, and where a crisis stands."""
    return _("This cannot follow: it stands at “%(state)s”.") % {"state": row.get_state_display()}


def move(row: Crisis, state: str) -> None:
    """Put a crisis into another state, unsaved.

    :raises Conflict: it cannot go there from where it stands.
    """
    if not policy.may_move(row.state, state):
        raise Conflict(stands(row))
    row.state = state


def need_running(row: Crisis) -> None:
    """Refuse unless a crisis runs.

    :raises Conflict: it is closed.
    """
    if row.state not in RUNNING:
        raise Conflict(stands(row))


def say(actor: Actor, row: Crisis, act: Act, words: str, at: datetime.datetime) -> Entry:
    """Note in the log what was heard, decided or done."""
    return Entry.objects.create(
        crisis=row, at=at, person_id=actor.user_id, person_name=actor.name[:160], act=act, words=words[:LONGEST]
    )


def end_lead(row: Crisis, result: Result, at: datetime.datetime) -> None:
    """End the task of whoever is in charge, whosever it is, if it lives."""
    db.widen(row.place_id)
    working.settle(actor=SYSTEM, key=row.lead_key, outcome=result, at=at)


def let_in(row: Crisis, *person_ids: int | None) -> None:
    """Let further people into a room that is closed to named people, unsaved."""
    if row.admitted is not None:
        row.admitted = sorted({*row.admitted, *(pk for pk in person_ids if pk)})


def plain(row: Crisis) -> dict[str, Any]:
    """Return what the trail keeps of how a crisis stands."""
    return {
        "state": row.state, "title": row.title, "types": list(row.types), "risk": row.risk,
        "amount": None if row.amount is None else str(row.amount), "currency": row.currency, "owner": row.owner_id,
        "spokesperson": row.spokesperson, "authority": row.authority, "model": row.model_id, "matter": row.matter_id,
        "conclusion": row.conclusion, "admitted": row.admitted,
    }  # fmt: skip


def line(row: Crisis, before: dict[str, Any], said: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the trail keeps of a step, but for who took it and which it was."""
    return {
        "subject_type": SUBJECT, "subject_id": row.pk, "subject_label": row.number, "node_id": row.place_id,
        "before": before, "after": plain(row) | (said or {}),
    }  # fmt: skip
