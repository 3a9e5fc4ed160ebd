"""Writing tasks: thousands in one statement for capabilities, and one by hand for a colleague."""

import datetime
import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid, NotFound
from guanxi.records import services as records
from guanxi.worklist import states
from guanxi.worklist.events import TasksAssigned
from guanxi.worklist.models import Task
from guanxi.worklist.permissions import Verb
from guanxi.worklist.policy.loads import stand_in
from guanxi.worklist.policy.reckoning import Term
from guanxi.worklist.queries import people
from guanxi.worklist.services import deadlines
from guanxi.worklist.services.deadlines import Asked
from guanxi.worklist.states import LIVE, MANUAL

BY_HAND = gettext_noop("%(who)s asks you to do this")


@dataclass(frozen=True)
class NewTask:
    """A task to be written. It belongs to a role of the place or to a person; ``due`` is a moment or a term that is
    reckoned on the place's calendar. While a task lives, no second one is written under its ``key``.
    """

    kind: str
    key: str
    node_id: int
    reason: str
    due: datetime.datetime | Term
    role: str | None = None
    owner_id: int | None = None
    opens_at: datetime.datetime | None = None
    expires_at: datetime.datetime | None = None
    subject_type: str = ""
    subject_id: int | None = None
    subject_label: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    priority: int = 3
    parent_id: int | None = None


INSERT = """
INSERT INTO worklist_task (kind, key, node_id, role_id, owner_id, meant_for_id, subject_type, subject_id,
  subject_label, reason, "values", note, opens_at, due_at, first_due_at, expires_at, next_rung_at, is_assumed,
  term_minutes, term_days, priority, weight, parent_id,
  subject_were, state, tries, postponed, level, outcome, outcome_note, next_step, made_at, made_by_id)
SELECT n.kind, n.key, n.node, n.role, n.owner, n.meant, n.type, n.subject, n.label, n.reason, n.vals::jsonb, n.note,
  n.opens, n.due, n.due, n.expires, n.rung, n.assumed, n.minutes, n.days, n.priority, n.weight, n.parent,
  '{}', 'OPEN', 0, 0, 0, '', '', '', %s, %s
FROM unnest(%s::text[], %s::text[], %s::int[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[],
  %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
  %s::timestamptz[], %s::boolean[], %s::int[], %s::smallint[], %s::smallint[], %s::smallint[], %s::bigint[])
  AS n (kind, key, node, role, owner, meant, type, subject, label, reason, vals, note, opens, due, expires, rung,
  assumed, minutes, days, priority, weight, parent)
ON CONFLICT (key) WHERE state IN ('OPEN', 'CLAIMED') DO NOTHING
RETURNING id, owner_id, coalesce(nullif(subject_label, ''), left(note, 80))
"""


def add_tasks(*, actor: Actor, tasks: Sequence[NewTask], at: datetime.datetime) -> int:
    """Write many tasks in one statement: checks the right at every place, reckons the deadlines (once for tasks that
    share a place, a beginning and a term), gives the work of who is away to the deputy, writes those whose key has
    no living task, audits with one line, and publishes one TasksAssigned a person. Return how many were written.

    :raises NotAllowed: the actor may not write tasks at one of the places.
    :raises Invalid: a task that is nobody's.
    """
    for node_id in {task.node_id for task in tasks}:
        check(actor, Verb.ADD_TASK, node_id)
    if any(task.role is None and task.owner_id is None for task in tasks):
        raise Invalid(_("A task belongs to a role or to a person."))
    with db.atomic():
        written = _insert(actor, tasks, at)
        if written:
            records.audit(
                actor=actor, verb=Verb.ADD_TASK, subject_type="tasks", subject_id=tasks[0].kind,
                after={"tasks": len(written), "kinds": dict(Counter(task.kind for task in tasks))},
            )  # fmt: skip
            _tell(actor, written)
    return len(written)


def add_task(*, actor: Actor, task: NewTask, at: datetime.datetime) -> Task:
    """Write a task, or return the living one that has its key already: checks the right, reckons the deadline, gives
    the work of who is away to the deputy, writes, audits, and publishes TasksAssigned.

    :raises NotAllowed: the actor may not write tasks at the place.
    :raises Invalid: a task that is nobody's.
    """
    check(actor, Verb.ADD_TASK, task.node_id)
    if task.role is None and task.owner_id is None:
        raise Invalid(_("A task belongs to a role or to a person."))
    with db.atomic():
        written = _insert(actor, [task], at)
        if not written:
            return Task.objects.get(key=task.key, state__in=LIVE)
        row = Task.objects.get(pk=written[0][0])
        records.audit(
            actor=actor, verb=Verb.ADD_TASK, subject_type="task", subject_id=row.pk, subject_label=str(row),
            node_id=row.node_id, after={"kind": row.kind, "owner": row.owner_id, "due_at": row.due_at.isoformat()},
        )  # fmt: skip
        _tell(actor, written)
    return row


