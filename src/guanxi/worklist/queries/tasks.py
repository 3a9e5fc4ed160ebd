"""Tasks as each may see them: the own day, one task with its history, those about something."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet, Value

from guanxi.access.models import Role, User
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound
from guanxi.network.models import Node
from guanxi.worklist.models import Attempt, Escalation, Task
from guanxi.worklist.permissions import Verb
from guanxi.worklist.states import LIVE

MOST = 200
FEW = 50
FEW_PLACES = 100
DUE = F("due_at").asc()
# The same order, but not that of an index: otherwise PostgreSQL walks the deadlines of the whole network, hoping to
# meet the few of these places soon, instead of sorting what waits there.
BY_PLACE = ExpressionWrapper(F("due_at") + Value(datetime.timedelta()), DateTimeField()).asc()


def at_places(node_ids: frozenset[int]) -> Q:
    """The condition 'lies at one of these places': of few as a list that an index answers, of many as one value."""
    if len(node_ids) <= FEW_PLACES:
        return Q(node_id__in=sorted(node_ids))
    return Q(db.among("node_id", node_ids))


def visible_to(actor: Actor) -> QuerySet[Task]:
    """Return the tasks that are the actor's, wait for a role of his, were written by him, or are his team's."""
    where = actor.where(Verb.VIEW_TEAM)
    if where is None:
        return Task.objects.all()
    seen = Q(made_by_id=actor.person_id) if actor.can(Verb.ADD_TASK) else Q(pk__in=())
    if where:
        seen |= at_places(where)
    if actor.can(Verb.VIEW):
        seen |= Q(owner_id=actor.person_id) | _of_my_roles(actor)
    return Task.objects.filter(seen)


def _of_my_roles(actor: Actor) -> Q:
    """The condition 'belongs to a role that the actor holds there'."""
    held = Q(pk__in=())
    for grant in actor.grants:
        if Verb.WORK in grant.verbs:
            here = Q(role_id=grant.role)
            held |= here if grant.covers is None else here & at_places(grant.covers)
    return held


def mine(actor: Actor, limit: int = MOST) -> list[Task]:
    """Return the actor's own live tasks by deadline; one query that follows an index."""
    rows = Task.objects.filter(owner_id=actor.person_id, state__in=LIVE)
    return list(rows.order_by("due_at", "pk")[:limit])


def pile(actor: Actor, limit: int = FEW) -> list[Task]:
    """Return the live tasks that wait for a role of the actor, by deadline; one query a role."""
    found: dict[int, Task] = {}
    for grant in actor.grants:
        if Verb.WORK not in grant.verbs or not actor.can(Verb.WORK):
            continue
        rows, order = Task.objects.filter(role_id=grant.role, owner=None, state__in=LIVE), DUE
        if grant.covers is not None:
            rows = rows.filter(at_places(grant.covers))
            order = BY_PLACE if len(grant.covers) <= FEW_PLACES else DUE
        found |= {row.pk: row for row in rows.order_by(order, "pk")[:limit]}
    return sorted(found.values(), key=lambda row: (row.due_at, row.pk))[:limit]


@dataclass(frozen=True)
class Sheet:
    """One task with what happened to it."""

    task: Task
    attempts: list[Attempt]
    escalations: list[Escalation]
    children: list[Task]


def task(actor: Actor, pk: int) -> Task:
    """Return one visible task.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def sheet(actor: Actor, pk: int) -> Sheet:
    """Return one visible task with its attempts, rungs and the tasks that followed from it; four queries.

    :raises NotFound: there is none, or not for this actor.
    """
    found = task(actor, pk)
    return Sheet(
        found,
        list(Attempt.objects.filter(task=found).order_by("at", "pk")),
        list(Escalation.objects.filter(task=found).order_by("level")),
        list(visible_to(actor).filter(parent=found).order_by("pk")),
    )


def about(actor: Actor, subject_type: str, subject_id: int, limit: int) -> list[Task]:
    """Return the visible tasks about something, the live ones first, then the newest; one query."""
    rows = visible_to(actor).filter(subject_type=subject_type, subject_id=subject_id)
    found = list(rows.order_by("-pk")[: limit * 4])
    return sorted(found, key=lambda row: (not row.is_live, row.due_at if row.is_live else row.made_at))[:limit]


def names(ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of people as far as row-level security shows them; one query."""
    return dict(User.objects.filter(pk__in={pk for pk in ids if pk}).values_list("pk", "name"))


def prepare(rows: Iterable[Any]) -> None:
    """Give tasks the names of their places, people and roles, as far as row-level security shows them; three queries.

    Not by joins: a task may lie at a place that only its own person's work reaches.
    """
    rows = list(rows)
    places = {row.pk: row.name for row in Node.objects.filter(pk__in={row.node_id for row in rows})}
    people = names(row.owner_id for row in rows)
    roles = {row.pk: row.name for row in Role.objects.filter(pk__in={row.role_id for row in rows if row.role_id})}
    for row in rows:
        row.place = places.get(row.node_id, "")
        row.owner_name = people.get(row.owner_id, "")
        row.role_name = roles.get(row.role_id, "")


def day_end(at: datetime.datetime) -> datetime.datetime:
    """Return the end of the day of a moment, where the business lives."""
    return clock.start_of(clock.day_of(at) + datetime.timedelta(days=1))


def counts(actor: Actor, at: datetime.datetime, day_ends: datetime.datetime) -> dict[str, int]:
    """Return how many of the actor's own tasks are late and how many more are due today; one query."""
    due = Task.objects.filter(owner_id=actor.person_id, state__in=LIVE, due_at__lt=day_ends)
    moments = list(due.values_list("due_at", flat=True)[: MOST * 5])
    late = sum(1 for moment in moments if moment < at)
    return {"late": late, "today": len(moments) - late}


def place_of(actor: Actor, node_id: int, verb: str) -> Node:
    """Return a place at which the actor holds a verb.

    :raises NotFound: there is none, or not for this actor.
    """
    found = Node.objects.filter(pk=node_id).first()
    if found is None or not actor.can(verb, node_id):
        raise NotFound
    return found
