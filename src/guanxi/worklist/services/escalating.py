"""The sweep: tasks climb their ladder, and those whose time is over expire (FUP-32)."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor
from guanxi.records import services as records
from guanxi.worklist import states
from guanxi.worklist.events import TasksEscalated
from guanxi.worklist.models import Task
from guanxi.worklist.policy import ladders
from guanxi.worklist.policy.ladders import Span, Step
from guanxi.worklist.queries import calendars, people
from guanxi.worklist.states import LIVE, Rank, State

BATCH = 2000
ABOVE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    Rank.OUTLET: ("OUTLET", ("OUTLET", "UNIT")),
    Rank.BRANCH: ("BRANCH", ("BRANCH",)),
    Rank.GROUP: ("GROUP", ("GROUP", "BRAND", "DEPARTMENT", "CALL_CENTRE")),
}
Told = dict[int, list[int]]


@dataclass(frozen=True)
class Climb:
    """A task and the rung that it has reached."""

    task: Task
    step: Step
    next_rung_at: datetime.datetime | None


CLIMB = """
UPDATE worklist_task t SET level = n.level, next_rung_at = n.rung
FROM unnest(%s::bigint[], %s::smallint[], %s::timestamptz[]) AS n (id, level, rung)
WHERE t.id = n.id AND t.level < n.level
"""
WRITE = """
INSERT INTO worklist_escalation (task_id, level, at, "to", told)
SELECT n.id, n.level, %s, n.rank, coalesce(string_to_array(nullif(n.told, ''), ',')::bigint[], '{}')
FROM unnest(%s::bigint[], %s::smallint[], %s::text[], %s::text[]) AS n (id, level, rank, told)
ON CONFLICT (task_id, level) DO NOTHING
"""


def escalate(*, actor: Actor, at: datetime.datetime, limit: int = BATCH) -> int:
    """Let a batch of tasks whose next rung is reached climb it: locks those that nobody else holds, finds whom to tell
    (whoever does it, the manager of the outlet, the branch, headquarters), writes set-based, audits each, publishes
    one TasksEscalated for a person and a rank. A rung at which nobody can be told is passed to the next at once.

    Each rung is reached once: a sweep that was killed goes on where it stopped, a task that is over is left alone.
    Return how many climbed; as many as ``limit`` means that more may wait.
    """
    with db.atomic():
        waiting = Task.objects.filter(next_rung_at__lte=at, state__in=LIVE).order_by("next_rung_at", "pk")
        rows = list(waiting.select_for_update(of=("self",), skip_locked=True)[:limit])
        climbs = _climbs(rows, at)
        if climbs:
            told = _told(climbs, clock.day_of(at))
            _write(climbs, told, at)
            records.audit_many(
                actor=actor, verb="worklist.escalate", subject_type="task",
                lines=[
                    records.Line(
                        item.task.pk, str(item.task), item.task.node_id, {"level": item.task.level},
                        {"level": item.step.level, "to": item.step.to, "told": told[item.task.pk]},
                    )
                    for item in climbs
                ],
            )  # fmt: skip
            _publish(climbs, told, at)
    return len(rows)


def _climbs(rows: Sequence[Task], at: datetime.datetime) -> list[Climb]:
    """Decide for each task which rung it has reached and when the one above is: once for all that are alike."""
    held = calendars.calendars({row.node_id for row in rows}, clock.day_of(at)) if rows else {}
    steps = calendars.ladders()
    known: dict[tuple[str, int, int, Span], tuple[Step | None, datetime.datetime | None]] = {}
    found = []
    ended = []
    for row in rows:
        span = Span(row.opens_at, row.due_at)
        alike = (row.kind, row.node_id, row.level, span)
        if alike not in known:
            ladder = ladders.ladder_of(steps, row.kind)
            step = ladders.above(ladder, row.level)
            after = None
            if step is not None:
                after = ladders.next_rung_at(held[row.node_id], ladder, level=step.level, span=span)
            known[alike] = step, after
        step, after = known[alike]
        if step is None:
            ended.append(row.pk)
        else:
            found.append(Climb(row, step, after))
    if ended:  # the ladder was shortened meanwhile
        Task.objects.filter(pk__in=ended).update(next_rung_at=None)
    return found


def _told(climbs: Sequence[Climb], day: datetime.date) -> Told:
    """Return whom to tell of each task; one query for a rank and its roles."""
    groups: dict[tuple[str, tuple[str, ...]], set[int]] = defaultdict(set)
    for item in climbs:
        if item.step.to != Rank.OWNER:
            groups[item.step.to, item.step.roles].add(item.task.node_id)
    held = {
        key: people.recipients(nodes, above=ABOVE[key[0]][0], kinds=ABOVE[key[0]][1], roles=key[1], day=day)
        for key, nodes in groups.items()
    }
    told: Told = {}
    for item in climbs:
        if item.step.to == Rank.OWNER:
            told[item.task.pk] = [item.task.owner_id] if item.task.owner_id else []
        else:
            told[item.task.pk] = held[item.step.to, item.step.roles].get(item.task.node_id, [])
    return _without_outsiders(climbs, told, day)


def _without_outsiders(climbs: Sequence[Climb], told: Told, day: datetime.date) -> Told:
    """Return whom to tell without those who may not hear of what a task is about; no query where nothing is closed."""
    for subject in states.subjects():
        about = {item.task.pk: item.task.subject_id for item in climbs if item.task.subject_type == subject.type}
        if about and subject.insiders is not None:
            closed = subject.insiders({pk for pk in about.values() if pk}, day)
            for task, pk in about.items():
                insiders = closed.get(pk or 0)
                told[task] = [one for one in told[task] if insiders is None or one in insiders]
    return told


def _write(climbs: Sequence[Climb], told: Told, at: datetime.datetime) -> None:
    ids, levels = [item.task.pk for item in climbs], [item.step.level for item in climbs]
    nexts = [_next(item, told[item.task.pk], at) for item in climbs]
    people_told = [",".join(str(person) for person in told[pk]) for pk in ids]
    with connection.cursor() as cursor:
        cursor.execute(CLIMB, [ids, levels, nexts])
        cursor.execute(WRITE, [at, ids, levels, [item.step.to for item in climbs], people_told])


def _next(item: Climb, told: Sequence[int], at: datetime.datetime) -> datetime.datetime | None:
    """When the rung above is reached: at once where a superior could not be told."""
    if item.next_rung_at is None:
        return None
    return at if not told and item.step.to != Rank.OWNER else item.next_rung_at


def _publish(climbs: Sequence[Climb], told: Told, at: datetime.datetime) -> None:
    bundles: dict[tuple[int, str], list[Task]] = defaultdict(list)
    for item in climbs:
        for person in told[item.task.pk]:
            bundles[person, item.step.to].append(item.task)
    for (person, to), rows in bundles.items():
        first = min(rows, key=lambda row: (row.due_at, row.pk))
        events.publish(TasksEscalated(person, to, len(rows), first.pk, str(first)[:80], is_late=first.due_at <= at))


EXPIRE = """
UPDATE worklist_task SET state = 'EXPIRED', finished_at = %s, next_rung_at = NULL, wake_at = NULL
WHERE id IN (
  SELECT id FROM worklist_task WHERE expires_at <= %s AND state IN ('OPEN', 'CLAIMED')
  ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id, node_id, coalesce(nullif(subject_label, ''), reason)
"""


def expire(*, actor: Actor, at: datetime.datetime, limit: int = BATCH) -> int:
    """Let a batch of tasks whose time is over expire: writes set-based and audits each. Return how many."""
    with db.atomic(), connection.cursor() as cursor:
        cursor.execute(EXPIRE, [at, at, limit])
        rows = cursor.fetchall()
        records.audit_many(
            actor=actor, verb="worklist.expire", subject_type="task",
            lines=[records.Line(pk, label, node, None, {"state": State.EXPIRED}) for pk, node, label in rows],
        )  # fmt: skip
    return len(rows)
