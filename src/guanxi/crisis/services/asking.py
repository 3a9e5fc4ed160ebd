"""Who is asked to judge an alarm: the desk of the branch responsible, or of headquarters; each is told at once."""

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext_noop

from guanxi.crisis.events import AlarmRaised
from guanxi.crisis.models import Alarm
from guanxi.crisis.queries import desks
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.services import adding, working
from guanxi.worklist.services.deadlines import Term

SUBJECT = KIND = "crisis.alarm"
JUDGE = gettext_noop("Judge the alarm: %(what)s, seen %(seen)s, expected %(expected)s")


def ask(rows: Sequence[Alarm], at: datetime.datetime) -> None:
    """Write the task to judge each alarm in one statement, and publish AlarmRaised for whoever sits at its desk."""
    day = clock.day_of(at)
    found = {place_id: desks.of_place(place_id, day) for place_id in {row.place_id for row in rows}}
    asked = [(row, desk) for row in rows if (desk := found[row.place_id]) is not None]
    if not asked:
        return
    adding.add_tasks(actor=SYSTEM, tasks=[_task(row, desk, at) for row, desk in asked], at=at)
    people = {desk: desks.people(desk, day) for desk in {desk for _row, desk in asked}}
    for row, desk in asked:
        for person_id in people[desk]:
            events.publish(AlarmRaised(person_id, row.pk, row.label))


def _task(row: Alarm, desk: desks.Desk, at: datetime.datetime) -> adding.NewTask:
    values = {"what": row.label, "seen": row.seen, "expected": f"{row.expected:.1f}"}
    return adding.NewTask(
        kind=KIND, key=row.task_key, node_id=desk.node_id, role=desk.role, reason=JUDGE, due=Term(days=1), opens_at=at,
        subject_type=SUBJECT, subject_id=row.pk, subject_label=row.label, values=values, priority=1,
    )  # fmt: skip


def end(row: Alarm, at: datetime.datetime) -> None:
    """End the task to judge an alarm, whosever it is, if it lives."""
    db.widen(*desks.above(row.place_id, clock.day_of(at)))
    working.settle(actor=SYSTEM, key=row.task_key, outcome=row.state, at=at)
