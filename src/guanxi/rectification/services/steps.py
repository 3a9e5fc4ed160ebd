"""What every step of a notice does: the lock and the move, the tasks, the line on the trail."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.rectification import policy, queries
from guanxi.rectification.models import Department, Notice
from guanxi.rectification.permissions import Verb
from guanxi.rectification.states import Ending, State
from guanxi.worklist.services import adding, working
from guanxi.worklist.services.deadlines import Term

SUBJECT = "rectification.notice"
ANSWER, VERIFY, DECIDE = "rectification.answer", "rectification.verify", "rectification.decide"
LONGEST, SHORT = 2000, 400
REASONS = {
    ANSWER: gettext_noop("To be put right: %(what)s"),
    VERIFY: gettext_noop("Ask the customer whether it was put right: %(what)s"),
    DECIDE: gettext_noop("The department refuses the notice: %(what)s"),
}


def reason_of(text: str) -> str:
    """Return a reason in one line.

    :raises Invalid: there is none.
    """
    words = " ".join(text.split())[:SHORT]
    if not words:
        raise Invalid(_("Say why."), field="reason")
    return words


def moved(actor: Actor, notice_id: int, verb: Verb, state: State) -> tuple[Notice, dict[str, Any]]:
    """Lock a visible notice, check the right on its side and the move, and return it in its new state, unsaved."""
    row = db.lock(queries.visible_to(actor).select_related("problem", "department__role"), notice_id)
    check(actor, verb, row.outlet_id if verb == Verb.ANSWER else row.place_id)
    if not policy.may_move(row.state, state):
        raise Conflict(_("This cannot follow: the notice stands at “%(state)s”.") % {"state": row.get_state_display()})
    before = plain(row)
    row.state = state
    return row, before


def ask(
    actor: Actor, row: Notice, kind: str, node_id: int, term: Term, at: datetime.datetime
) -> datetime.datetime:  # fmt: skip
    """Write the task of a step, as the system: who issues a notice need not share out work at the outlet, and the
    outlet hands it back to a call centre that it does not see. What a person issued comes back to him. Return when it
    is due.
    """
    owner = row.issued_by_id if kind != ANSWER else None
    role = row.department.role_id if kind == ANSWER else row.department.verifier_id
    task = adding.NewTask(
        kind=kind, key=row.key(kind), node_id=node_id, reason=REASONS[kind], due=term, owner_id=owner,
        role=role if owner is None else None, subject_type=SUBJECT, subject_id=row.pk,
        subject_label=row.number,
        values={
            "what": row.problem.name_zh, "what_en": row.problem.name_en, "words": row.words, "words_en": row.words,
            "who": actor.name,
        },
        priority=2,
    )  # fmt: skip
    db.widen(node_id)
    return adding.add_task(actor=SYSTEM, task=task, at=at).due_at


def end(row: Notice, kind: str, ending: Ending, at: datetime.datetime) -> None:
    """End the task of a step, whosever it is."""
    working.settle(actor=SYSTEM, key=row.key(kind), outcome=ending, at=at)


def plain(row: Notice) -> dict[str, Any]:
    """Return what the trail keeps of how a notice stands."""
    return {
        "state": row.state, "department": row.department_id, "rounds": row.rounds, "reason": row.reason,
        "due_at": row.due_at.isoformat(),
    }  # fmt: skip


def line(row: Notice, before: dict[str, Any], said: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the trail keeps of a step, but for who took it and which it was."""
    return {
        "subject_type": SUBJECT, "subject_id": row.pk, "subject_label": row.number, "node_id": row.outlet_id,
        "before": before, "after": plain(row) | (said or {}),
    }  # fmt: skip


def department_of(code: str) -> Department:
    """Return a department in use.

    :raises Invalid: there is none.
    """
    found = Department.objects.select_related("role").filter(pk=code, is_active=True).first()
    if found is None:
        raise Invalid(_("Choose one of the values offered."), field="department")
    return found
