"""From the wrong record to the customer's word that it is right: every step of a correction order."""

import pytest
from django.db import DatabaseError, transaction
from tests import garage
from tests.verification.conftest import AT, DAY, WARRANTY, found, hours

from guanxi.customers.models import Customer
from guanxi.customers.services import recording
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.vehicles.services import cars
from guanxi.verification import policy
from guanxi.verification.events import CorrectionClosed
from guanxi.verification.models import Check, Order, Round
from guanxi.verification.queries import orders
from guanxi.verification.services import correcting, deciding, ordering
from guanxi.verification.services.ordering import NewOrder
from guanxi.verification.states import ENDED, MOVES, State
from guanxi.worklist.models import Task
from guanxi.worklist.services import working

SAID = {"measure": "按行驶证改了车牌", "proof": "行驶证照片"}


def tasks(row):
    db.set_scope(SYSTEM)
    rows = Task.objects.filter(subject_type="verification.order", subject_id=row.pk).order_by("pk")
    return [(task.kind.partition(".")[2], task.state, task.outcome) for task in rows]


def mark(row):
    db.set_scope(SYSTEM)
    return Customer.objects.get(pk=row.customer_id).verification


@pytest.fixture
def put_right(cast, acting):
    """Return a function that corrects the plate as the customer said and reports it as the outlet's manager."""

    def act(row, *, number="沪B99999", at=None):
        manager = acting(cast.crm)
        cars.set_plate(actor=manager, vehicle_id=row.vehicle_id, number=number, since=DAY, at=at or AT + hours(1))
        return correcting.correct(actor=manager, order_id=row.pk, at=at or AT + hours(1), **SAID)

    return act


@pytest.mark.covers("INFO-27", "CC-24")
def test_a_corrected_record_is_verified_again_and_closed(cast, acting, ordered, put_right, published):
    put_right(ordered)
    assert tasks(ordered) == [("correct", "DONE", "CORRECTED"), ("verify", "OPEN", "")]
    held = Task.objects.get(kind="verification.verify", subject_id=ordered.pk)
    assert (held.node_id, held.owner_id) == (cast.agent.home_id, cast.agent.user_id)
    assert mark(ordered) == "INVALID"
    deciding.verify(actor=acting(cast.agent), order_id=ordered.pk, is_right=True, words="对了", at=AT + hours(30))
    ordered.refresh_from_db()
    assert (ordered.state, ordered.rounds, ordered.ended_at) == ("CLOSED", 1, AT + hours(30))
    assert tasks(ordered)[1] == ("verify", "DONE", "VERIFIED")
    assert mark(ordered) == "VALID"  # each other basic field was right in the call
    assert [event.rounds for event in published if isinstance(event, CorrectionClosed)] == [1]


def test_nobody_reports_what_still_stands_as_it_stood(cast, acting, ordered, put_right):
    with pytest.raises(Invalid, match="车牌"):
        correcting.correct(actor=acting(cast.crm), order_id=ordered.pk, at=AT + hours(1), **SAID)
    ordered.refresh_from_db()
    assert (ordered.state, ordered.rounds) == ("ISSUED", 0)
    assert [item.is_changed for item in orders.wrong(ordered)] == [False]
    assert put_right(ordered).number == 1
    found_now = orders.wrong(Order.objects.get(pk=ordered.pk))
    assert [(item.line.shown, item.line.said, item.now, item.is_changed) for item in found_now] == [
        ("沪A12345", "沪B99999", "沪B99999", True)
    ]


def test_a_dummy_is_no_correction(cast, acting, car, task, call):
    row = call(task(), found(NAME="王霞")).order
    recording.change_customer(actor=acting(cast.crm), customer_id=row.customer_id, fields={"name": "测试"}, at=AT)
    with pytest.raises(Invalid, match="姓名"):
        correcting.correct(actor=acting(cast.crm), order_id=row.pk, at=AT, **SAID)
    recording.change_customer(actor=acting(cast.crm), customer_id=row.customer_id, fields={"name": "王霞"}, at=AT)
    assert correcting.correct(actor=acting(cast.crm), order_id=row.pk, at=AT, **SAID).number == 1