def add_by_hand(
    *, actor: Actor, node_id: int, owner_id: int, note: str, due_at: datetime.datetime, subject: tuple[str, int] | None,
    at: datetime.datetime,
) -> Task:  # fmt: skip
    """Write a task for a colleague in one's own words, perhaps about something: checks the right and that he can work
    there, then as ``add_task``.

    :raises NotAllowed: the actor may not write tasks at the place.
    :raises NotFound: what it is about is not there, or not for this actor.
    :raises Invalid: no words, a deadline that is past, or a person who does not work there.
    """
    check(actor, Verb.ADD_TASK, node_id)
    note = note.strip()[:2000]
    if not note:
        raise Invalid(_("Say what is to be done."), field="note")
    if due_at <= at:
        raise Invalid(_("This moment is past."), field="due_at")
    if owner_id not in people.workers(node_id, clock.day_of(at)):
        raise Invalid(_("This person does not work there."), field="owner")
    task = NewTask(
        kind=MANUAL.key, key=f"{MANUAL.key}:{uuid.uuid4().hex}", node_id=node_id, reason=BY_HAND, due=due_at,
        owner_id=owner_id, note=note, values={"who": actor.name},
    )  # fmt: skip
    return add_task(actor=actor, task=_about(actor, task, subject), at=at)


def _about(actor: Actor, task: NewTask, subject: tuple[str, int] | None) -> NewTask:
    """Return a task that says what it is about, as the actor sees it.

    :raises NotFound: it is not there, or not for this actor.
    """
    if subject is None:
        return task
    known = states.subject(subject[0])
    label = known.find(actor, subject[1]) if known else None
    if label is None:
        raise NotFound
    return replace(task, subject_type=subject[0], subject_id=subject[1], subject_label=label[:160])


def _asked(task: NewTask, at: datetime.datetime) -> Asked:
    opens_at, due = task.opens_at or at, task.due
    if isinstance(due, Term):
        return Asked(task.kind, task.node_id, opens_at, None if due.days is not None else due.minutes, due.days, None)
    return Asked(task.kind, task.node_id, opens_at, None, None, due)


def _insert(actor: Actor, tasks: Sequence[NewTask], at: datetime.datetime) -> list[tuple[int, int | None, str]]:
    """Write the tasks whose key has no living one; return the number, owner and label of each."""
    day = clock.day_of(at)
    away = people.away(day)
    stands = {pk: stand_in(away, pk, day) for pk in {task.owner_id for task in tasks if task.owner_id}}
    asked = [_asked(task, at) for task in tasks]
    answers = deadlines.reckon(asked, at)
    rows = [_row(task, item, answers[item], stands) for task, item in zip(tasks, asked, strict=True)]
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [at, actor.user_id, *(list(column) for column in zip(*rows, strict=True))])
        return [(pk, owner, label) for pk, owner, label in cursor.fetchall()]


def _row(
    task: NewTask, asked: Asked, deadline: deadlines.Deadline, stands: Mapping[int, int | None]
) -> tuple[Any, ...]:
    meant = task.owner_id
    owner = stands[meant] if meant else None
    if owner is None and task.role is None:
        owner = meant  # nobody stands in and no role waits for it: it stays with the person
    expires = None if task.expires_at is None else max(task.expires_at, deadline.due_at)
    return (
        task.kind, task.key, task.node_id, task.role, owner, meant if meant != owner else None,
        task.subject_type, task.subject_id, task.subject_label, task.reason, json.dumps(dict(task.values)), task.note,
        asked.opens_at, deadline.due_at, expires, deadline.next_rung_at, deadline.is_assumed,
        asked.minutes, asked.days, task.priority, states.kind(task.kind).weight, task.parent_id,
    )  # fmt: skip


def _tell(actor: Actor, written: Sequence[tuple[int, int | None, str]]) -> None:
    """Publish one event for each person who got work from somebody else."""
    first: dict[int, tuple[int, str]] = {}
    counts: Counter[int] = Counter()
    for pk, owner, label in written:
        if owner is not None and owner != actor.user_id:
            first.setdefault(owner, (pk, label))
            counts[owner] += 1
    for person, (pk, label) in first.items():
        events.publish(TasksAssigned(person, actor.name, counts[person], pk, label))
