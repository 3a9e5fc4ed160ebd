"""What every step of a correction order does: the lock and the move, the tasks, the line on the trail."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Conflict
from guanxi.verification import policy
from guanxi.verification.models import Order
from guanxi.verification.permissions import Verb
from guanxi.verification.queries import orders
from guanxi.verification.states import Ending, State
from guanxi.worklist.services import adding, working
from guanxi.worklist.services.deadlines import Term

SUBJECT = "verification.order"
CORRECT, VERIFY, DECIDE = "verification.correct", "verification.verify", "verification.decide"
SHORT = 400
REASONS = {
    CORRECT: gettext_noop("The record of a customer is to be corrected: %(what)s"),
    VERIFY: gettext_noop("Ask the customer whether his record is right now: %(what)s"),
    DECIDE: gettext_noop("The outlet says that the record is right: %(what)s"),
}


def moved(actor: Actor, order_id: int, verb: Verb, state: State) -> tuple[Order, dict[str, Any]]:
    """Lock a visible order, check the right on its side and the move, and return it in its new state, unsaved."""
    row = db.lock(orders.visible_to(actor).select_related("occasion", "customer"), order_id)
    check(actor, verb, row.outlet_id if verb == Verb.ANSWER else row.place_id)
    if not policy.may_move(row.state, state):
        raise Conflict(_("This cannot follow: the order stands at “%(state)s”.") % {"state": row.get_state_display()})
    before = plain(row)
    row.state = state
    return row, before


def ask(actor: Actor, row: Order, kind: str, at: datetime.datetime) -> datetime.datetime:
    """Write the task of a step, as the system: the call centre shares out no work at the outlet, and the outlet does
    not see the call centre. What a person issued comes back to him. Return when it is due.
    """
    to_outlet = kind == CORRECT
    node_id = row.outlet_id if to_outlet else row.place_id
    owner = None if to_outlet else row.issued_by_id
    task = adding.NewTask(
        kind=kind, key=row.key(kind), node_id=node_id, reason=REASONS[kind],
        due=Term(days=row.days if to_outlet else row.occasion.verify_days), owner_id=owner,
        role=None if owner else (row.role_id if to_outlet else row.occasion.verifier_id), subject_type=SUBJECT,
        subject_id=row.pk, subject_label=row.number,
        values={
            "what": row.words[:80], "what_en": row.words[:80], "words": row.words, "words_en": row.words,
            "who": actor.name,
        },
        priority=2,
    )  # fmt: skip
    db.widen(node_id)
    return adding.add_task(actor=SYSTEM, task=task, at=at).due_at


def end(row: Order, kind: str, ending: Ending, at: datetime.datetime) -> None:
    """End the task of a step, whosever it is."""
    working.settle(actor=SYSTEM, key=row.key(kind), outcome=ending, at=at)


def plain(row: Order) -> dict[str, Any]:
    """Return what the trail keeps of how an order stands."""
    return {"state": row.state, "rounds": row.rounds, "reason": row.reason, "due_at": row.due_at.isoformat()}


def line(row: Order, before: dict[str, Any], said: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the trail keeps of a step, but for who took it and which it was."""
    return {
        "subject_type": SUBJECT, "subject_id": row.pk, "subject_label": row.number, "node_id": row.outlet_id,
        "before": before, "after": plain(row) | (said or {}),
    }  # fmt: skip
