"""Tasks whose reason has gone end by themselves: nobody works on what has settled itself."""

import datetime
from collections.abc import Sequence

from django.db import connection

from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.records import services as records
from guanxi.worklist.events import TaskEnded
from guanxi.worklist.permissions import Verb
from guanxi.worklist.states import State

SETTLE = """
UPDATE worklist_task SET state = 'DONE', outcome = %s, finished_at = %s, next_rung_at = NULL, wake_at = NULL
WHERE id = ANY(%s) AND state IN ('OPEN', 'CLAIMED')
RETURNING id, kind, key, subject_type, subject_id, node_id, coalesce(nullif(subject_label, ''), reason)
"""


def settle_many(*, actor: Actor, task_ids: Sequence[int], outcome: str, at: datetime.datetime) -> int:
    """End live tasks with an outcome that nobody brought about: checks the right, writes set-based, audits each, and
    publishes TaskEnded for each. Return how many; those that are over already stay as they are.

    :raises NotAllowed: the actor may not share out tasks everywhere.
    """
    check_everywhere(actor, Verb.ASSIGN)
    if not task_ids:
        return 0
    with db.atomic(), connection.cursor() as cursor:
        cursor.execute(SETTLE, [outcome, at, list(task_ids)])
        rows = cursor.fetchall()
        records.audit_many(
            actor=actor, verb="worklist.settle", subject_type="task",
            lines=[
                records.Line(pk, label, node, None, {"state": State.DONE, "outcome": outcome})
                for pk, _kind, _key, _type, _subject, node, label in rows
            ],
        )  # fmt: skip
        for pk, kind, key, about, subject, node, _label in rows:
            events.publish(TaskEnded(pk, kind, key, about, subject, node, State.DONE, outcome, None))
    return len(rows)
