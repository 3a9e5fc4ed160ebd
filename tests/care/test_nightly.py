"""The night: tasks, their deadlines, what is skipped and why, and that a second night changes nothing."""

import datetime

import pytest
from django.utils import translation
from tests.care.conftest import DAY, address, at, consent, days, results, tasks

from guanxi.care.models import Decision, Draw, Rule
from guanxi.care.policy import sampling
from guanxi.care.queries import rules as queries
from guanxi.care.services import nightly
from guanxi.care.services import rules as writing
from guanxi.customers.models import ContactPoint, Relation
from guanxi.foundation import clock, db, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed
from guanxi.network.models import Node
from guanxi.vehicles.models import Participant, Vehicle
from guanxi.worklist.models import Task


@pytest.mark.covers("CARE-33", "FUP-31")
def test_a_rule_becomes_a_task_with_its_reason_script_and_deadline(rule, buyer, night, quiet):
    owner = buyer()
    rule(script=[{"zh": "感谢客户", "en": "Thank"}, {"zh": "提醒首保", "en": "Remind"}], priority=2)
    assert night() == {"TASK": 1}
    (task,) = tasks(owner)
    assert (task.kind, task.role_id, task.node_id, task.priority) == (
        "care.call",
        "follow_up_agent",
        quiet.outlet_id,
        2,
    )
    assert task.key == f"care:x_test:{owner.pk}:{owner.car.pk}:2026-06-09"
    assert task.due_at == clock.start_of(DAY + days(2)) + datetime.timedelta(hours=18)
    for language, words in (("zh-hans", "1. 感谢客户\n2. 提醒首保"), ("en", "1. Thank\n2. Remind")):
        with translation.override(language):
            assert task.words == words
    assert (task.subject_type, task.subject_id, task.subject_label) == ("customer", owner.pk, "王雪")
    with translation.override("en"):
        assert translation.gettext(task.reason) % task.values == "Delivered on 2026-06-09: x_test"


def test_hours_count_from_the_close_of_business(rule, buyer, night):
    owner = buyer(DAY - days(1))
    rule(opens=0, due=24, unit="HOURS")
    night()
    assert tasks(owner)[0].due_at == clock.start_of(DAY) + datetime.timedelta(hours=18)


def test_working_days_follow_the_calendar_of_the_place(rule, buyer, night):
    """The Dragon Boat Festival of 2026 is a Friday and makes a long weekend."""
    day = datetime.date(2026, 6, 18)
    owner = buyer(day)
    rule(opens=0, due=1, unit="WORKING_DAYS")
    night(day)
    assert clock.day_of(tasks(owner)[0].due_at) == datetime.date(2026, 6, 22)


@pytest.mark.covers("CARE-33")
def test_a_second_night_changes_nothing(rule, buyer, night):
    owner = buyer()
    rule()
    night()
    assert night() == {}
    assert night(DAY + days(1)) == {}
    assert len(tasks(owner)) == 1


def test_even_a_finished_task_is_not_written_again(rule, buyer, night):
    owner = buyer()
    rule()
    night()
    Task.objects.filter(pk=tasks(owner)[0].pk).update(state="DONE", outcome="DONE", finished_at=at(), next_rung_at=None)
    night(DAY + days(1))
    assert len(tasks(owner)) == 1


@pytest.mark.covers("CARE-33")
def test_a_missed_night_is_caught_up_and_a_missed_window_is_logged(rule, buyer, night):
    open_still, closed = buyer(DAY - days(2)), buyer(DAY - days(10))
    rule()
    assert night() == {"TASK": 1, "LATE": 1}
    assert results(open_still) == [("x_test", "TASK")]
    assert results(closed) == [("x_test", "LATE")]
    assert tasks(closed) == []


def test_a_new_rule_looks_forward_only(rule, buyer, night):
    buyer(DAY - days(2))
    rule(since=DAY)
    assert night() == {}


