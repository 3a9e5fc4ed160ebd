"""A call is recorded once, with everything that follows from it."""

import datetime
import uuid

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone
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
from guanxi.rectification.models import Notice
from guanxi.verification.models import Order
from guanxi.worklist.models import Attempt, SpecialDay, Task
from guanxi.worklist.queries import calendars
from guanxi.worklist.services import escalating, working

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


@pytest.mark.covers("FUP-30")
@pytest.mark.parametrize(
    ("outcome", "attempt", "ends", "counts"),
    [
        ("NO_ANSWER", "NO_ANSWER", ("CLAIMED", ""), "2.2"), ("BUSY", "BUSY", ("CLAIMED", ""), "2.2"),
        ("SWITCHED_OFF", "SWITCHED_OFF", ("CLAIMED", ""), "2.2"), ("CALL_LATER", "CALL_LATER", ("CLAIMED", ""), "2.21"),
        ("WRONG_NUMBER", "WRONG_NUMBER", ("DONE", "NOT_REACHED"), "4.3"),
        ("NOT_THE_OWNER", "NOT_THE_OWNER", ("DONE", "NOT_REACHED"), "4.7"),
        ("REFUSED", "REFUSED", ("DONE", "REFUSED"), "2.11"),
    ],
)  # fmt: skip
def test_each_outcome_leaves_an_attempt_and_ends_the_task_or_lets_it_wait(
    cast, owner, task, record, outcome, attempt, ends, counts
):
    made = task()
    call = record(made, outcome, point_id=point(owner).pk)
    assert (call.disposition, state(made)) == (counts, ends)
    assert Attempt.objects.get(task=made).outcome == attempt
    assert made.owner_id == cast.callback.user_id
    assert (made.wake_at is not None and made.wake_at > AT) == (ends[0] == "CLAIMED")


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


@pytest.mark.covers("FUP-30")
def test_who_was_not_reached_is_tried_again_when_the_outlet_works(cast, task, record):
    """The outlet is closed for three days, so the next try waits for the fourth."""
    made = task()
    db.set_scope(SYSTEM)
    days = [timezone.localtime(AT).date() + datetime.timedelta(days=number) for number in (1, 2, 3)]
    for day in days:
        SpecialDay.objects.create(node_id=cast.outlet_id, day=day, reason="盘点", made_at=AT)
    record(made, "NO_ANSWER")
    db.set_scope(SYSTEM)
    made.refresh_from_db()
    here = timezone.localtime(made.wake_at)
    assert here.date() > days[-1]
    first, last = calendars.openings([cast.outlet_id], here.date(), here.date())[cast.outlet_id][here.date()]
    assert first <= made.wake_at < last


def test_the_database_holds_one_call_for_a_token(task, record):
    call = record(task(), "BUSY")
    db.set_scope(SYSTEM)
    with pytest.raises(Error), transaction.atomic():
        Call.objects.create(
            token=call.token, customer_id=call.customer_id, node_id=call.node_id, script=call.script, started_at=AT,
            ended_at=AT, outcome="BUSY", disposition="2.2",
        )  # fmt: skip


def test_a_wrong_number_is_marked_and_another_is_tried_at_once(owner, task, record):
    db.set_scope(SYSTEM)
    other = ContactPoint.objects.create(customer=owner, channel="MOBILE", value="13900139000", touched_at=AT)
    made = task()
    record(made, "WRONG_NUMBER", point_id=point(owner).pk)
    assert (point(owner).state, state(made), made.wake_at) == ("WRONG", ("CLAIMED", ""), None)
    record(made, "WRONG_NUMBER", point_id=other.pk)
    assert state(made) == ("DONE", "NOT_REACHED")


def test_a_number_that_is_not_his_or_not_to_be_called_is_refused(cast, owner, task, record):
    made = task()
    stranger = garage.customer("李强", "13900139000", cast.outlet_id)
    with pytest.raises(Invalid):
        record(made, "BUSY", point_id=point(stranger).pk)
    ContactPoint.objects.filter(customer=owner).update(state="DO_NOT_CONTACT")
    with pytest.raises(Invalid):
        record(made, "BUSY", point_id=point(owner).pk)


def test_who_is_not_reached_is_tried_until_the_most_and_then_given_up(task, record):
    made, at = task(expires_at=AT + hours(30)), AT
    for number in range(1, 5):
        record(made, "NO_ANSWER", at=at)
        assert (state(made)[0], made.tries) == ("CLAIMED", number)
        assert made.expires_at > made.wake_at > at
        assert timezone.localtime(made.wake_at).date() > timezone.localtime(at).date()
        assert timezone.localtime(made.wake_at).hour != timezone.localtime(at).hour
        at = made.wake_at
    record(made, "NO_ANSWER", at=at)
    assert state(made) == ("DONE", "NOT_REACHED")


