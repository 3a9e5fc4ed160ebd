"""Reads of rounds: those of a day, one with its answers, and what they found that is still open."""

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet

from guanxi.care.models import Answer, Round, Shortcoming
from guanxi.care.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound
from guanxi.worklist.models import Task
from guanxi.worklist.queries import tasks
from guanxi.worklist.states import LIVE


def visible_to(actor: Actor) -> QuerySet[Round]:
    """Return the rounds at the outlets where the actor may see them."""
    where = actor.where(Verb.VIEW_ROUNDS)
    return Round.objects.all() if where is None else Round.objects.filter(db.among("outlet_id", where))


def shortcomings_visible_to(actor: Actor) -> QuerySet[Shortcoming]:
    """Return what rounds found wanting at the outlets where the actor may see it."""
    where = actor.where(Verb.VIEW_ROUNDS)
    return Shortcoming.objects.all() if where is None else Shortcoming.objects.filter(db.among("outlet_id", where))


def of_day(actor: Actor, outlet_id: int, day: datetime.date) -> dict[str, Round]:
    """Return the rounds of an outlet on a day, by the code of their list; one query."""
    rows = visible_to(actor).filter(outlet_id=outlet_id, day=day).select_related("list__role", "list__fixer")
    return {row.code: row for row in rows}


def round_of(actor: Actor, pk: int) -> Round:
    """Return one visible round.

    :raises NotFound: there is none, or not for this actor.
    """
    found = visible_to(actor).select_related("list__role", "list__fixer", "outlet").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def answers(row: Round) -> list[Answer]:
    """Return the answers of a round in the order of its list; one query."""
    return list(Answer.objects.filter(round=row).select_related("item").order_by("item__position"))


def before(actor: Actor, outlet_id: int, day: datetime.date, limit: int) -> list[Round]:
    """Return the newest rounds of an outlet before a day; one query."""
    rows = visible_to(actor).filter(outlet_id=outlet_id, day__lt=day).select_related("list")
    return list(rows.order_by("-day", "code")[:limit])


def still_open(rows: QuerySet[Shortcoming], limit: int) -> list[Shortcoming]:
    """Return those that are open, the oldest first; one query."""
    found = rows.filter(ended_on=None).select_related("item", "round__list", "outlet")
    return list(found.order_by("found_on", "pk")[:limit])


def tasks_of(actor: Actor, rows: Iterable[Shortcoming]) -> dict[str, Task]:
    """Return the living tasks that ask for these to be put right, as far as the actor sees them, by key; one query."""
    found = tasks.visible_to(actor).filter(key__in=[row.task_key for row in rows], state__in=LIVE)
    return {task.key: task for task in found}
