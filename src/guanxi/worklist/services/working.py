"""Working on one's tasks: take, give back, try, postpone, finish, skip."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.records import services as records
from guanxi.worklist import states
from guanxi.worklist.events import TaskEnded, TaskPostponed
from guanxi.worklist.models import Attempt, Task
from guanxi.worklist.permissions import Verb
from guanxi.worklist.policy import ladders, tasks
from guanxi.worklist.queries import calendars
from guanxi.worklist.queries.tasks import visible_to
from guanxi.worklist.services.adding import NewTask, add_task
from guanxi.worklist.states import LIVE, MANUAL, Outcome, State

LONGEST = 2000
FOLLOWS = gettext_noop("Next step of a finished task")
MOST_AHEAD = datetime.timedelta(days=60)
KEPT = datetime.timedelta(days=1)  # nothing expires before its next try


def locked(actor: Actor, task_id: int, *, to: str | None = None) -> Task:
    """Lock a visible task that the actor may work on: his own, one that waits for his role, or one of his team.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: it is somebody else's.
    :raises Conflict: it is over, or cannot become ``to`` from where it is.
    """
    task = db.lock(visible_to(actor), task_id)
    if task.owner_id is None or task.owner_id != actor.user_id:
        check(actor, Verb.WORK if task.owner_id is None else Verb.ASSIGN, task.node_id)
    else:
        check(actor, Verb.WORK)
    if not task.is_live:
        raise Conflict(_("This task is over already."))
    if to is not None and not tasks.may_move(task.state, to):
        raise Conflict(_("This cannot follow on where the task stands now."))
    return task


def plain(task: Task) -> dict[str, Any]:
    """Return what the trail keeps of a task."""
    return {
        "state": task.state, "owner": task.owner_id, "due_at": task.due_at.isoformat(), "tries": task.tries,
        "outcome": task.outcome, "outcome_note": task.outcome_note, "next_step": task.next_step,
    }  # fmt: skip


def _keep(actor: Actor, verb: str, task: Task, before: dict[str, Any], note: str = "") -> None:
    """Write the task back and append its line to the trail."""
    task.save()
    records.audit(
        actor=actor, verb=verb, subject_type="task", subject_id=task.pk, subject_label=str(task), node_id=task.node_id,
        before=before, after=plain(task), note=note,
    )  # fmt: skip


def claim(*, actor: Actor, task_id: int) -> Task:
    """Take a task up: locks, checks that nobody else has it, writes, audits. What one has taken up already stays so.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not work there.
    :raises Conflict: somebody else has it, or it is over.
    """
    check(actor, Verb.WORK)
    with db.atomic():
        task = db.lock(visible_to(actor), task_id)
        if task.owner_id not in {None, actor.user_id}:
            raise Conflict(_("Somebody else has taken this task."))
        task = locked(actor, task_id)
        if task.state != State.CLAIMED:
            before = plain(task)
            task.state, task.owner_id = State.CLAIMED, actor.person_id
            _keep(actor, "worklist.claim", task, before)
    return task


def release(*, actor: Actor, task_id: int) -> Task:
    """Give a task back to its role, so that a colleague can take it: locks, checks, writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: it is somebody else's, or lies where the actor does not work.
    :raises Conflict: it is over, nobody has it, or it belongs to no role: then it can only be handed over.
    """
    with db.atomic():
        task = locked(actor, task_id)
        if task.owner_id is None:
            raise Conflict(_("Nobody has this task."))
        check(actor, Verb.WORK, task.node_id)
        if task.role_id is None:
            raise Conflict(_("This task was given to you and belongs to no role; hand it over instead."))
        before = plain(task)
        task.state, task.owner, task.meant_for = State.OPEN, None, None
        _keep(actor, "worklist.release", task, before)
    return task


def _take_up(actor: Actor, task: Task) -> None:
    """Whoever works on a task that nobody has, has it."""
    if task.owner_id is None:
        task.owner_id = actor.user_id
    if task.state == State.OPEN and task.owner_id == actor.user_id and actor.user_id is not None:
        task.state = State.CLAIMED


def record_attempt(
    *, actor: Actor, task_id: int, outcome: str, note: str = "", next_try_at: datetime.datetime | None = None,
    at: datetime.datetime,
) -> Attempt:  # fmt: skip
    """Write down a try: locks, checks, takes the task up, appends the attempt, notes the next try and lets
    nothing expire before it, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: it is somebody else's.
    :raises Conflict: it is over.
    :raises Invalid: no known outcome, or a next try that is past or too far ahead.
    """
    if outcome not in dict(states.ATTEMPTS):
        raise Invalid(_("There is no such outcome."), field="outcome")
    if next_try_at is not None and not at < next_try_at <= at + MOST_AHEAD:
        raise Invalid(_("The next try lies in the future, at most sixty days ahead."), field="next_try_at")
    with db.atomic():
        task = locked(actor, task_id)
        before = plain(task)
        _take_up(actor, task)
        task.tries += 1
        task.wake_at = next_try_at
        if task.expires_at is not None and next_try_at is not None:
            task.expires_at = max(task.expires_at, next_try_at + KEPT)
        attempt = _append(actor, task, outcome, note, next_try_at, at)
        _keep(actor, "worklist.record_attempt", task, before, note=outcome)
    return attempt


def _append(
    actor: Actor, task: Task, outcome: str, note: str, next_try_at: datetime.datetime | None, at: datetime.datetime
) -> Attempt:
    return Attempt.objects.create(
        task=task, at=at, person_id=actor.user_id, person_name=actor.name[:160], outcome=outcome,
        note=note.strip()[:LONGEST], next_try_at=next_try_at)  # fmt: skip


def postpone(*, actor: Actor, task_id: int, to: datetime.datetime, reason: str, at: datetime.datetime) -> Task:
    """Move a deadline with a reason: locks, checks, moves it and the rung above the present one, appends the reason
    to the attempts, audits, publishes TaskPostponed. Bounded: three times, ten working days past the first deadline.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: it is somebody else's.
    :raises Conflict: it is over, or was postponed too often.
    :raises Invalid: no reason, not later than it is due, or beyond the bound.
    """
    if not reason.strip():
        raise Invalid(_("Say why it has to wait."), field="reason")
    with db.atomic():
        task = locked(actor, task_id)
        calendar = calendars.calendar(task.node_id, clock.day_of(at))
        reach = tasks.reach(calendar, first_due_at=task.first_due_at, postponed=task.postponed)
        if not reach.times:
            raise Conflict(_("This task was postponed often enough; do it, skip it with a reason, or hand it over."))
        if to <= max(task.due_at, at):
            raise Invalid(_("A task is postponed to a later moment."), field="to")
        if reach.latest is not None and to > reach.latest:
            message = _("Not beyond %(day)s: ten working days after it was first due.")
            raise Invalid(str(message) % {"day": clock.day_of(reach.latest)}, field="to")
        before = plain(task)
        task.due_at, task.postponed, task.wake_at = to, task.postponed + 1, to if task.wake_at else None
        task.expires_at = max(task.expires_at, to) if task.expires_at else None
        ladder = ladders.ladder_of(calendars.ladders(), task.kind)
        task.next_rung_at = ladders.next_rung_at(
            calendar, ladder, level=task.level, span=ladders.Span(task.opens_at, to)
        )
        _append(actor, task, Outcome.POSTPONED, reason, to, at)
        _keep(actor, "worklist.postpone", task, before, note=reason[:400])
        events.publish(TaskPostponed(
            task.pk, task.key, task.subject_type, task.subject_id, to.isoformat(), reason.strip()[:LONGEST],
            actor.user_id, actor.name[:160],
        ))  # fmt: skip
    return task


@dataclass(frozen=True)
class Ending:
    """How a task ended: a code of its kind, words, and what is to be done next, perhaps by a day."""

    outcome: str
    note: str = ""
    next_step: str = ""
    next_due_at: datetime.datetime | None = None


def finish(*, actor: Actor, task_id: int, ending: Ending, at: datetime.datetime) -> Task:
    """Finish a task: locks, checks, writes the outcome, writes the next step as a task of its own if it has a day,
    audits, and publishes TaskEnded.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: it is somebody else's.
    :raises Conflict: it is over, or ends by a page of its own.
    :raises Invalid: no outcome of this kind of task, or a next step without words or in the past.
    """
    with db.atomic():
        task = locked(actor, task_id, to=State.DONE)
        if states.kind(task.kind).page:
            raise Conflict(_("This task ends with what is done on its page."))
        if ending.outcome not in dict(states.kind(task.kind).outcomes):
            raise Invalid(_("There is no such outcome."), field="outcome")
        if ending.next_due_at is not None and (ending.next_due_at <= at or not ending.next_step.strip()):
            raise Invalid(_("Say what is to be done next, and a moment that is not past."), field="next_step")
        before = plain(task)
        if task.owner_id is None:
            task.owner_id = actor.user_id
        task.outcome, task.outcome_note = ending.outcome, ending.note.strip()[:LONGEST]
        task.next_step = " ".join(ending.next_step.split())[:300]
        _end(actor, task, State.DONE, before, at)
        if ending.next_due_at is not None:
            _add_next(actor, task, ending.next_due_at, at)
    return task


def _end(actor: Actor, task: Task, state: str, before: dict[str, Any], at: datetime.datetime) -> None:
    task.state, task.finished_at, task.finished_by_id = state, at, actor.user_id
    task.next_rung_at = task.wake_at = None
    _keep(actor, f"worklist.{'finish' if state == State.DONE else 'skip'}", task, before)
    events.publish(
        TaskEnded(
            task.pk, task.kind, task.key, task.subject_type, task.subject_id, task.node_id, task.state, task.outcome,
            actor.user_id,
        )
    )  # fmt: skip


def _add_next(actor: Actor, task: Task, due_at: datetime.datetime, at: datetime.datetime) -> None:
    new = NewTask(
        kind=MANUAL.key, key=f"{MANUAL.key}:after:{task.pk}", node_id=task.node_id, reason=FOLLOWS, due=due_at,
        owner_id=task.owner_id, note=task.next_step, subject_type=task.subject_type, subject_id=task.subject_id,
        subject_label=task.subject_label, parent_id=task.pk,
    )  # fmt: skip
    add_task(actor=actor, task=new, at=at)


def skip(*, actor: Actor, task_id: int, reason: str, at: datetime.datetime) -> Task:
    """Leave a task undone, with a reason: locks, checks, writes, audits, and publishes TaskEnded.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: it is somebody else's.
    :raises Conflict: it is over.
    :raises Invalid: no reason.
    """
    if not reason.strip():
        raise Invalid(_("Say why it is left undone."), field="reason")
    with db.atomic():
        task = locked(actor, task_id, to=State.SKIPPED)
        before = plain(task)
        task.outcome_note = reason.strip()[:LONGEST]
        _end(actor, task, State.SKIPPED, before, at)
    return task


def settle(*, actor: Actor, key: str, outcome: str, note: str = "", at: datetime.datetime) -> bool:
    """Finish the living task of a key, whosever it is, because what it asks for was done elsewhere: checks that the
    actor works there, locks, writes the outcome, audits, and publishes TaskEnded. Return whether there was one.

    :raises NotAllowed: the actor may not work there.
    """
    with db.atomic():
        task = _living(actor, key)
        if task is not None:
            before = plain(task)
            task.outcome, task.outcome_note = outcome, note[:LONGEST]
            _end(actor, task, State.DONE, before, at)
    return task is not None


def withdraw(*, actor: Actor, key: str, reason: str, at: datetime.datetime) -> bool:
    """Leave the living task of a key undone, whosever it is, because it is asked for no longer: checks that the actor
    works there, locks, writes the reason, audits, and publishes TaskEnded. Return whether there was one.

    :raises NotAllowed: the actor may not work there.
    """
    with db.atomic():
        task = _living(actor, key)
        if task is not None:
            before = plain(task)
            task.outcome_note = reason[:LONGEST]
            _end(actor, task, State.SKIPPED, before, at)
    return task is not None


def _living(actor: Actor, key: str) -> Task | None:
    task = Task.objects.select_for_update(of=("self",)).filter(key=key, state__in=LIVE).first()
    if task is not None:
        check(actor, Verb.WORK, task.node_id)
    return task
