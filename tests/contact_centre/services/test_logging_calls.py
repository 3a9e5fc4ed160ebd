"""A call that no task asked for is recorded once, with a script or none; what was promised becomes a task."""

import datetime
import uuid

import pytest
from tests import garage
from tests.contact_centre.conftest import AT, FULL, hours, report

from guanxi.contact_centre.models import Call
from guanxi.contact_centre.services import calling
from guanxi.contact_centre.services.calling import Report
from guanxi.customers.models import ContactPoint
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.worklist.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(cast, acting, owner):
    """Return a function that logs a call as the outlet's follow-up agent unless said otherwise."""

    def new(outcome="REACHED", who="callback", *, customer_id=None, said=None, **more):
        words = said or Report(**({"token": uuid.uuid4(), "script_id": None, "outcome": outcome} | more))
        return calling.log_call(
            actor=acting(getattr(cast, who)), customer_id=customer_id or owner.pk, report=words, at=AT
        )

    return new


def tasks(owner):
    db.set_scope(SYSTEM)
    return {task.kind: task for task in Task.objects.filter(subject_type="customer", subject_id=owner.pk)}


@pytest.mark.covers("CC-38", "CC-33")
def test_without_a_script_a_call_that_reached_somebody_is_complete(cast, owner, car, log):
    point = ContactPoint.objects.get(customer=owner)
    call = log(point_id=point.pk, vehicle_id=car.pk, note="问候", started_at=AT - datetime.timedelta(minutes=3))
    assert (call.disposition, call.script, call.script_name, call.task_id) == ("1.1", None, "", None)
    assert (call.node_id, call.vehicle_id, call.minutes) == (cast.outlet_id, car.pk, 3)
    point.refresh_from_db()
    assert point.proven_at == AT
    assert tasks(owner) == {}


def test_with_a_script_its_questions_have_to_be_asked(owner, log):
    assert log(said=report(answers=FULL)).answers == FULL
    with pytest.raises(Invalid):
        log(said=report(answers={}))


def test_sent_twice_it_is_one_call_and_for_another_customer_none(cast, owner, task, record, log):
    said = report("BUSY")
    first = log(said=said)
    assert log(said=said).pk == first.pk
    other = garage.customer("别人", "13900139009", cast.outlet_id)
    with pytest.raises(Conflict):
        log(said=said, customer_id=other.pk)
    for_task = record(task(), "BUSY")
    with pytest.raises(Conflict):
        log(said=report("BUSY", token=for_task.token))
    assert Call.objects.filter(customer=owner).count() == 2


@pytest.mark.covers("FUP-30")
def test_what_was_promised_becomes_a_task_of_whoever_promised(cast, owner, log):
    promised = AT + hours(48)
    call = log("CALL_LATER", promised_at=promised, promised_to="太太", note="后天上午")
    made = tasks(owner)["contact_centre.call_back"]
    assert (made.owner_id, made.node_id, made.opens_at, made.note) == (
        cast.callback.user_id, cast.outlet_id, promised, "后天上午",
    )  # fmt: skip
    assert made.due_at >= promised
    assert (call.promised_at, call.promised_to) == (promised, "太太")


def test_who_was_not_reached_leaves_no_task(owner, log):
    log("NO_ANSWER")
    assert tasks(owner) == {}


def test_what_is_found_becomes_work(owner, log):
    log(purchase="想换车")
    assert tasks(owner)["contact_centre.purchase"].parent_id is None


def test_what_cannot_be_is_refused(cast, owner, log):
    for more in (
        {"script_id": 999999},
        {"outcome": "MAYBE"},
        {"vehicle_id": 1},
        {"point_id": 1},
        {"promised_to": "他"},
    ):
        with pytest.raises(Invalid):
            log(**more)
    with pytest.raises(NotAllowed):
        log(who="gm")
    with pytest.raises(NotFound):
        log(who="stranger")
    assert log(who="agent").node_id == cast.agent.home_id
