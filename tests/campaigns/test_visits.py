"""A campaign face to face: tasks of a visit, how each ended, and who took the offer there or on the telephone."""

import datetime
import uuid

import pytest
from tests.apicalls import caller
from tests.campaigns.conftest import AT, CALL, DAY, days, recall_values, seen

from guanxi.campaigns import tasks
from guanxi.campaigns.models import Kind, Member
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import effects
from guanxi.campaigns.services import inviting, recall_steps, recalls, results, sending, starting
from guanxi.config.wiring import REACTIONS
from guanxi.contact_centre.events import CallRecorded
from guanxi.contact_centre.models import Script, Terms
from guanxi.contact_centre.services import calling
from guanxi.contact_centre.services.calling import Report
from guanxi.customers.models import Address
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.models import Task
from guanxi.worklist.services import working

FACE = CALL | {"channel": "VISIT", "words": "登门拜访，说明优惠"}


@pytest.fixture
def resident(person):
    """Return a function that makes a customer who lives somewhere."""

    def make(name="王雪"):
        row = person(name)
        Address.objects.create(customer=row, line="人民路1号", touched_at=AT)
        return row

    return make


@pytest.fixture
def running(approved, world, acting):
    def make(**more):
        row = approved(**(FACE | more))
        row = starting.start(actor=acting(world.gm), campaign_id=row.pk, at=AT)
        sending.send_due(actor=SYSTEM, now=lambda: AT)
        seen()
        return row

    return make


@pytest.fixture
def recorded(world, acting):
    """Return a function that records the call or visit of somebody with the script of campaigns, as the house does."""
    Terms.objects.update(since=datetime.date(2020, 1, 1))

    def make(who, outcome="REACHED", means="VISIT", **answers):
        seen()
        task = Task.objects.get(kind__startswith="campaigns.", subject_id=who.pk)
        script = Script.objects.get(code="campaign_offer", until=None)
        where = {"met_at": "HOME", "started_at": AT} if means == "VISIT" else {}
        said = Report(
            token=uuid.uuid4(), script_id=script.pk, outcome=outcome, answers=answers, means=means, **where
        )  # fmt: skip
        call = calling.record_call(actor=acting(world.callback), task_id=task.pk, report=said, at=AT + days(1))
        task.refresh_from_db()
        if not task.is_live:
            tasks.follow_task(
                kind=task.kind, key=task.key, state=task.state, outcome=task.outcome, subject_id=who.pk, person_id=1
            )
        tasks.follow_call(call_id=call.pk, task_id=task.pk, customer_id=who.pk)
        seen()
        return call

    return make


def member(row, who):
    seen()
    return Member.objects.get(campaign=row, customer=who)


@pytest.mark.covers("SUP-03", "FUP-02")
def test_a_wave_becomes_visits_of_the_outlet_to_those_who_live_somewhere(running, resident, person, world):
    who, nowhere = resident(), person("无地址")
    row = running(offer="试驾礼", offer_code="VISIT-1")
    task = Task.objects.get(kind="campaigns.visit")
    assert (task.node_id, task.role_id, task.subject_id) == (world.outlet_id, "follow_up_agent", who.pk)
    assert task.words.splitlines() == ["登门拜访，说明优惠", "试驾礼", "VISIT-1"]
    assert member(row, who).contacted_at == AT
    assert row.excluded == {"NO_NUMBER": 1}
    assert not Member.objects.filter(customer=nowhere).exists()
    assert Kind.objects.get(pk="DOOR_TO_DOOR").channel == "VISIT"


@pytest.mark.covers("SUP-03", "SUP-04")
def test_how_visits_ended_and_who_took_the_offer_is_counted(running, resident, recorded, world, acting):
    taker, thinker, refuser, waiting = (resident(name) for name in "甲乙丙丁")
    row = running()
    recorded(taker, takes_offer="yes")
    recorded(thinker, takes_offer="later")
    recorded(refuser, "REFUSED")
    found = [(member(row, who).ending, member(row, who).response) for who in (taker, thinker, refuser, waiting)]
    assert found == [("REACHED", "VISIT"), ("REACHED", ""), ("REFUSED", ""), ("", "")]
    effect = effects.of(acting(world.gm), row, queries.waves(row))
    assert [(line.ending, line.many, line.share) for line in effect.endings] == [
        ("REACHED", 2, 0.5), ("REFUSED", 1, 0.25), ("", 1, 0.25),
    ]  # fmt: skip
    assert (effect.addressed, effect.responded, effect.response_share) == (4, 1, 0.25)