def test_a_record_that_is_still_wrong_goes_back(cast, acting, ordered, put_right):
    put_right(ordered, number="沪B99990")
    deciding.verify(actor=acting(cast.agent), order_id=ordered.pk, is_right=False, words="尾号不对", at=AT + hours(30))
    ordered.refresh_from_db()
    assert ordered.state == "ISSUED"
    assert ordered.due_at > AT + hours(30)
    assert tasks(ordered)[1:] == [("verify", "DONE", "REJECTED"), ("correct", "OPEN", "")]
    put_right(ordered, at=AT + hours(31))
    deciding.verify(actor=acting(cast.agent), order_id=ordered.pk, is_right=True, words="对了", at=AT + hours(50))
    said = [(item.number, item.is_right, item.verdict) for item in orders.rounds(ordered)]
    assert said == [(2, True, "对了"), (1, False, "尾号不对")]
    assert mark(ordered) == "VALID"


def test_a_disputed_order_is_insisted_on_or_withdrawn(cast, acting, ordered):
    correcting.dispute(actor=acting(cast.crm), order_id=ordered.pk, measure="车牌就是这个", at=AT + hours(1))
    assert tasks(ordered) == [("correct", "DONE", "DISPUTED"), ("decide", "OPEN", "")]
    deciding.insist(actor=acting(cast.agent), order_id=ordered.pk, reason="客户发来了照片", at=AT + hours(2))
    assert tasks(ordered)[1:] == [("decide", "DONE", "DECIDED"), ("correct", "OPEN", "")]
    correcting.dispute(actor=acting(cast.crm), order_id=ordered.pk, measure="照片是另一辆车", at=AT + hours(3))
    deciding.withdraw(actor=acting(cast.agent), order_id=ordered.pk, reason="确认是另一辆车", at=AT + hours(4))
    ordered.refresh_from_db()
    assert (ordered.state, ordered.reason, ordered.ended_at) == ("WITHDRAWN", "确认是另一辆车", AT + hours(4))
    assert not [row for row in tasks(ordered) if row[1] == "OPEN"]
    assert mark(ordered) == "VALID"  # the record was right after all
    assert [item.is_right for item in orders.rounds(ordered)] == [True, False]


def test_a_repair_whose_basic_fields_were_not_all_asked_is_not_marked_valid(cast, acting, visit, task, call):
    row = call(task("centre_in_warranty"), found(WARRANTY, PLATE="沪B99999")).order
    assert mark(row) == "INVALID"
    deciding.withdraw(actor=acting(cast.agent), order_id=row.pk, reason="听错了", at=AT + hours(1))
    assert mark(row) == "UNVERIFIED"


def test_a_newer_check_keeps_its_mark(cast, acting, ordered, visit, task, call):
    call(task("centre_in_warranty"), found(WARRANTY, NAME="王霞"), at=AT + hours(1))
    deciding.withdraw(actor=acting(cast.agent), order_id=ordered.pk, reason="听错了", at=AT + hours(2))
    assert mark(ordered) == "INVALID"


def test_each_side_does_only_what_is_its_own(cast, acting, ordered, put_right):
    with pytest.raises(NotAllowed):
        correcting.dispute(actor=acting(cast.agent), order_id=ordered.pk, measure="x", at=AT)
    with pytest.raises(NotAllowed):
        deciding.withdraw(actor=acting(cast.crm), order_id=ordered.pk, reason="x", at=AT)
    put_right(ordered)
    with pytest.raises(NotAllowed):
        deciding.verify(actor=acting(cast.crm), order_id=ordered.pk, is_right=True, words="x", at=AT)
    with pytest.raises(Conflict):
        correcting.correct(actor=acting(cast.crm), order_id=ordered.pk, at=AT, **SAID)
    acting(cast.stranger)
    with pytest.raises(NotFound):
        orders.order(cast.stranger, ordered.pk)
    assert not Order.objects.filter(pk=ordered.pk).exists()  # the second wall


