"""The ladder: a warning, the outlet, the branch, headquarters; each rung once, and never for what is done (FUP-32)."""

import datetime

import pytest
from tests.counting import queries_of
from tests.worklist.conftest import AT, hours, shanghai

from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Escalation, Rung, Task
from guanxi.worklist.policy.reckoning import Term
from guanxi.worklist.services import adding, calendars, deadlines, escalating, working
from guanxi.worklist.services.working import Ending

DUE = shanghai("2026-11-24 14:00")
RUNGS = {
    1: shanghai("2026-11-24 11:30"),  # an hour of work before
    2: DUE,
    3: shanghai("2026-11-25 14:00"),  # a working day after
    4: shanghai("2026-11-27 14:00"),  # three
}


def sweep(at):
    return escalating.escalate(actor=SYSTEM, at=at)


def levels():
    return list(Escalation.objects.order_by("task", "level").values_list("level", flat=True))


@pytest.mark.covers("FUP-32")
def test_a_task_climbs_from_its_owner_to_headquarters(cast, add, published):
    task = add(due=DUE, owner_id=cast.callback.user_id)
    published.clear()
    for level, at in RUNGS.items():
        assert sweep(at - datetime.timedelta(seconds=1)) == 0
        assert sweep(at) == 1
        assert sweep(at) == 0
        task.refresh_from_db()
        assert task.level == level
    told = {event.to: set() for event in published}
    for event in published:
        told[event.to].add(event.person_id)
    assert told["OWNER"] == {cast.callback.user_id}
    assert told["OUTLET"] >= {cast.gm.user_id, cast.crm.user_id}
    assert cast.callback.user_id not in told["OUTLET"]
    assert cast.branch.user_id in told["BRANCH"]
    assert cast.planner.user_id in told["GROUP"]
    assert all(cast.stranger.user_id not in people for people in told.values())
    assert next(event.is_late for event in published if event.to == "OWNER") is False
    assert task.next_rung_at is None
    assert AuditEntry.objects.filter(verb="worklist.escalate", subject_id=str(task.pk)).count() == 4


def test_a_sweep_that_comes_late_climbs_one_rung_after_the_other(add):
    add(due=DUE)
    at = shanghai("2026-12-01 10:00")
    assert [sweep(at) for _time in range(5)] == [1, 1, 1, 1, 0]
    assert levels() == [1, 2, 3, 4]


def test_what_was_done_meanwhile_is_left_alone(add):
    task = add(due=DUE)
    working.finish(actor=SYSTEM, task_id=task.pk, ending=Ending("DONE"), at=AT)
    assert sweep(RUNGS[4]) == 0
    assert levels() == []


def test_a_killed_sweep_goes_on_where_it_stopped(add):
    for number in range(7):
        add(number, due=DUE)
    found = []
    while count := escalating.escalate(actor=SYSTEM, at=RUNGS[1], limit=3):
        found.append(count)
    assert found == [3, 3, 1]
    assert levels() == [1] * 7


def test_a_postponed_task_climbs_on_from_its_level(cast, acting, add):
    task = add(due=DUE, owner_id=cast.callback.user_id)
    sweep(RUNGS[1])
    sweep(RUNGS[2])
    working.postpone(actor=acting(cast.callback), task_id=task.pk, to=shanghai("2026-11-26 10:00"), reason="x", at=DUE)
    acting(SYSTEM)
    task.refresh_from_db()
    assert (task.level, task.next_rung_at) == (2, shanghai("2026-11-27 10:00"))
    assert sweep(shanghai("2026-11-26 10:00")) == 0
    assert sweep(shanghai("2026-11-27 10:00")) == 1
    assert levels() == [1, 2, 3]


def test_a_rung_at_which_nobody_is_found_is_passed_at_once(cast, add):
    Rung.objects.filter(level=2).update(roles=["nobody"])
    add(due=DUE)
    sweep(RUNGS[1])
    assert sweep(RUNGS[2]) == 1
    assert sweep(RUNGS[2]) == 1
    assert Escalation.objects.get(level=3).told


