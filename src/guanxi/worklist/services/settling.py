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

END = """
UPDATE worklist_task
SET state = %s, outcome = %s, outcome_note = %s, finished_at = %s, next_rung_at = NULL, wake_at = NULL
WHERE id = ANY(%s) AND state IN ('OPEN', 'CLAIMED')
RETURNING id, kind, key, subject_type, subject_id, node_id, coalesce(nullif(subject_label, ''), reason)
"""


def settle_many(*, actor: Actor, task_ids: Sequence[int], outcome: str, at: datetime.datetime) -> int:
    """End live tasks with an outcome that nobody brought about: checks the right, writes set-based, audits each, and
    publishes TaskEnded for each. Return how many; those that are over already stay as they are.

    :raises NotAllowed: the actor may not share out tasks everywhere.
    """
    return _end(actor, task_ids, "worklist.settle", (State.DONE, outcome, ""), at)


def withdraw_many(*, actor: Actor, task_ids: Sequence[int], reason: str, at: datetime.datetime) -> int:
    """Leave live tasks undone that are asked for no longer: checks the right, writes the reason set-based, audits each,
    and publishes TaskEnded for each. Return how many; those that are over already stay as they are.

    :raises NotAllowed: the actor may not share out tasks everywhere.
    """
    return _end(actor, task_ids, "worklist.withdraw", (State.SKIPPED, "", reason), at)


def _end(
    actor: Actor, task_ids: Sequence[int], verb: str, ending: tuple[State, str, str], at: datetime.datetime
) -> int:
    check_everywhere(actor, Verb.ASSIGN)
    if not task_ids:
        return 0
    state, outcome, note = ending
    after = {"state": state, "outcome": outcome, "outcome_note": note}
    with db.atomic(), connection.cursor() as cursor:
        cursor.execute(END, [state, outcome, note, at, list(task_ids)])
        rows = cursor.fetchall()
        records.audit_many(
            actor=actor, verb=verb, subject_type="task",
            lines=[records.Line(pk, label, node, None, after) for pk, _kind, _key, _type, _about, node, label in rows],
        )  # fmt: skip
        for pk, kind, key, about, subject, node, _label in rows:
            events.publish(TaskEnded(pk, kind, key, about, subject, node, state, outcome, None))
    return len(rows)
