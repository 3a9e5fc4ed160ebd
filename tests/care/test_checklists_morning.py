"""The morning: who is asked for which rounds, until when; a second morning changes nothing, a broken one leaves nothing."""

import datetime

import pytest
from django.utils import translation
from tests.care.checking import CODE, DAY, at, days, fine, go, morning, settled, still_open, tasks
from tests.counting import queries_of

from guanxi.care.models import CheckList, Round, Shortcoming
from guanxi.care.services import mornings, shortcomings
from guanxi.foundation import clock, db, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed
from guanxi.network.models import Node, OutletProfile
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import SpecialDay, Task
from guanxi.worklist.services import escalating

MONDAY = datetime.date(2026, 6, 8)


@pytest.fixture
def here(cast):
    return settled(cast)


def asked(outlet, day=DAY):
    db.set_scope(SYSTEM)
    rows = Round.objects.filter(outlet_id=outlet, day=day, due_at__isnull=False)
    return set(rows.values_list("code", flat=True))


DAILY = {"waiting_repair", "waiting_repair_noon", "six_s_day"}
RARE = {"out_of_store", "care_standards", "six_s_month"}


@pytest.mark.covers("CARE-01", "CARE-17")
def test_every_outlet_that_works_is_asked_for_what_is_due(here):
    written = morning()
    outlets = Node.objects.filter(kind="OUTLET", valid_to=None).count()
    assert asked(here.outlet_id) == DAILY | RARE | {"before_delivery"}
    assert Task.objects.filter(kind="care.round").count() == written == Round.objects.filter(day=DAY).count()
    assert Round.objects.filter(day=DAY, code=CODE).count() == outlets
    (task,) = [task for task in tasks(here.outlet_id, "care.round") if task.key.startswith(f"care.round:{CODE}:")]
    assert (task.role_id, task.owner_id, task.node_id) == ("cr_manager", None, here.outlet_id)
    assert task.due_at == at(time="09:30")
    assert task.expires_at == clock.start_of(DAY + days(1))
    row = Round.objects.get(outlet_id=here.outlet_id, day=DAY, code=CODE)
    assert (task.subject_type, task.subject_id, row.due_at) == ("care.round", row.pk, at(time="09:30"))
    assert AuditEntry.objects.get(verb="care.make_rounds").after == {"rounds": written, "tasks": written}


def test_a_second_morning_changes_nothing(here):
    assert morning() > 100
    assert morning(time="05:00") == 0
    assert AuditEntry.objects.filter(verb="care.make_rounds").count() == 1


def test_a_round_that_is_filed_already_gets_no_task(here):
    go(here.crm, here.outlet_id)
    assert Round.objects.get(outlet_id=here.outlet_id, day=DAY, code=CODE).due_at is None
    morning(time="09:00")
    row = Round.objects.get(outlet_id=here.outlet_id, day=DAY, code=CODE)
    assert row.due_at == at(time="09:30")
    assert row.filed_at == at()
    assert not [task for task in tasks(here.outlet_id, "care.round") if task.subject_id == row.pk]


def test_nobody_is_asked_on_a_day_off(here):
    assert morning(MONDAY + days(5)) == 0
    SpecialDay.objects.create(node_id=here.outlet_id, day=DAY, hours="", reason="盘点", made_at=at())
    SpecialDay.objects.create(
        node_id=here.other_outlet_id, day=MONDAY + days(6), hours="10:00-11:00", reason="开放日", made_at=at()
    )
    assert morning() > 0
    assert asked(here.outlet_id) == set()
    assert morning(MONDAY + days(6)) == len(asked(here.other_outlet_id, MONDAY + days(6))) > 0
    row = Round.objects.get(outlet_id=here.other_outlet_id, day=MONDAY + days(6), code=CODE)
    assert row.due_at == at(MONDAY + days(6), "10:30")  # not before a first walk can be over


def test_lists_are_asked_for_where_they_hold(here):
    OutletProfile.objects.filter(node_id=here.outlet_id).update(serves=False)
    morning()
    assert asked(here.outlet_id) == RARE | {"before_delivery", "six_s_day"}


def test_a_closed_outlet_is_asked_for_nothing(here):
    Node.objects.filter(pk=here.outlet_id).update(valid_to=DAY)
    morning()
    assert asked(here.outlet_id) == set()


def test_days_of_the_week_and_every_so_many_working_days(here):
    found = {}
    day = MONDAY
    while day < MONDAY + days(43):
        morning(day)
        for code in asked(here.outlet_id, day) - DAILY:
            found.setdefault(code, []).append(day)
        day += days(1)
    assert {day.isoweekday() for day in found["in_store"]} == {1}
    assert {day.isoweekday() for day in found["before_delivery"]} == {3}
    # Twenty working days later: the Dragon Boat Festival of the 19th of June does not count.
    assert found["out_of_store"] == [MONDAY, datetime.date(2026, 7, 7)]