def test_a_kind_has_its_own_ladder(add):
    Rung.objects.create(kind="test.call", level=1, minutes=0, to="BRANCH", roles=["branch_manager"])
    task = add(due=DUE)
    assert task.next_rung_at == DUE
    assert sweep(DUE) == 1
    task.refresh_from_db()
    assert task.next_rung_at is None


def test_a_batch_costs_the_same_for_one_and_for_many(cast, acting, new):
    acting(SYSTEM)
    adding.add_tasks(actor=SYSTEM, tasks=[new(n, due=DUE + hours(n % 5)) for n in range(500)], at=AT)
    Rung.objects.filter(level__gte=3).delete()
    counts = iter((1, 1, 60, 60))
    cost = lambda: queries_of(lambda: escalating.escalate(actor=SYSTEM, at=RUNGS[1], limit=next(counts)))  # noqa: E731 -- two of a kind
    assert cost() == cost() <= 14


def test_what_makes_no_sense_any_more_expires(add):
    task = add(due=DUE, expires_at=DUE + hours(24))
    add(2, due=DUE)
    assert escalating.expire(actor=SYSTEM, at=DUE + hours(23)) == 0
    assert escalating.expire(actor=SYSTEM, at=DUE + hours(24)) == 1
    task.refresh_from_db()
    assert (task.state, task.next_rung_at) == ("EXPIRED", None)
    assert Task.objects.get(key="test:2").state == "OPEN"


def test_an_edited_calendar_moves_open_deadlines_and_their_rungs(cast, acting, add):
    task = add(due=Term(minutes=450), opens_at=None)
    fixed, postponed = add(2, due=DUE), add(3, due=Term(minutes=450), opens_at=None, owner_id=cast.callback.user_id)
    working.postpone(
        actor=acting(cast.callback), task_id=postponed.pk, to=shanghai("2026-11-27 10:00"), reason="x", at=AT
    )
    assert task.due_at == shanghai("2026-11-25 10:00")
    calendars.set_days(
        actor=acting(cast.gm), node_id=cast.outlet_id, first=datetime.date(2026, 11, 25),
        last=datetime.date(2026, 11, 25), hours="", reason="停电", at=AT,
    )  # fmt: skip
    acting(SYSTEM)
    assert deadlines.reckon_anew(actor=SYSTEM, node_id=cast.outlet_id, after=0, at=AT) == 0
    for row in (task, fixed, postponed):
        row.refresh_from_db()
    assert (task.due_at, task.first_due_at) == (shanghai("2026-11-26 10:00"), shanghai("2026-11-26 10:00"))
    assert task.next_rung_at == shanghai("2026-11-26 09:00")
    assert (fixed.due_at, postponed.due_at) == (DUE, shanghai("2026-11-27 10:00"))


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_calendar_moves_only_what_lies_below_it(cast, acting, add, elsewhere):
    node = cast.other_outlet_id if elsewhere else cast.branch_id
    task = add(due=Term(days=1), opens_at=None)
    acting(SYSTEM)
    calendars.set_days(
        actor=SYSTEM, node_id=node, first=datetime.date(2026, 11, 25), last=datetime.date(2026, 11, 25), hours="",
        reason="年会", at=AT,
    )  # fmt: skip
    deadlines.reckon_anew(actor=SYSTEM, node_id=node, after=0, at=AT)
    task.refresh_from_db()
    assert task.due_at == shanghai("2026-11-25 18:00" if elsewhere else "2026-11-26 18:00")


def test_a_sweep_killed_in_the_middle_has_done_nothing_and_is_done_again(add, published, monkeypatch):
    add(due=DUE)
    published.clear()

    def die(**_values):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(escalating.records, "audit_many", die)
        with pytest.raises(RuntimeError):
            sweep(RUNGS[2])
    assert (levels(), published, Task.objects.get().level) == ([], [], 0)
    assert [sweep(RUNGS[2]) for _time in range(3)] == [1, 1, 0]
    assert levels() == [1, 2]
