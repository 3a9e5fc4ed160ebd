"""The jobs behind the worklist, and what the bell says."""

import datetime
import json

import pytest
from django.db import connection
from tests.worklist.conftest import hours

from guanxi.config import wiring
from guanxi.foundation import clock, events, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.workbench.models import Notification
from guanxi.worklist import tasks
from guanxi.worklist.models import Absence, Task
from guanxi.worklist.policy.reckoning import Term
from guanxi.worklist.services import calendars, deriving, escalating


@pytest.fixture
def heard(monkeypatch):
    """Let reactions run at once."""
    monkeypatch.setattr(
        events.jobs, "enqueue", lambda name, **values: events.react(**values) if name == "events.react" else 0
    )
    wiring.install()


def waiting_jobs(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo'", [name])
        return [json.loads(row[0]) for row in cursor.fetchall()]


def test_the_sweep_takes_a_batch_and_stores_the_next(add, monkeypatch):
    now = clock.now()
    for number in range(3):
        add(number, at=now - hours(400), opens_at=now - hours(400), due=now - hours(300))
    monkeypatch.setattr(escalating, "BATCH", 3)
    tasks.escalate()
    assert len(waiting_jobs("worklist.escalate")) == 1
    assert set(Task.objects.values_list("level", flat=True)) == {1}
    for _rung in range(4):
        tasks.escalate()
    assert set(Task.objects.values_list("level", flat=True)) == {4}
    assert len(waiting_jobs("worklist.escalate")) == 1


def test_the_tidying_ends_absences_and_lets_tasks_expire(cast, add):
    now, day = clock.now(), clock.today() - datetime.timedelta(days=3)
    Absence.objects.create(person_id=cast.callback.user_id, first_day=day, last_day=day, made_at=now)
    add(1, at=now - hours(50), opens_at=now - hours(50), due=now - hours(40), expires_at=now - hours(1))
    tasks.tidy()
    assert Absence.objects.get().is_over
    assert Task.objects.get().state == "EXPIRED"


def test_an_edited_calendar_stores_one_job_that_moves_deadlines(cast, acting, add):
    now = clock.now()
    task = add(1, at=now, opens_at=None, due=Term(days=3))
    due = clock.day_of(task.due_at)
    for _time in range(2):
        calendars.set_days(
            actor=acting(cast.gm), node_id=cast.outlet_id, first=due, last=due, hours="", reason="盘点", at=now
        )
    assert waiting_jobs("worklist.reckon_anew") == [{"node_id": cast.outlet_id, "after": 0}]
    acting(SYSTEM)
    tasks.reckon_anew(node_id=cast.outlet_id)
    task.refresh_from_db()
    assert clock.day_of(task.due_at) > due


def test_the_bell_says_who_gave_what(cast, acting, add, heard):
    add(1, actor=cast.gm, owner_id=cast.callback.user_id)
    acting(SYSTEM)
    note = Notification.objects.filter(user_id=cast.callback.user_id, kind="worklist.assigned").get()
    assert note.text_en == f"{cast.gm.name} gave you a task: 客户1."
    assert note.url == f"/worklist/{Task.objects.get().pk}/"


def test_the_bell_bundles_what_is_late(cast, acting, add, heard):
    now = clock.now()
    for number in range(3):
        add(number, at=now - hours(400), opens_at=now - hours(400), due=now - hours(300))
    acting(SYSTEM)
    while escalating.escalate(actor=SYSTEM, at=now):
        pass
    told = Notification.objects.filter(kind="worklist.escalated", user_id=cast.branch.user_id)
    assert [note.text_en for note in told] == ["3 tasks are late."]
    assert told[0].url == "/worklist/team/"


def test_the_jobs_stand_on_the_timetable():
    from guanxi.config.jobs import TIMETABLE

    assert {"worklist.escalate", "worklist.tidy"} <= {name for _cron, name in TIMETABLE}
    assert "worklist.reckon_anew" in jobs._names


def test_tasks_follow_a_customer_who_was_merged_and_go_back(add):
    gone, other = add(1, subject_type="customer", subject_id=71), add(2, subject_type="customer", subject_id=72)
    foreign = add(3, subject_type="vehicle", subject_id=71)

    def about():
        return dict(Task.objects.order_by("pk").values_list("pk", "subject_id"))

    deriving.follow_merge(merge_id=1, kept_id=72, gone_id=71)
    assert about() == {gone.pk: 72, other.pk: 72, foreign.pk: 71}
    deriving.follow_merge(merge_id=2, kept_id=73, gone_id=72)
    assert set(about().values()) == {73, 71}
    deriving.follow_undone_merge(merge_id=2, kept_id=73, gone_id=72)
    assert about() == {gone.pk: 72, other.pk: 72, foreign.pk: 71}
    deriving.follow_undone_merge(merge_id=1, kept_id=72, gone_id=71)
    assert about() == {gone.pk: 71, other.pk: 72, foreign.pk: 71}
