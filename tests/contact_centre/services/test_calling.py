"""A call is recorded once, with everything that follows from it."""

import datetime
import uuid

import pytest
from django.db import Error, connection, transaction
from tests import garage
from tests.contact_centre.conftest import AT, FULL, hours, report, script

from guanxi.contact_centre.events import CallRecorded
from guanxi.contact_centre.models import Call
from guanxi.customers.models import ContactPoint
from guanxi.customers.services import merging
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Task

pytestmark = pytest.mark.django_db


def point(owner):
    return ContactPoint.objects.filter(customer=owner).order_by("pk").first()


def state(task):
    db.set_scope(SYSTEM)
    task.refresh_from_db()
    return task.state, task.outcome


@pytest.mark.covers("FUP-30")
def test_a_complete_call_ends_its_task_and_proves_the_number(cast, owner, task, record, published):
    made = task()
    call = record(made, point_id=point(owner).pk, note="很满意", started_at=AT - datetime.timedelta(minutes=6))
    assert (call.disposition, call.answers, call.agent_name, call.minutes) == ("1.1", FULL, cast.callback.name, 6)
    assert (call.number, call.node_id, call.task_id) == ("138 **** 8000", cast.outlet_id, made.pk)
    assert state(made) == ("DONE", "REACHED")
    assert (made.outcome_note, made.tries) == ("很满意", 1)
    assert point(owner).proven_at == AT
    told = [event for event in published if isinstance(event, CallRecorded)]
    assert [(event.call_id, event.customer_id, event.script, event.outcome) for event in told] == [
        (call.pk, owner.pk, "manager_call", "REACHED")
    ]
    assert AuditEntry.objects.filter(
        verb="contact_centre.call", subject_id=str(call.pk), node_id=cast.outlet_id
    ).exists()


def test_a_mandatory_question_is_not_left_out_unless_the_customer_broke_off(task, record):
    made = task()
    answers = {key: value for key, value in FULL.items() if key != "plate"} | {"store": "11", "discontent": "yes"}
    with pytest.raises(Invalid) as refused:
        record(made, answers=answers)
    assert {problem.field for problem in refused.value.problems} == {
        "answers.store", "answers.plate", "answers.discontent_what",
    }  # fmt: skip
    assert not Call.objects.filter(task_id=made.pk).exists()
    call = record(made, answers={"feeling": "9"}, is_broken_off=True)
    assert (call.disposition, call.answers, state(made)[0]) == ("1.2", {"feeling": "9"}, "CLAIMED")
    assert record(made, answers={}, is_broken_off=True).disposition == "2.12"


def test_a_form_sent_twice_is_one_call(task, record):
    made, said = task(), report("NO_ANSWER")
    first = record(made, said=said)
    assert record(made, said=said).pk == first.pk
    assert record(made, said=said, at=AT + hours(1)).ended_at == AT
    assert (Call.objects.filter(task_id=made.pk).count(), state(made)[0], made.tries) == (1, "CLAIMED", 1)
    last = report()
    assert record(made, said=last).pk == record(made, said=last).pk  # also when the task is over by then
    with pytest.raises(Conflict):
        record(task(2), said=said)


def test_the_database_holds_one_call_for_a_token(task, record):
    call = record(task(), "BUSY")
    db.set_scope(SYSTEM)
    with pytest.raises(Error), transaction.atomic():
        Call.objects.create(
            token=call.token, customer_id=call.customer_id, node_id=call.node_id, script=call.script, started_at=AT,
            ended_at=AT, outcome="BUSY", disposition="2.2",
        )  # fmt: skip


def test_a_number_that_is_not_his_or_not_to_be_called_is_refused(cast, owner, task, record):
    made = task()
    stranger = garage.customer("李强", "13900139000", cast.outlet_id)
    with pytest.raises(Invalid):
        record(made, "BUSY", point_id=point(stranger).pk)
    ContactPoint.objects.filter(customer=owner).update(state="DO_NOT_CONTACT")
    with pytest.raises(Invalid):
        record(made, "BUSY", point_id=point(owner).pk)


