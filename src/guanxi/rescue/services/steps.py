"""What every step of a rescue does: the lock and the move, the tasks, the line on the trail."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.rescue import policy
from guanxi.rescue.models import Dispatch, Rescue
from guanxi.rescue.permissions import Verb
from guanxi.rescue.queries import rescues
from guanxi.rescue.states import RUNS, Ending, State
from guanxi.worklist.services import adding, working
from guanxi.worklist.services.deadlines import Term

SUBJECT = "rescue.rescue"
SEND, ANSWER, CHASE = "rescue.send", "rescue.answer", "rescue.chase"
RECEIVE, CALL_BACK = "rescue.receive", "rescue.call_back"
LONGEST, SHORT, NAME = 2000, 400, 160
REASONS = {
    SEND: gettext_noop("Somebody waits for help: %(what)s, %(where)s"),
    ANSWER: gettext_noop("Can you help? %(what)s, %(where)s"),
    CHASE: gettext_noop("Help is late: %(what)s, %(where)s"),
    RECEIVE: gettext_noop("A towed car arrives: %(plate)s"),
    CALL_BACK: gettext_noop("Ask how the rescue was: %(what)s"),
}
URGENT = 1


def reason_of(text: str) -> str:
    """Return a reason in one line.

    :raises Invalid: there is none.
    """
    words = " ".join(text.split())[:SHORT]
    if not words:
        raise Invalid(_("Say why."), field="reason")
    return words


def moved(actor: Actor, rescue_id: int, verb: Verb, state: State) -> tuple[Rescue, dict[str, Any]]:
    """Lock a visible rescue, check the right on its side and the move, and return it in its new state, unsaved."""
    row = db.lock(rescues.visible_to(actor).select_related("help", "provider"), rescue_id)
    check(actor, verb, row.provider_id if verb == Verb.ANSWER else row.place_id)
    if not policy.may_move(row.state, state):
        raise Conflict(_("This cannot follow: the rescue stands at “%(state)s”.") % {"state": row.get_state_display()})
    before = plain(row)
    row.state = state
    return row, before


def running(row: Rescue) -> Dispatch:
    """Return the sending of a rescue that runs, locked.

    :raises Conflict: none does.
    """
    found = row.dispatches.select_for_update().filter(state__in=RUNS).first()
    if found is None:
        raise Conflict(_("Nobody is on the way."))
    return found


def ask(
    row: Rescue, kind: str, node_id: int, role: str, due: datetime.datetime | Term, at: datetime.datetime,
    owner_id: int | None = None,
) -> datetime.datetime:  # fmt: skip
    """Write the task of a step as the system: who takes a call shares out no work elsewhere. Return when it is due."""
    task = adding.NewTask(
        kind=kind, key=row.key(kind), node_id=node_id, reason=REASONS[kind], due=due, owner_id=owner_id,
        role=None if owner_id else role, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.number,
        values={
            "what": row.help.name_zh, "what_en": row.help.name_en, "where": row.where, "where_en": row.where,
            "plate": row.plate or "–", "plate_en": row.plate or "–",
        },
        priority=URGENT,
    )  # fmt: skip
    db.widen(node_id)
    return adding.add_task(actor=SYSTEM, task=task, at=at).due_at


def end(row: Rescue, kind: str, ending: Ending, at: datetime.datetime) -> None:
    """End the task of a step, whosever it is and wherever it lies."""
    db.widen(row.place_id)
    working.settle(actor=SYSTEM, key=row.key(kind), outcome=ending, at=at)


def to_be_sent(row: Rescue, at: datetime.datetime) -> None:
    """Let a rescue wait for somebody to be sent, who took it or a colleague: unsaved."""
    terms = rescues.terms_on(clock.day_of(at))
    row.provider, row.eta_at = None, None
    row.due_at = at + datetime.timedelta(minutes=terms.dispatch_minutes)
    ask(row, SEND, row.place_id, terms.dispatcher_id, row.due_at, at)


def plain(row: Rescue) -> dict[str, Any]:
    """Return what the trail keeps of how a rescue stands."""
    return {
        "state": row.state, "provider": row.provider_id, "due_at": row.due_at.isoformat(), "reason": row.reason,
        "eta_at": row.eta_at.isoformat() if row.eta_at else None,
    }  # fmt: skip


def line(row: Rescue, before: dict[str, Any], said: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the trail keeps of a step, but for who took it and which it was."""
    return {
        "subject_type": SUBJECT, "subject_id": row.pk, "subject_label": row.number, "node_id": row.place_id,
        "before": before, "after": plain(row) | (said or {}),
    }  # fmt: skip
