"""Deadlines of tasks: reckoned when a task is written, and anew when a calendar changes."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.network.models import Ancestry
from guanxi.records import services as records
from guanxi.worklist.models import Task
from guanxi.worklist.policy import ladders, reckoning
from guanxi.worklist.policy.reckoning import Term
from guanxi.worklist.queries import calendars
from guanxi.worklist.states import LIVE

__all__ = ["Asked", "Deadline", "Term", "reckon", "reckon_anew"]
BATCH = 5000


class Asked(NamedTuple):
    """What decides a deadline: many tasks share one answer."""

    kind: str
    node_id: int
    opens_at: datetime.datetime
    minutes: int | None
    days: int | None
    due_at: datetime.datetime | None
    level: int = 0


@dataclass(frozen=True)
class Deadline:
    """A deadline, when the next rung above the present one is reached, and whether it rests on an assumption."""

    due_at: datetime.datetime
    next_rung_at: datetime.datetime | None
    is_assumed: bool = False


def reckon(asked: Iterable[Asked], at: datetime.datetime) -> Mapping[Asked, Deadline]:
    """Reckon the deadline of each question on the calendar of its place; six queries, whatever their number.

    A calendar that never opens again gives the moment at which the task opens.
    """
    wanted = set(asked)
    held = calendars.calendars({item.node_id for item in wanted}, clock.day_of(at))
    steps = calendars.ladders()
    found = {}
    for item in wanted:
        calendar = held[item.node_id]
        moment = reckoning.Moment(item.due_at)
        if item.due_at is None:
            moment = reckoning.due(calendar, item.opens_at, Term(item.minutes or 0, item.days))
        due_at = max(moment.at or item.opens_at, item.opens_at)
        ladder = ladders.ladder_of(steps, item.kind)
        span = ladders.Span(item.opens_at, due_at)
        rung = ladders.next_rung_at(calendar, ladder, level=item.level, span=span)
        found[item] = Deadline(due_at, rung, moment.is_assumed)
    return found


def reckon_anew(*, actor: Actor, node_id: int | None, after: int, at: datetime.datetime) -> int:
    """Reckon the open deadlines of a place and everything below it anew, a batch in the order of their numbers.

    Writes set-based, and one audit line. Left alone are deadlines given as a moment, and those postponed by hand.
    Return the number after which to go on; 0 when all are done.
    """
    rows = Task.objects.filter(state__in=LIVE, postponed=0, pk__gt=after)
    rows = rows.exclude(term_minutes=None, term_days=None)
    if node_id is not None:
        below = Ancestry.objects.filter(ancestor_id=node_id, during__contains=clock.day_of(at))
        rows = rows.filter(node_id__in=below.values("descendant_id"))
    fields = ("pk", "kind", "node_id", "opens_at", "term_minutes", "term_days", "level", "due_at")
    with db.atomic():
        held = list(rows.select_for_update(of=("self",)).order_by("pk").values_list(*fields)[:BATCH])
        asked = {row[0]: Asked(row[1], row[2], row[3], row[4], row[5], None, row[6]) for row in held}
        answers = reckon(asked.values(), at)
        moved = {row[0]: answers[asked[row[0]]] for row in held if answers[asked[row[0]]].due_at != row[7]}
        if moved:
            _move(moved)
            records.audit(
                actor=actor, verb="worklist.reckon_anew", subject_type="calendar", subject_id=node_id or 0,
                node_id=node_id, after={"tasks": len(moved)},
            )  # fmt: skip
    return held[-1][0] if len(held) == BATCH else 0


MOVE = """
UPDATE worklist_task t SET due_at = n.due, first_due_at = n.due, is_assumed = n.assumed, next_rung_at = n.rung,
  expires_at = greatest(t.expires_at, n.due)
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::boolean[]) AS n (id, due, rung, assumed)
WHERE t.id = n.id
"""


def _move(moved: Mapping[int, Deadline]) -> None:
    lines = list(moved.values())
    with connection.cursor() as cursor:
        cursor.execute(
            MOVE,
            [
                list(moved), [line.due_at for line in lines], [line.next_rung_at for line in lines],
                [line.is_assumed for line in lines],
            ],
        )  # fmt: skip
