"""What every step of a complaint does: the lock and the move, the tasks, what was said, the line on the trail."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.complaints import policy
from guanxi.complaints.models import Complaint, Deed, Round
from guanxi.complaints.queries import cases
from guanxi.complaints.queries.cases import SUBJECT
from guanxi.complaints.states import Act, Kind, Level, Result
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Actor
from guanxi.foundation.errors import Conflict
from guanxi.worklist.services import adding, working
from guanxi.worklist.services.deadlines import Asked, Term, reckon

CONTACT, SOLVE, REVISIT = "complaints.contact", "complaints.solve", "complaints.revisit"
ANSWER = "complaints.answer"  # what the task of a solution says when nobody complained
LONGEST = 2000
REASONS = {
    CONTACT: gettext_noop("Call the customer: %(what)s"),
    SOLVE: gettext_noop("To be resolved: %(what)s"),
    ANSWER: gettext_noop("To be answered: %(what)s"),
    REVISIT: gettext_noop("Ask the customer whether he is satisfied: %(what)s"),
}


@dataclass(frozen=True)
class Whose:
    """Whose a task is: a person's, or a role's."""

    person_id: int | None = None
    role: str | None = None


def locked(actor: Actor, complaint_id: int) -> Complaint:
    """Lock a visible complaint and return it with its process and category.

    :raises NotFound: there is none, or not for this actor.
    """
    return db.lock(cases.visible_to(actor).select_related("process", "category"), complaint_id)


def move(row: Complaint, state: str) -> None:
    """Put a complaint into another state, unsaved.

    :raises Conflict: it cannot go there from where it stands.
    """
    if not policy.may_move(row.state, state):
        raise Conflict(_("This cannot follow: it stands at “%(state)s”.") % {"state": row.get_state_display()})
    row.state = state


def need(row: Complaint, *states: str) -> None:
    """Refuse unless a complaint stands at one of some states.

    :raises Conflict: it stands elsewhere.
    """
    if row.state not in states:
        raise Conflict(_("This cannot follow: it stands at “%(state)s”.") % {"state": row.get_state_display()})


def this_round(row: Complaint) -> Round:
    """Return the round that a complaint is in."""
    return Round.objects.get(complaint=row, number=row.rounds)


def term(text: str) -> Term:
    """Return a term as the worklist reckons it."""
    found = policy.length(text)
    return Term(found.minutes, found.days)


def due(row_outlet_id: int, kind: str, text: str, at: datetime.datetime) -> datetime.datetime:
    """Reckon when a term of an outlet ends."""
    found = term(text)
    asked = Asked(kind, row_outlet_id, at, None if found.days is not None else found.minutes, found.days, None)
    return reckon([asked], at)[asked].due_at


def owner_of(row: Complaint) -> Whose:
    """Return whose the work on a complaint is: the responsible person's, or that of the first role of its angle."""
    return Whose(row.owner_id, None if row.owner_id else row.process.handlers[row.angle][0])


def solve_due(row: Complaint, at: datetime.datetime) -> datetime.datetime:
    """Reckon when a solution is due: by the process, or by the day that an outside desk named, if that comes first."""
    return policy.sooner(due(row.outlet_id, SOLVE, row.process.solution, at), _over(row), at)


def _over(row: Complaint) -> datetime.datetime | None:
    """Return when the day that an outside desk named is over, if one did."""
    return clock.start_of(row.answer_by + datetime.timedelta(days=1)) if row.answer_by else None


def ask_solution(row: Complaint, at: datetime.datetime) -> datetime.datetime:
    """Write the task of a solution; return when it is due."""
    over = _over(row)
    until = over if over is not None and solve_due(row, at) == over else None
    return ask(row, SOLVE, row.process.solution, owner_of(row), at, until)


def ask(
    row: Complaint, kind: str, text: str, whose: Whose, at: datetime.datetime, until: datetime.datetime | None = None
) -> datetime.datetime:  # fmt: skip
    """Write the task of a step, as the system: who takes a complaint in need not share out work at the outlet. Due at
    the end of its term, or at a moment. Return when it is due.
    """
    values = {
        "what": row.category.name_zh if row.category else row.words[:40],
        "what_en": row.category.name_en if row.category else row.words[:40], "words": row.words,
    }  # fmt: skip
    reason = REASONS[ANSWER if kind == SOLVE and row.kind != Kind.COMPLAINT else kind]
    task = adding.NewTask(
        kind=kind, key=row.key(kind), node_id=row.outlet_id, reason=reason, due=until or term(text),
        owner_id=whose.person_id, role=whose.role, subject_type=SUBJECT, subject_id=row.pk, subject_label=row.number,
        values=values, priority=2 if row.level == Level.NORMAL else 1,
    )  # fmt: skip
    db.widen(row.outlet_id)
    return adding.add_task(actor=SYSTEM, task=task, at=at).due_at


def end(row: Complaint, kind: str, result: Result, at: datetime.datetime) -> None:
    """End the task of a step, whosever it is, if it lives."""
    db.widen(row.outlet_id)
    working.settle(actor=SYSTEM, key=row.key(kind), outcome=result, at=at)


def say(actor: Actor, row: Complaint, act: Act, words: str, at: datetime.datetime) -> Deed:
    """Note what was said or done."""
    return Deed.objects.create(
        complaint=row, at=at, person_id=actor.user_id, person_name=actor.name[:160], act=act, words=words[:LONGEST]
    )


def plain(row: Complaint) -> dict[str, Any]:
    """Return what the trail keeps of how a complaint stands."""
    return {
        "state": row.state, "kind": row.kind, "level": row.level, "owner": row.owner_id, "rounds": row.rounds,
        "due_at": row.due_at.isoformat() if row.due_at else None, "is_valid": row.is_valid,
        "is_inside": row.is_inside, "ending": row.ending,
    }  # fmt: skip


def line(row: Complaint, before: dict[str, Any], said: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the trail keeps of a step, but for who took it and which it was."""
    return {
        "subject_type": SUBJECT, "subject_id": row.pk, "subject_label": row.number, "node_id": row.outlet_id,
        "before": before, "after": plain(row) | (said or {}),
    }  # fmt: skip