def test_the_offer_taken_on_the_telephone_counts_as_told_there(running, resident, recorded):
    by_phone, in_person = resident("甲"), resident("乙")
    row = running(**CALL)
    recorded(by_phone, means="PHONE", takes_offer="yes")
    recorded(in_person, takes_offer="yes")  # a call may be done as a visit
    assert [member(row, who).response for who in (by_phone, in_person)] == ["CALL", "VISIT"]


def test_an_appointment_made_on_the_visit_is_an_answer(running, resident, world, acting):
    who = resident()
    row = running()
    task = Task.objects.get(kind="campaigns.visit")
    working.finish(actor=acting(world.callback), task_id=task.pk, ending=working.Ending("APPOINTMENT"), at=AT)
    seen()
    tasks.follow_task(kind=task.kind, key=task.key, state="DONE", outcome="APPOINTMENT", subject_id=who.pk, person_id=1)
    assert (member(row, who).ending, member(row, who).response) == ("APPOINTMENT", "VISIT")


def test_what_nobody_did_in_its_time_is_not_done(running, resident, world, acting):
    who = resident()
    row = running()
    results.count_results(actor=SYSTEM, day=DAY + days(20), at=AT + days(21))
    assert member(row, who).ending == ""
    results.count_results(actor=SYSTEM, day=DAY + days(30), at=AT + days(31))
    assert member(row, who).ending == "UNDONE"
    assert results.count_results(actor=SYSTEM, day=DAY + days(30), at=AT + days(31)) == 0


def test_an_end_leaves_visits_undone_and_what_was_done_as_it_was(running, resident, recorded, world, acting):
    done, open_one = resident("甲"), resident("乙")
    row = running()
    recorded(done, takes_offer="no")
    starting.end(actor=acting(world.gm), campaign_id=row.pk, at=AT + days(2))
    assert [member(row, who).ending for who in (done, open_one)] == ["REACHED", "UNDONE"]


def test_somebody_who_skips_a_visit_leaves_it_undone_and_a_withdrawal_says_nothing(running, resident):
    who = resident()
    row = running()
    task = Task.objects.get(kind="campaigns.visit")
    about = {"kind": task.kind, "key": task.key, "state": "SKIPPED", "outcome": "", "subject_id": who.pk}
    tasks.follow_task(**about, person_id=None)
    assert member(row, who).ending == ""
    tasks.follow_task(**about, person_id=7)
    assert member(row, who).ending == "UNDONE"
    tasks.follow_task(**{**about, "kind": "care.call"}, person_id=7)


def test_calls_are_followed_in_the_table_of_reactions():
    assert (CallRecorded, tasks.follow_call) in {(reaction.event, reaction.react) for reaction in REACTIONS}


def test_a_recall_may_be_told_face_to_face(resident, world, acting):
    who = resident()
    row = recalls.add_recall(actor=SYSTEM, values=recall_values(world.outlet_id, channel="VISIT"), at=AT)
    recalls.add_cars(actor=SYSTEM, recall_id=row.pk, text=who.car.vin, at=AT)
    for step in (recall_steps.submit_recall, recall_steps.approve_recall, recall_steps.open_recall):
        step(actor=SYSTEM, recall_id=row.pk, at=AT)
    inviting.invite_due(actor=SYSTEM, now=lambda: AT)
    seen()
    assert Task.objects.get(kind="campaigns.recall_visit").subject_id == who.pk


def test_the_pages_and_the_api_say_how_visits_ended(running, resident, recorded, signed_in, world):
    who = resident("拜访客户")
    row = running()
    recorded(who, takes_offer="yes")
    page = signed_in("gm").get(f"/campaigns/{row.pk}/effect/").content.decode()
    assert "How calls, letters and visits ended" in page
    assert "Reached, settled" in page
    listed = signed_in("gm").get(f"/campaigns/{row.pk}/members/").content.decode()
    assert "Agreed on a visit" in listed
    client = caller(world.gm)
    found = client.get(f"/api/v1/campaigns/campaigns/{row.pk}/effect").json()
    assert found["endings"] == [{"ending": "REACHED", "many": 1, "share": 1.0}]
    (item,) = client.get(f"/api/v1/campaigns/campaigns/{row.pk}/members").json()["items"]
    assert (item["ending"], item["response"]) == ("REACHED", "VISIT")
