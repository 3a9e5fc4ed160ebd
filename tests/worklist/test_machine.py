"""Whatever people do in whatever order: one living task of a key, none lost, no attempt gone, no rung climbed down."""

import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.worklist.conftest import AT, hours

from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import DomainError
from guanxi.worklist.models import Attempt, Escalation, Task
from guanxi.worklist.services import absences, adding, escalating, sharing, working
from guanxi.worklist.services.working import Ending
from guanxi.worklist.states import LIVE

PEOPLE = ("callback", "crm", "gm", "stranger")


def _add(number, _pk, _actor, cast, new, at):
    role = None if number == 3 else "follow_up_agent"
    values = new(number, role=role, owner_id=cast.callback.user_id if number > 1 else None, due=at + hours(3))
    adding.add_task(actor=SYSTEM, task=values, at=at)


def _share(_number, _pk, actor, cast, _new, at):
    people = [cast.crm.user_id, cast.callback.user_id]
    sharing.assign_by_load(actor=actor, node_id=cast.outlet_id, task_ids=[], person_ids=people, at=at)


def _expire(_number, pk, _actor, _cast, _new, at):
    Task.objects.filter(pk=pk, state__in=LIVE, expires_at=None, first_due_at__lt=at).update(expires_at=at)
    escalating.expire(actor=SYSTEM, at=at)


DOES = {
    "add": _add,
    "share": _share,
    "expire": _expire,
    "claim": lambda _n, pk, actor, *_: working.claim(actor=actor, task_id=pk),
    "release": lambda _n, pk, actor, *_: working.release(actor=actor, task_id=pk),
    "assign": lambda _n, pk, actor, cast, _new, at: sharing.assign(
        actor=actor, task_id=pk, person_id=cast.crm.user_id, at=at
    ),
    "hand_over": lambda _n, _pk, actor, cast, _new, at: sharing.hand_over(
        actor=actor, from_id=actor.user_id, to_id=cast.gm.user_id, until=None, at=at
    ),
    "attempt": lambda _n, pk, actor, _c, _new, at: working.record_attempt(
        actor=actor, task_id=pk, outcome="BUSY", next_try_at=at + hours(1), at=at
    ),
    "postpone": lambda n, pk, actor, _c, _new, at: working.postpone(
        actor=actor, task_id=pk, to=at + hours(5 + n), reason="x", at=at
    ),
    "finish": lambda _n, pk, actor, _c, _new, at: working.finish(actor=actor, task_id=pk, ending=Ending("DONE"), at=at),
    "skip": lambda _n, pk, actor, _c, _new, at: working.skip(actor=actor, task_id=pk, reason="x", at=at),
    "escalate": lambda *rest: escalating.escalate(actor=SYSTEM, at=rest[-1]),
    "return": lambda *rest: absences.return_work(actor=SYSTEM, day=rest[-1].date()),
}
steps = st.lists(
    st.tuples(st.sampled_from(sorted(DOES)), st.integers(0, 3), st.sampled_from(PEOPLE)), min_size=5, max_size=30
)
SWEEPS = {"add", "escalate", "expire", "return"}


def _act(what, number, actor, cast, new, at):
    task = Task.objects.filter(key=f"test:{number}").order_by("-pk").first()
    DOES[what](number, task.pk if task else 0, actor, cast, new, at)


def _look():
    tasks = {row.pk: row for row in Task.objects.all()}
    attempts = set(Attempt.objects.values_list("pk", flat=True))
    rungs = {(pk, level) for pk, level in Escalation.objects.values_list("task_id", "level")}
    return tasks, attempts, rungs


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps)
def test_no_order_of_acts_breaks_what_must_hold(cast, acting, new, acts):
    with transaction.atomic():
        acting(SYSTEM)
        tasks, attempts, rungs = _look()
        for number, (what, which, who) in enumerate(acts):
            at = AT + number * datetime.timedelta(hours=2)
            acting(cast.actors.get(who, cast.stranger) if what not in SWEEPS else SYSTEM)
            try:
                with transaction.atomic():
                    _act(what, which, cast.actors.get(who, cast.stranger), cast, new, at)
            except DomainError:
                pass
            acting(SYSTEM)
            now_tasks, now_attempts, now_rungs = _look()
            _holds(tasks, now_tasks)
            assert attempts <= now_attempts
            assert rungs <= now_rungs
            tasks, attempts, rungs = now_tasks, now_attempts, now_rungs
        transaction.set_rollback(True)


def _holds(before, after):
    assert set(before) <= set(after)
    living = [row.key for row in after.values() if row.state in LIVE]
    assert len(living) == len(set(living))
    for pk, row in before.items():
        now = after[pk]
        assert now.level >= row.level
        assert now.tries >= row.tries
        assert row.state in LIVE or now.state == row.state
        assert now.owner_id or now.role_id
        assert now.tries == Attempt.objects.filter(task=now).exclude(outcome="POSTPONED").count()