def test_a_missed_morning_of_a_rare_list_is_made_up_for(here):
    morning(MONDAY)
    later = datetime.date(2026, 7, 9)
    morning(later)
    assert asked(here.outlet_id, later) >= RARE


def test_a_list_that_is_off_is_not_asked_for(here):
    CheckList.objects.filter(code=CODE).update(is_on=False)
    morning()
    assert CODE not in asked(here.outlet_id)


def test_the_task_of_a_round_expires_with_its_day_and_cannot_be_finished_by_hand(here):
    from guanxi.foundation.errors import Conflict
    from guanxi.worklist.services import working

    morning()
    task = tasks(here.outlet_id, "care.round")[0]
    db.set_scope(here.crm)
    with translation.override("en"), pytest.raises(Conflict, match="page"):
        working.finish(actor=here.crm, task_id=task.pk, ending=working.Ending("FILED"), at=at())
    db.set_scope(SYSTEM)
    while escalating.expire(actor=SYSTEM, at=clock.start_of(DAY + days(1))) == escalating.BATCH:
        pass
    assert {row.state for row in tasks(here.outlet_id, "care.round", live=False)} == {"EXPIRED"}
    assert not Round.objects.filter(day=DAY, filed_at__isnull=False).exists()


def test_what_nobody_was_asked_to_put_right_is_asked_for_in_the_morning(here):
    go(here.crm, here.outlet_id, fine(board="看板黑屏"), day=DAY - days(1))
    db.set_scope(SYSTEM)
    Task.objects.filter(kind="care.shortcoming").update(state="SKIPPED", outcome_note="x", finished_at=at(),
                                                        next_rung_at=None)  # fmt: skip
    morning()
    assert tasks(here.outlet_id) == []  # somebody was asked, and left it undone
    Shortcoming.objects.filter(ended_on=None).update(asked_at=None)
    assert morning(time="04:00") == 1
    assert len(tasks(here.outlet_id)) == len(still_open(here.outlet_id)) == 1
    assert morning(time="05:00") == 0


def test_a_morning_that_breaks_off_leaves_nothing_behind(here, monkeypatch):
    """One transaction: whoever kills the worker finds the night before, and the next morning does it whole."""
    real = shortcomings.ask

    def killed(**_values):
        raise KeyboardInterrupt

    monkeypatch.setattr(mornings.shortcomings, "ask", killed)
    with pytest.raises(KeyboardInterrupt):
        morning()
    assert not Round.objects.filter(day=DAY).exists()
    assert not Task.objects.exists()
    monkeypatch.setattr(mornings.shortcomings, "ask", real)
    assert morning() == Task.objects.count() > 100


def test_a_round_that_breaks_off_leaves_nothing_behind(here, monkeypatch):
    morning()
    before = {task.pk: task.state for task in tasks(here.outlet_id, "care.round")}

    def killed(**_values):
        raise KeyboardInterrupt

    monkeypatch.setattr("guanxi.care.services.rounds.working.settle", killed)
    with pytest.raises(KeyboardInterrupt):
        go(here.crm, here.outlet_id, fine(board="看板黑屏"))
    db.set_scope(SYSTEM)
    assert not Round.objects.filter(day=DAY, filed_at__isnull=False).exists()
    assert still_open(here.outlet_id) == []
    assert {task.pk: task.state for task in tasks(here.outlet_id, "care.round")} == before
    assert tasks(here.outlet_id) == []


def test_a_morning_costs_the_same_queries_for_one_outlet_and_for_many(here):
    def costs(day):
        db.set_scope(SYSTEM)
        return queries_of(lambda: mornings.ask_rounds(actor=SYSTEM, day=day))

    many = costs(DAY)
    Node.objects.filter(kind="OUTLET").exclude(pk=here.outlet_id).update(valid_to=datetime.date(2026, 1, 1))
    assert costs(DAY + days(1)) == many < 16


def test_only_the_system_and_headquarters_run_the_morning(here, acting):
    with pytest.raises(NotAllowed):
        mornings.make_rounds(actor=acting(here.gm), day=DAY, at=at())


def test_the_morning_has_its_line_in_the_timetable_and_tasks_tell_of_their_end():
    from guanxi.config.jobs import TIMETABLE
    from guanxi.config.wiring import REACTIONS

    assert "care.make_rounds" in {name for _cron, name in TIMETABLE}
    assert "care.make_rounds" in jobs._names
    heard = {(reaction.event.__name__, reaction.react.__name__) for reaction in REACTIONS}
    assert ("TaskEnded", "follow_task") in heard


def test_the_job_asks_for_today(here):
    from guanxi.care.tasks import make_rounds

    today = clock.today()
    SpecialDay.objects.create(node_id=None, day=today, hours="09:00-18:00", reason="测试", made_at=at())
    make_rounds()
    assert asked(here.outlet_id, today) >= DAILY