def test_a_promised_call_waits_for_its_moment_and_is_not_lost(task, record):
    made = task(expires_at=AT + hours(20))
    later = AT + datetime.timedelta(days=20)
    call = record(made, "CALL_LATER", promised_at=later, promised_to="王先生")
    assert (call.promised_at, call.promised_to) == (later, "王先生")
    assert (state(made)[0], made.wake_at) == ("CLAIMED", later)
    while escalating.expire(actor=SYSTEM, at=AT + datetime.timedelta(days=20)):
        pass
    assert state(made)[0] == "CLAIMED"


def test_a_promise_moves_the_deadline_as_far_as_deadlines_move(task, record):
    near, far = task(1), task(2)
    tomorrow = AT + hours(24)
    record(near, "CALL_LATER", promised_at=tomorrow)
    record(far, "CALL_LATER", promised_at=AT + datetime.timedelta(days=50))
    state(near), state(far)
    assert (near.due_at, near.wake_at, near.postponed) == (tomorrow, tomorrow, 1)
    assert (far.due_at, far.wake_at, far.postponed) == (AT + hours(4), AT + datetime.timedelta(days=50), 0)


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


def test_a_failure_on_the_way_leaves_nothing(owner, task, record, monkeypatch):
    made = task()

    def dies(**_more):
        raise RuntimeError

    monkeypatch.setattr(working, "finish", dies)
    with pytest.raises(RuntimeError):
        record(made, point_id=point(owner).pk, correction="地址错误")
    assert (state(made), made.tries) == (("OPEN", ""), 0)
    assert point(owner).proven_at is None
    assert not Call.objects.filter(task_id=made.pk).exists()
    assert not Attempt.objects.filter(task=made).exists()


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


def test_what_a_call_finds_becomes_work_for_the_outlet(cast, owner, task, record, car):
    made = task(node=cast.outlet_id, values={"rules": ["manager_call"], "cars": [car.pk]})
    call = record(made, correction="地址：虹桥路1号", purchase="想换一台七座车", vehicle_id=car.pk)
    db.set_scope(SYSTEM)
    found = {row.kind: row for row in Task.objects.filter(parent_id=made.pk)}
    purchase = found["contact_centre.purchase"]
    order = Order.objects.get(token=f"call-{call.token}")
    assert (order.role_id, order.days, order.outlet_id, order.words) == (
        "customer_representative", 2, cast.outlet_id, "地址：虹桥路1号",
    )  # fmt: skip
    asked = Task.objects.get(kind="verification.correct", subject_id=order.pk)
    assert (asked.role_id, asked.node_id, asked.due_at) == ("customer_representative", cast.outlet_id, order.due_at)
    assert (purchase.role_id, purchase.priority, purchase.values["cars"]) == ("sales_manager", 2, [car.pk])
    assert purchase.subject_id == owner.pk
    assert str(call.pk) in purchase.key


def test_the_call_centre_passes_on_to_the_outlet_of_the_customer(cast, owner, task, record):
    centre = cast.agent.home_id
    made = task(node=centre, role="call_centre_agent")
    record(made, actor=cast.agent, purchase="想买新车")
    db.set_scope(SYSTEM)
    assert Task.objects.get(parent_id=made.pk).node_id == cast.outlet_id


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


@pytest.mark.covers("FUP-06", "FUP-31")
def test_a_problem_goes_before_its_department_with_the_call_or_not_at_all(task, record, owner, cast):
    made = task()
    with pytest.raises(Invalid) as error:
        record(made, problem="NO_SUCH", problem_words="等了三小时")
    assert [problem.field for problem in error.value.problems] == ["problem"]
    assert not Call.objects.filter(task_id=made.pk).exists()
    with pytest.raises(Invalid):
        record(made, problem="WAITING")
    said = report(problem="WAITING", problem_words="等了三小时")
    call = record(made, said=said)
    assert record(made, said=said).pk == call.pk
    db.set_scope(SYSTEM)
    notice = Notice.objects.get(customer=owner)
    assert (notice.outlet_id, notice.department_id, notice.words) == (cast.outlet_id, "SERVICE", "等了三小时")
    assert notice.issued_by_id == cast.callback.user_id