@pytest.mark.covers("NFR-01")
def test_without_consent_nobody_is_contacted_unless_it_is_about_safety(rule, buyer, night):
    owner = buyer(agreed=False)
    rule()
    rule("x_recall", is_exempt=True, cap_id="reminder")
    night()
    assert results(owner) == [("x_recall", "TASK"), ("x_test", "NO_CONSENT")]


def test_a_refusal_towards_the_group_counts_for_the_outlet(rule, buyer, night, quiet):
    owner = buyer()
    consent(owner, quiet.group_id, standing="REFUSED", given=at() - days(1))
    rule()
    assert night() == {"NO_CONSENT": 1}


@pytest.mark.covers("INFO-21")
@pytest.mark.parametrize(("state", "result"), [("WRONG", "NO_NUMBER"), ("DO_NOT_CONTACT", "DO_NOT_CONTACT")])
def test_a_number_that_does_not_serve_is_said(rule, buyer, night, state, result):
    owner = buyer()
    ContactPoint.objects.filter(customer=owner).update(state=state)
    rule()
    night()
    assert results(owner) == [("x_test", result)]


def test_the_other_channel_serves_when_the_first_does_not(rule, buyer, night, quiet):
    owner = buyer()
    rule(channel="LETTER", fallback="PHONE")
    night()
    assert [task.kind for task in tasks(owner)] == ["care.call"]
    writer = buyer()
    address(writer)
    consent(writer, quiet.outlet_id, medium="LETTER")
    night()
    assert [task.kind for task in tasks(writer)] == ["care.letter"]


@pytest.mark.covers("LIFE-18")
def test_a_car_that_is_gone_reminds_nobody(rule, buyer, night):
    scrapped, sold_on = buyer(), buyer()
    Vehicle.objects.filter(pk=scrapped.car.pk).update(condition="SCRAPPED")
    Participant.objects.filter(vehicle=sold_on.car).update(until=DAY)
    rule()
    assert night() == {"EXCLUDED": 2}


@pytest.mark.covers("CARE-33")
def test_two_reasons_of_one_day_become_one_task(rule, buyer, night):
    owner = buyer(insured_until=DAY + days(30))
    rule("x_first", priority=1)
    rule("x_second", anchor="INSURANCE", opens=-30, due=-7, priority=3)
    night()
    (task,) = tasks(owner)
    assert task.values["rules"] == ["x_first", "x_second"]
    assert task.values["what"] == "x_first、x_second"
    assert results(owner) == [("x_first", "TASK"), ("x_second", "MERGED")]
    assert Decision.objects.get(result="MERGED").leader == "x_first"


@pytest.mark.covers("CARE-02")
def test_nobody_is_called_twice_within_two_days(rule, buyer, night, quiet):
    owner = buyer()
    consent(owner, quiet.group_id)
    rule("x_outlet", priority=1)
    rule("x_centre", where="CALL_CENTRE", role_id="call_centre_agent", due=5)
    assert night() == {"TASK": 1, "WAIT": 1}
    assert night(DAY + days(1)) == {"WAIT": 1}
    assert night(DAY + days(2)) == {"TASK": 1}
    assert len(tasks(owner)) == 2


def test_a_contact_that_never_finds_its_day_is_logged(rule, buyer, night, quiet):
    owner = buyer()
    consent(owner, quiet.group_id)
    rule("x_outlet", priority=1)
    rule("x_centre", where="CALL_CENTRE", role_id="call_centre_agent", due=2)
    assert night() == {"TASK": 1, "WAIT": 1}
    night(DAY + days(1))
    assert results(owner) == [("x_centre", "BUDGET"), ("x_outlet", "TASK")]


