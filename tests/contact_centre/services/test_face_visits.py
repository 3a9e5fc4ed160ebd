"""A follow-up may be done as a face visit: with a place and a moment, without a number, counted apart from calls."""

import datetime
import uuid

import pytest
from django.db import Error, transaction
from django.utils import translation
from tests.contact_centre.conftest import AT, FULL, hours, report

from guanxi.contact_centre.models import Call, Review
from guanxi.contact_centre.queries import supervision
from guanxi.contact_centre.services import calling, reviewing
from guanxi.customers.models import ContactPoint
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Attempt, Task

pytestmark = pytest.mark.django_db
YESTERDAY = AT - hours(20)


def visit(outcome="REACHED", **more):
    return report(outcome, **({"means": "VISIT", "met_at": "HOME", "started_at": YESTERDAY} | more))


def fresh(task):
    db.set_scope(SYSTEM)
    task.refresh_from_db()
    return task


@pytest.mark.covers("FUP-02")
def test_a_visit_answers_the_script_and_ends_its_task_without_a_number(cast, owner, task, record):
    made = task(kind="care.visit")
    seen = record(made, said=visit(note="当面问候"))
    assert (seen.means, seen.met_at, seen.started_at, seen.ended_at) == ("VISIT", "HOME", YESTERDAY, YESTERDAY)
    assert (seen.number, seen.point_id, seen.answers, seen.disposition) == ("", None, FULL, "1.1")
    done = fresh(made)
    assert (done.state, done.outcome, done.outcome_note) == ("DONE", "REACHED", "当面问候")
    assert ContactPoint.objects.get(customer=owner).proven_at is None  # no number was proven
    line = AuditEntry.objects.get(verb="contact_centre.call", subject_id=str(seen.pk))
    assert (line.after["means"], line.after["number"]) == ("VISIT", "")
    with translation.override("en"):
        assert seen.outcome_label == "Met"


@pytest.mark.covers("FUP-02")
def test_a_call_may_be_done_as_a_visit_but_not_a_visit_as_a_call(task, record):
    assert record(task(1), said=visit()).is_visit
    asked = task(2, kind="care.visit")
    with pytest.raises(Invalid) as refused:
        record(asked)
    assert refused.value.problems[0].field == "means"
    assert fresh(asked).tries == 0


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"met_at": ""}, "met_at"), ({"met_at": "MOON"}, "met_at"), ({"outcome": "BUSY"}, "outcome"),
        ({"outcome": "WRONG_NUMBER"}, "outcome"), ({"started_at": AT + hours(1)}, "started_at"),
        ({"started_at": AT - datetime.timedelta(days=8)}, "started_at"), ({"means": "PIGEON"}, "met_at"),
        ({"means": "PHONE"}, "met_at"), ({"means": "PHONE", "met_at": "", "outcome": "NOT_AT_HOME"}, "outcome"),
    ],
)  # fmt: skip
def test_what_a_visit_cannot_be_is_refused(task, record, more, field):
    made = task()
    with pytest.raises(Invalid) as refused:
        record(made, said=visit(**{"outcome": "REACHED", **more}))
    assert [problem.field for problem in refused.value.problems] == [field]
    assert not Call.objects.filter(task_id=made.pk).exists()


def test_a_visit_has_no_number(owner, task, record):
    with pytest.raises(Invalid) as refused:
        record(task(), said=visit(point_id=ContactPoint.objects.get(customer=owner).pk))
    assert refused.value.problems[0].field == "point"


@pytest.mark.parametrize(
    ("outcome", "counts", "state", "ended"),
    [
        ("NOT_AT_HOME", "2.2", "CLAIMED", ""), ("WRONG_ADDRESS", "4.3", "DONE", "NOT_REACHED"),
        ("NOT_THE_OWNER", "4.7", "DONE", "NOT_REACHED"), ("REFUSED", "2.11", "DONE", "REFUSED"),
    ],
)  # fmt: skip
def test_what_follows_from_how_a_visit_ended(task, record, outcome, counts, state, ended):
    made = task(kind="care.visit")
    seen = record(made, said=visit(outcome))
    after = fresh(made)
    assert (seen.disposition, after.state, after.outcome) == (counts, state, ended)
    assert Attempt.objects.get(task=made).outcome == outcome
    assert (after.wake_at is not None) == (outcome == "NOT_AT_HOME")


