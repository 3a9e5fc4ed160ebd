"""What the database shows of tasks and calendars, also to code that forgets to ask; and how it finds them."""

import datetime
import json

import pytest
from django.db import DatabaseError, connection, transaction
from tests.worklist.conftest import AT

from guanxi.access.models import User
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed
from guanxi.worklist.models import Attempt, SpecialDay, Task, WorkingWeek
from guanxi.worklist.queries import tasks as queries
from guanxi.worklist.services import adding, calendars, sharing, working


@pytest.mark.covers("NFR-06")
def test_a_task_is_seen_at_its_place_and_above(cast, acting, add):
    add(1)
    working.record_attempt(actor=SYSTEM, task_id=Task.objects.get().pk, outcome="BUSY", at=AT)
    for actor, seen in ((cast.gm, 1), (cast.callback, 1), (cast.branch, 1), (cast.hq, 1), (cast.stranger, 0)):
        acting(actor)
        assert (Task.objects.count(), Attempt.objects.count()) == (seen, seen), actor.name


def test_a_task_elsewhere_is_seen_by_whose_it_is(cast, acting, add):
    add(1, node_id=cast.other_outlet_id, owner_id=cast.callback.user_id)
    acting(cast.callback)
    assert Task.objects.count() == 1
    assert len(queries.mine(cast.callback)) == 1
    acting(cast.gm)
    assert Task.objects.count() == 0


def test_visible_tasks_are_own_those_of_the_role_and_of_the_team(cast, acting, add):
    add(1)
    add(2, owner_id=cast.callback.user_id)
    add(3, role="service_advisor")
    seen = {
        who: set(queries.visible_to(acting(cast.actors[who])).values_list("key", flat=True))
        for who in ("callback", "advisor", "gm", "auditor", "rescue")
    }
    every = {"test:1", "test:2", "test:3"}
    assert seen == {
        "callback": {"test:1", "test:2"}, "advisor": {"test:3"}, "gm": every, "auditor": every, "rescue": set(),
    }  # fmt: skip
    assert [row.key for row in queries.pile(acting(cast.callback))] == ["test:1"]


def test_the_database_lets_nobody_write_elsewhere(cast, acting, add):
    task = add(1)
    acting(cast.stranger)
    assert Task.objects.filter(pk=task.pk).update(note="x") == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        SpecialDay.objects.create(node_id=cast.outlet_id, day=AT.date(), reason="x", made_at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        WorkingWeek.objects.create(node=None, since=AT.date(), made_at=AT)


def test_calendars_above_are_read_and_not_written(cast, acting):
    acting(cast.branch)
    day = datetime.date(2026, 12, 1)
    values = {"first": day, "last": day, "hours": "", "reason": "年会", "at": AT}
    calendars.set_days(actor=cast.branch, node_id=cast.branch_id, **values)
    acting(cast.gm)
    assert SpecialDay.objects.get().reason == "年会"
    assert SpecialDay.objects.all().delete()[0] == 0
    acting(cast.stranger)
    assert SpecialDay.objects.count() == 0


def _plan(rows):
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS OFF, TIMING OFF, FORMAT JSON) {sql}", params)
        found = cursor.fetchone()[0]
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def _nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _reads(plan):
    """The scans of tasks: how each is done and how many rows it touched."""
    for node in _nodes(plan):
        if node.get("Relation Name") == "worklist_task":
            yield node["Node Type"], node["Actual Rows"] * node["Actual Loops"] + node.get("Rows Removed by Filter", 0)


@pytest.fixture
def crowd(cast, acting, new):
    """Twenty thousand tasks at two outlets, most of them somebody else's, as the planner knows."""
    acting(SYSTEM)
    people = [None, *User.objects.values_list("pk", flat=True)[:150]]
    assert cast.callback.user_id in people
    tasks = [
        new(
            n, node_id=cast.outlet_id if n % 2 else cast.other_outlet_id, owner_id=people[n // 2 % len(people)],
            due=AT + datetime.timedelta(minutes=n), subject_type="customer", subject_id=n % 4000 + 1,
        )
        for n in range(20_000)
    ]  # fmt: skip
    adding.add_tasks(actor=SYSTEM, tasks=tasks, at=AT)
    db.analyse("worklist_task")


def test_my_day_reads_a_page_of_the_index(cast, acting, crowd):
    actor = acting(cast.callback)
    mine = Task.objects.filter(owner_id=actor.user_id, state__in=("OPEN", "CLAIMED")).order_by("due_at", "pk")[:50]
    pile = Task.objects.filter(
        queries.at_places(actor.grants[0].covers), role_id="follow_up_agent", owner=None,
        state__in=("OPEN", "CLAIMED"),
    ).order_by(queries.BY_PLACE, "pk")[:50]  # fmt: skip
    about = queries.visible_to(actor).filter(subject_type="customer", subject_id=77).order_by("-pk")[:20]
    for rows, most in ((mine, 60), (about, 20), (pile, 200)):
        scans = list(_reads(_plan(rows)))
        assert scans
        assert all("Seq" not in kind and touched <= most for kind, touched in scans), scans


def test_the_sweep_reads_only_what_is_due(acting, crowd):
    acting(SYSTEM)
    waiting = Task.objects.filter(next_rung_at__lte=AT + datetime.timedelta(minutes=30), state__in=("OPEN", "CLAIMED"))
    scans = list(_reads(_plan(waiting.order_by("next_rung_at", "pk")[:50])))
    assert all("Seq" not in kind and touched <= 60 for kind, touched in scans), scans


def test_who_has_work_elsewhere_does_it_but_cannot_give_it_away(cast, acting, add):
    task = add(1, node_id=cast.other_outlet_id, owner_id=cast.callback.user_id)
    me = acting(cast.callback)
    with pytest.raises(NotAllowed):
        working.release(actor=me, task_id=task.pk)
    assert sharing.hand_over(actor=me, from_id=me.user_id, to_id=cast.crm.user_id, until=None, at=AT) == 0
    working.record_attempt(actor=me, task_id=task.pk, outcome="BUSY", at=AT)
    assert working.finish(actor=me, task_id=task.pk, ending=working.Ending("DONE"), at=AT).state == "DONE"