@pytest.mark.covers("FUP-20")
def test_the_call_centre_draws_and_the_outlet_does_not_see_whom(rule, buyer, night, quiet, acting):
    owners = [buyer(mobile=f"137{number:08d}") for number in range(30)]
    for owner in owners:
        consent(owner, quiet.group_id)
    row = rule(where="CALL_CENTRE", role_id="call_centre_agent", coverage=40)
    came = night()
    drawn = {pk for pk, result in Decision.objects.values_list("customer_id", "result") if result == "TASK"}
    assert drawn == {
        owner.pk for owner in owners
        if sampling.is_drawn("1", "x_test", sampling.case(owner.pk, owner.car.pk, "2026-06-09"), 40)
    }  # fmt: skip
    assert came == {"TASK": len(drawn), "SAMPLE": 30 - len(drawn)}
    draw = Draw.objects.get(rule=row)
    assert (draw.population, draw.drawn, draw.month) == (30, len(drawn), datetime.date(2026, 6, 1))
    manager = acting(quiet.gm)
    assert not Decision.objects.exists()
    assert not Draw.objects.exists()
    assert not Task.objects.filter(kind="care.call").exists()
    assert queries.draws(manager, row, 9) == []


def test_later_cases_add_to_their_stratum(rule, buyer, night, quiet):
    rule(coverage=40)
    for number in range(8):
        buyer(mobile=f"136{number:08d}")
    night()
    for number in range(4):
        buyer(DAY, mobile=f"135{number:08d}")
    night(DAY + days(1))
    (draw,) = Draw.objects.all()
    assert draw.population == 12
    assert draw.drawn == Decision.objects.filter(result="TASK").count()


def test_a_control_group_is_left_alone_and_said(rule, buyer, night):
    owners = [buyer(mobile=f"134{number:08d}") for number in range(20)]
    rule(control=50)
    night()
    held = {owner.pk for owner in owners if sampling.is_drawn("1", "x_test/control", str(owner.pk), 50)}
    assert 0 < len(held) < 20
    assert set(Decision.objects.filter(result="CONTROL").values_list("customer_id", flat=True)) == held


@pytest.mark.covers("CARE-21", "CARE-22")
def test_the_own_consultant_gets_the_call(rule, buyer, night, quiet):
    owner = buyer()
    Relation.objects.filter(customer=owner).update(consultant_id=quiet.sales.user_id)
    rule(is_consultants=True, role_id="sales_consultant")
    night()
    assert tasks(owner)[0].owner_id == quiet.sales.user_id


def test_without_a_call_centre_nobody_carries_it_out(rule, buyer, night):
    buyer()
    Node.objects.filter(kind="CALL_CENTRE").update(valid_to=datetime.date(2026, 1, 1))
    rule(where="CALL_CENTRE", role_id="call_centre_agent")
    assert night() == {"NO_PLACE": 1}


def test_a_closed_outlet_carries_nothing_out(rule, buyer, night, quiet):
    buyer()
    Node.objects.filter(pk=quiet.outlet_id).update(valid_to=DAY)
    rule()
    assert night() == {"NO_PLACE": 1}


def test_waiting_cases_outlive_a_new_version(rule, buyer, night, quiet, acting):
    owner = buyer()
    consent(owner, quiet.group_id)
    rule("x_outlet", priority=1)
    waiting = rule("x_centre", where="CALL_CENTRE", role_id="call_centre_agent", due=9)
    night()
    db.set_scope(SYSTEM)
    writing.change_rule(actor=SYSTEM, rule_id=waiting.pk, values={"priority": 4}, at=at(DAY + days(1)))
    night(DAY + days(2))
    assert ("x_centre", "TASK") in results(owner)


def test_only_headquarters_and_the_system_run_the_night(quiet, acting):
    with pytest.raises(NotAllowed):
        nightly.make_tasks(actor=acting(quiet.gm), day=DAY, at=at())


def test_the_job_of_the_night_has_its_line():
    from guanxi.config.jobs import TIMETABLE

    assert "care.make_tasks" in {name for _cron, name in TIMETABLE}
    assert "care.make_tasks" in jobs._names


def test_a_rule_that_is_off_makes_nothing_and_forgets_what_it_missed(rule, buyer, night):
    buyer()
    row = rule(is_on=False)
    assert night() == {}
    writing.switch_rule(actor=SYSTEM, rule_id=row.pk, is_on=True, at=at(DAY + days(1)))
    assert night(DAY + days(1)) == {}
    assert Rule.objects.filter(code="x_test").count() == 2