@pytest.mark.parametrize(
    ("outcome", "more"),
    [
        ("NO_ANSWER", {"promised_at": AT + hours(2)}), ("REACHED", {"promised_at": AT + hours(2)}),
        ("CALL_LATER", {"promised_at": AT}), ("CALL_LATER", {"promised_at": AT + datetime.timedelta(days=61)}),
        ("CALL_LATER", {"promised_to": "王先生"}), ("OTHER", {}), ("BUSY", {"script_id": 0}), ("BUSY", {"vehicle_id": 1}),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_written(task, record, outcome, more):
    made = task()
    with pytest.raises(Invalid):
        record(made, outcome, **more)
    assert (state(made)[0], made.tries, Call.objects.filter(task_id=made.pk).exists()) == ("OPEN", 0, False)


@pytest.mark.covers("ORG-35")
def test_who_may_record(cast, task, record):
    made = task()
    for actor, refusal in [
        (cast.stranger, NotFound), (cast.technician, NotAllowed), (cast.gm, NotAllowed), (cast.sales, Conflict),
    ]:  # fmt: skip
        with pytest.raises(refusal):
            record(made, "BUSY", actor=actor)
    record(made, "BUSY")
    with pytest.raises(Conflict):  # a colleague of the same role: it is somebody else's now
        record(made, "BUSY", actor=cast.advisor)
    assert record(made, "BUSY", actor=cast.crm).agent_name == cast.crm.name  # who shares the work out


def test_what_is_no_call_to_a_customer_is_refused(task, record):
    with pytest.raises(NotFound):
        record(task(1, kind="care.letter"), "BUSY")
    with pytest.raises(NotFound):
        record(task(2, subject_type="", subject_id=None), "BUSY")
    over = task(3)
    db.set_scope(SYSTEM)
    Task.objects.filter(pk=over.pk).update(
        state="DONE", outcome="DONE", finished_at=AT, next_rung_at=None, owner_id=None
    )
    with pytest.raises(Conflict):
        record(over, "BUSY")


def test_calls_and_scripts_stay_as_they_are(task, record):
    call = record(task(), "BUSY")
    db.set_scope(SYSTEM)
    for change in ({"outcome": "NO_ANSWER"}, {"note": "别的"}, {"answers": {"x": "1"}}):
        with pytest.raises(Error), transaction.atomic():
            Call.objects.filter(pk=call.pk).update(**change)
    for change in ({"questions": []}, {"fits": ["*"]}):
        with pytest.raises(Error), transaction.atomic():
            type(call.script).objects.filter(pk=call.script_id).update(**change)


def test_a_merge_of_customers_moves_their_calls(cast, acting, owner, task, record):
    kept = garage.customer("王雪", "13900139001", cast.outlet_id)
    call = record(task(), "BUSY")
    merging.merge_customers(actor=acting(cast.hq), kept_id=kept.pk, gone_id=owner.pk, choices={}, at=AT)
    db.set_scope(SYSTEM)
    call.refresh_from_db()
    assert call.customer_id == kept.pk


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "REACHED", "disposition": "2.2"}, {"outcome": "BUSY", "disposition": "1.1"},
        {"outcome": "MAYBE", "disposition": "2.2"}, {"ended_at": AT - hours(1)},
        {"outcome": "BUSY", "promised_at": AT + hours(1)}, {"outcome": "CALL_LATER", "disposition": "2.21", "promised_to": "x"},
    ],
)  # fmt: skip
def test_the_database_refuses_nonsense(cast, owner, change):
    db.set_scope(SYSTEM)
    values = {
        "token": uuid.uuid4(), "customer": owner, "node_id": cast.outlet_id, "script": script(), "started_at": AT,
        "ended_at": AT, "outcome": "BUSY", "disposition": "2.2",
    }  # fmt: skip
    with pytest.raises(Error), transaction.atomic():
        Call.objects.create(**(values | change))


@pytest.mark.covers("NFR-06")
def test_the_database_hides_calls_of_other_places(cast, acting, task, record):
    call = record(task(), "BUSY")

    def seen(actor):
        acting(actor)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM contact_centre_call WHERE id = %s", [call.pk])
            return cursor.fetchone()[0]

    assert (seen(cast.callback), seen(cast.stranger), seen(cast.branch), seen(cast.agent)) == (1, 0, 1, 1)
