"""Sharing work out: to a person, fairly among many, or all of one's own to a colleague."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid, NotAllowed
from guanxi.records import services as records
from guanxi.worklist.events import TasksAssigned
from guanxi.worklist.models import Task
from guanxi.worklist.permissions import Verb
from guanxi.worklist.policy import loads
from guanxi.worklist.policy.loads import Piece, stand_in
from guanxi.worklist.queries import people
from guanxi.worklist.queries.tasks import visible_to
from guanxi.worklist.services.working import locked, plain
from guanxi.worklist.states import LIVE, State

MOST = 1000


def assign(*, actor: Actor, task_id: int, person_id: int, at: datetime.datetime) -> Task:
    """Give a task to a person, also one that somebody has already: locks, checks that he works there, gives it to his
    deputy while he is away, writes, audits, and publishes TasksAssigned.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not share out work there.
    :raises Conflict: it is over.
    :raises Invalid: the person does not work there, or is away and nobody stands in.
    """
    with db.atomic():
        task = locked(actor, task_id)
        check(actor, Verb.ASSIGN, task.node_id)
        owner = _at_work(person_id, [task.node_id], at)
        before = plain(task)
        task.owner_id, task.state = owner, State.OPEN
        task.meant_for_id = person_id if owner != person_id else None
        task.save()
        records.audit(
            actor=actor, verb=Verb.ASSIGN, subject_type="task", subject_id=task.pk, subject_label=str(task),
            node_id=task.node_id, before=before, after=plain(task),
        )  # fmt: skip
        _tell(actor, {task.pk: owner}, {task.pk: str(task)})
    return task


def _at_work(person_id: int, node_ids: Iterable[int], at: datetime.datetime) -> int:
    """Return who does a person's work now, having checked that the person can work at the places."""
    day = clock.day_of(at)
    if any(person_id not in people.workers(node_id, day) for node_id in set(node_ids)):
        raise Invalid(_("This person does not work there."), field="person")
    owner = stand_in(people.away(day), person_id, day)
    if owner is None:
        raise Invalid(_("This person is away and nobody stands in."), field="person")
    return owner


SHARE = """
UPDATE worklist_task t SET owner_id = n.owner, state = 'OPEN', meant_for_id = NULL
FROM unnest(%s::bigint[], %s::bigint[]) AS n (id, owner)
WHERE t.id = n.id AND t.state IN ('OPEN', 'CLAIMED')
"""


def assign_by_load(
    *, actor: Actor, node_id: int, task_ids: Sequence[int], person_ids: Sequence[int], at: datetime.datetime
) -> int:
    """Share tasks of a place out among people so that their open weight becomes as even as it can: locks, checks,
    decides (the same question has the same answer), writes set-based, audits each, publishes one TasksAssigned a
    person. Without ``task_ids``: all that nobody has yet, the first thousand by deadline. Who is away gets none.
    Return how many were shared out.

    :raises NotAllowed: the actor may not share out work there.
    :raises Invalid: nobody to share with, or somebody who does not work there.
    """
    check(actor, Verb.ASSIGN, node_id)
    day = clock.day_of(at)
    absent = {item.person for item in people.away(day)}
    if not set(person_ids) <= people.workers(node_id, day):
        raise Invalid(_("This person does not work there."), field="people")
    present = sorted(set(person_ids) - absent)
    if not present:
        raise Invalid(_("Choose at least one person who is not away."), field="people")
    with db.atomic():
        rows = list(
            _to_share(actor, node_id, task_ids, day).select_for_update(of=("self",)).order_by("due_at", "pk")[:MOST]
        )
        chosen = loads.share([Piece(row.pk, row.weight, row.due_at) for row in rows], people.loads(present))
        if chosen:
            with connection.cursor() as cursor:
                cursor.execute(SHARE, [list(chosen), list(chosen.values())])
            _audit(actor, rows, chosen)
            _tell(actor, chosen, {row.pk: str(row) for row in rows})
    return len(chosen)


def _to_share(actor: Actor, node_id: int, task_ids: Sequence[int], day: datetime.date) -> QuerySet[Task]:
    rows = visible_to(actor).filter(people.below(node_id, day), state__in=LIVE)
    where = actor.where(Verb.ASSIGN)
    if where is not None:
        rows = rows.filter(db.among("node_id", where))
    return rows.filter(pk__in=task_ids) if task_ids else rows.filter(owner=None)


def _audit(actor: Actor, rows: Sequence[Task], owners: Mapping[int, int]) -> None:
    records.audit_many(
        actor=actor, verb=Verb.ASSIGN, subject_type="task",
        lines=[
            records.Line(row.pk, str(row), row.node_id, {"owner": row.owner_id}, {"owner": owners[row.pk]})
            for row in rows
            if row.pk in owners
        ],
    )  # fmt: skip


def hand_over(*, actor: Actor, from_id: int, to_id: int, until: datetime.date | None, at: datetime.datetime) -> int:
    """Give all open work of a person that is due until a day (None: all) to a colleague: checks that it is the actor's
    own, or lies where he shares out work, and that the colleague works there; writes set-based, audits each,
    publishes TasksAssigned. Work at places where the colleague does not work stays. Return how many were handed over.

    :raises NotAllowed: it is somebody else's work, and the actor may not share it out.
    :raises Invalid: to oneself, to somebody who is away without a deputy, or who works at none of the places.
    """
    if from_id == to_id:
        raise Invalid(_("Choose a colleague."), field="person")
    day = clock.day_of(at)
    verb = Verb.WORK if from_id == actor.user_id else Verb.ASSIGN
    if from_id != actor.user_id and not people.leads(actor, from_id, verb, day):
        raise NotAllowed(verb)
    rows, where = visible_to(actor).filter(owner_id=from_id, state__in=LIVE), actor.where(verb)
    if where is not None:
        rows = rows.filter(db.among("node_id", where))
    if until is not None:
        rows = rows.filter(due_at__lt=clock.start_of(until + datetime.timedelta(days=1)))
    with db.atomic():
        held = list(rows.select_for_update(of=("self",)).order_by("due_at", "pk")[:MOST])
        known = {node_id for node_id in {row.node_id for row in held} if to_id in people.workers(node_id, day)}
        if held and not known:
            raise Invalid(_("This person does not work there."), field="person")
        owner = _at_work(to_id, known, at)
        owners = {row.pk: owner for row in held if row.node_id in known}
        if owners:
            with connection.cursor() as cursor:
                cursor.execute(SHARE, [list(owners), list(owners.values())])
            _audit(actor, held, owners)
            _tell(actor, owners, {row.pk: str(row) for row in held})
    return len(owners)


def _tell(actor: Actor, owners: Mapping[int, int], labels: Mapping[int, str]) -> None:
    """Publish one event for each person who got work from somebody else."""
    counts = Counter(owners.values())
    first: dict[int, int] = {}
    for pk, person in owners.items():
        first.setdefault(person, pk)
    for person, pk in first.items():
        if person != actor.user_id:
            events.publish(TasksAssigned(person, actor.name, counts[person], pk, labels[pk][:80]))