@pytest.mark.parametrize("blank", ["measure", "proof"])
def test_an_answer_is_said_in_words(cast, acting, ordered, blank):
    with pytest.raises(Invalid) as error:
        correcting.correct(actor=acting(cast.crm), order_id=ordered.pk, at=AT, **(SAID | {blank: " "}))
    assert [problem.field for problem in error.value.problems] == [blank]


def test_an_order_by_hand_is_verified_where_it_was_issued(cast, acting, owner):
    new = NewOrder(cast.outlet_id, owner.pk, "地址不对", "by-hand-1", days=10)
    row = ordering.order(actor=acting(cast.callback), new=new, at=AT)
    assert (row.place_id, row.check_of, row.days, row.occasion_id) == (cast.outlet_id, None, 10, "ANY_CALL")
    assert ordering.order(actor=acting(cast.callback), new=new, at=AT).pk == row.pk
    correcting.correct(actor=acting(cast.crm), order_id=row.pk, at=AT + hours(1), **SAID)
    deciding.verify(actor=acting(cast.callback), order_id=row.pk, is_right=True, words="对", at=AT + hours(2))
    row.refresh_from_db()
    assert (row.state, mark(row)) == ("CLOSED", "UNVERIFIED")  # no check: nobody asked the rest


@pytest.mark.parametrize(("more", "field"), [({"words": " "}, "words"), ({"days": 61}, "days")])
def test_what_cannot_be_ordered_is_refused(cast, acting, owner, more, field):
    values = {"outlet_id": cast.outlet_id, "customer_id": owner.pk, "words": "错", "token": "by-hand-2"}
    with pytest.raises(Invalid) as error:
        ordering.order(actor=acting(cast.callback), new=NewOrder(**(values | more)), at=AT)
    assert [problem.field for problem in error.value.problems] == [field]
    assert not Order.objects.exists()


def test_nobody_orders_about_whom_or_where_he_does_not_see(cast, acting, owner):
    db.set_scope(SYSTEM)
    foreign = garage.customer("外店客户", "13600007709", cast.other_outlet_id)
    with pytest.raises(NotFound):
        ordering.order(
            actor=acting(cast.callback), new=NewOrder(cast.outlet_id, foreign.pk, "错", "by-hand-3"), at=AT
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        ordering.order(
            actor=acting(cast.callback), new=NewOrder(cast.other_outlet_id, owner.pk, "错", "by-hand-4"), at=AT
        )  # fmt: skip


def test_a_task_of_an_order_does_not_end_by_hand(cast, acting, ordered):
    held = Task.objects.get(kind="verification.correct", subject_id=ordered.pk)
    with pytest.raises(Conflict):
        working.finish(actor=acting(cast.crm), task_id=held.pk, ending=working.Ending("CORRECTED"), at=AT)


def test_the_database_keeps_what_was_answered(cast, acting, ordered):
    made = correcting.dispute(actor=acting(cast.crm), order_id=ordered.pk, measure="对的", at=AT)
    db.set_scope(SYSTEM)
    for change in ({"measure": "别的"}, {"is_right": True}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Round.objects.filter(pk=made.pk).update(**change)
    acting(cast.gm)
    assert Order.objects.filter(pk=ordered.pk)._raw_delete("default") == 0
    assert Check.objects.filter(order=ordered).exists()


@pytest.mark.parametrize("before", State.values)
def test_every_move_that_is_not_named_is_refused(before):
    assert {after for after in State.values if policy.may_move(before, after)} == MOVES[before]
    assert (before in ENDED) == (not MOVES[before])
