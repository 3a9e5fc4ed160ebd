"""The morning: each outlet that works is asked for its rounds of the day. Set-based; a second call changes nothing."""

import datetime
from collections.abc import Sequence

from django.db import connection
from django.utils.translation import gettext_noop

from guanxi.care.models import Shortcoming
from guanxi.care.permissions import Verb
from guanxi.care.queries import dues as queries
from guanxi.care.services import shortcomings
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.records import services as records
from guanxi.worklist.services import adding

KIND = "care.round"
REASON = gettext_noop("Round of the day, to be done by %(time)s")
BATCH = 2000

# A round that somebody filed before it was asked for is asked for now, and has no task.
ASK = """
INSERT INTO care_round (list_id, code, outlet_id, day, due_at, person_name, fulfilled, missing)
SELECT n.list, n.code, n.outlet, %s, n.due, '', 0, 0
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::timestamptz[]) AS n (list, code, outlet, due)
ON CONFLICT (outlet_id, day, code) DO UPDATE SET due_at = excluded.due_at WHERE care_round.due_at IS NULL
RETURNING code, outlet_id, id, filed_at IS NOT NULL
"""


def make_rounds(*, actor: Actor, day: datetime.date, at: datetime.datetime) -> int:
    """Ask every outlet that works on a day for its rounds: checks the right, waits for others, writes the rounds and
    the tasks of those that are new, asks for shortcomings that nobody was asked to put right, audits with one line.
    Return how many tasks were written.

    :raises NotAllowed: the actor may not change rules everywhere.
    """
    check_everywhere(actor, Verb.CHANGE_RULES)
    with db.atomic():
        asked = ask_rounds(actor=actor, day=day)
        written = 0
        tasks = [_task(due, day) for due in asked if not due.is_filed]
        for start in range(0, len(tasks), BATCH):
            written += adding.add_tasks(actor=actor, tasks=tasks[start : start + BATCH], at=at)
        forgotten = Shortcoming.objects.filter(ended_on=None, asked_at=None).select_related("item", "round__list")
        written += shortcomings.ask(actor=actor, rows=list(forgotten.order_by("pk")[:BATCH]), at=at)
        if asked or written:
            records.audit(
                actor=actor, verb="care.make_rounds", subject_type="care.morning", subject_id=day.isoformat(),
                after={"rounds": len(asked), "tasks": written},
            )  # fmt: skip
    return written


def ask_rounds(*, actor: Actor, day: datetime.date) -> Sequence[queries.Due]:
    """Write the rounds that are due on a day and return those that were not asked for before; no tasks."""
    with db.atomic():
        db.serialise("care.rounds")
        due = {(item.list.code, item.outlet_id): item for item in queries.due_on(actor, day)}
        rows = [(item.list.pk, code, outlet, item.due_at) for (code, outlet), item in due.items()]
        if not rows:
            return []
        with connection.cursor() as cursor:
            cursor.execute(ASK, [day, *(list(column) for column in zip(*rows, strict=True))])
            return [due[code, outlet].asked(pk, is_filed=filed) for code, outlet, pk, filed in cursor.fetchall()]


def _task(due: queries.Due, day: datetime.date) -> adding.NewTask:
    held = due.list
    return adding.NewTask(
        kind=KIND, key=f"care.round:{held.code}:{due.outlet_id}:{day}", node_id=due.outlet_id, role=held.role_id,
        reason=REASON, due=due.due_at, expires_at=clock.start_of(day + datetime.timedelta(days=1)),
        subject_type="care.round", subject_id=due.round_id,
        values={"time": f"{held.by:%H:%M}", "words": held.name_zh, "words_en": held.name_en},
    )  # fmt: skip