def test_who_asks_for_another_time_is_visited_then(cast, acting, owner, task, record):
    made, then = task(kind="care.visit"), AT + hours(30)
    record(made, said=visit("CALL_LATER", promised_at=then))
    assert fresh(made).wake_at == then
    alone = visit("CALL_LATER", promised_at=then)
    seen = calling.log_call(actor=acting(cast.callback), customer_id=owner.pk, report=alone, at=AT)
    again = Task.objects.get(key=f"contact_centre.visit_again:{seen.pk}")
    assert (again.kind, again.opens_at, again.owner_id) == ("contact_centre.visit_again", then, cast.callback.user_id)


@pytest.mark.covers("ORG-35")
def test_who_may_record_a_visit(cast, task, record):
    made = task(kind="care.visit")
    for actor, refusal in [(cast.stranger, NotFound), (cast.gm, NotAllowed), (cast.sales, Conflict)]:
        with pytest.raises(refusal):
            record(made, said=visit(), actor=actor)


def test_the_database_holds_a_visit_to_its_shape(task, record):
    seen = record(task(), said=visit())
    db.set_scope(SYSTEM)
    held = {
        name: getattr(seen, name)
        for name in ("customer_id", "node_id", "script_id", "started_at", "ended_at", "disposition")
    }
    for wrong in ({"met_at": ""}, {"number": "138 **** 8000"}, {"outcome": "BUSY", "disposition": "2.2"}):
        values = held | {"token": visit().token, "means": "VISIT", "met_at": "HOME", "outcome": "REACHED"} | wrong
        with pytest.raises(Error), transaction.atomic():
            Call.objects.create(**values)


@pytest.mark.covers("FUP-02")
def test_visits_count_apart_from_calls(cast, acting, task, record):
    db.set_scope(SYSTEM)
    Call.objects.all().delete()
    Task.objects.filter(kind__startswith="care").update(kind="care.letter")
    record(task(1), started_at=AT - datetime.timedelta(minutes=6))
    record(task(2, kind="care.visit"), said=visit(started_at=AT))
    record(task(3, kind="care.visit"), said=visit("NOT_AT_HOME", started_at=AT))
    morning = clock.start_of(clock.day_of(AT))
    found = supervision.agents(acting(cast.crm), cast.outlet_id, AT + hours(1), morning)
    agent = next(line for line in found if line.pk == cast.callback.user_id)
    assert (agent.week, agent.today, agent.reached, agent.minutes, agent.visits) == (1, 1, 1, 6, 2)
    ways = supervision.by_way(acting(cast.crm), cast.outlet_id, AT + hours(1))
    assert [(line.made, line.reached, line.complete, line.refused, line.share) for line in ways] == [
        (1, 1, 1, 0, 100), (2, 1, 1, 0, 50),
    ]  # fmt: skip
    assert supervision.by_way(acting(cast.stranger), cast.outlet_id, AT + hours(1)) == []
    lists = supervision.progress(acting(cast.crm), cast.outlet_id, AT + hours(1), morning + hours(24))
    assert {str(line.kind): line.due for line in lists} == {
        str(Task(kind="care.call").kind_label): 1, str(Task(kind="care.visit").kind_label): 2,
    }  # fmt: skip


def test_nobody_listens_to_a_visit(cast, acting, owner):
    week = datetime.date(2026, 3, 2)  # a Monday
    at = clock.start_of(week) + hours(10)
    for means, met_at in (("PHONE", ""), ("VISIT", "HOME")):
        Call.objects.create(
            token=uuid.uuid4(), customer=owner, node_id=cast.outlet_id, agent_id=cast.callback.user_id, agent_name="x",
            means=means, met_at=met_at, started_at=at, ended_at=at, outcome="REACHED", disposition="1.1",
        )  # fmt: skip
    reviewing.draw(actor=acting(cast.crm), node_id=cast.outlet_id, week=week, at=AT)
    assert list(Review.objects.filter(week=week).values_list("call__means", flat=True)) == ["PHONE"]
