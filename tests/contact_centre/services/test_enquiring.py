"""An enquiry is taken once, resolved at once or passed on to a department, and the customer is told."""

import datetime
import uuid

import pytest
from django.db import Error, connection, transaction
from tests import garage
from tests.contact_centre.conftest import AT as TODAY

from guanxi.contact_centre.events import EnquiryClosed, EnquiryTaken
from guanxi.contact_centre.models import Enquiry
from guanxi.contact_centre.queries import enquiries
from guanxi.contact_centre.services import replying
from guanxi.contact_centre.services.findings import Found
from guanxi.customers.models import ContactPoint, Customer, Relation
from guanxi.customers.services import merging
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.rectification.models import Notice
from guanxi.verification.models import Order
from guanxi.worklist.models import Task

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 6, 3, 2, 0, tzinfo=datetime.UTC)  # a Wednesday, ten o'clock in Shanghai


def live(row):
    db.set_scope(SYSTEM)
    return {task.kind: task for task in Task.objects.filter(subject_type="contact_centre.enquiry", subject_id=row.pk)}


@pytest.mark.covers("CC-02", "CC-36", "CC-44")
def test_what_is_resolved_at_once_is_closed_and_asks_nobody(cast, owner, car, take, published):
    row = take(
        customer_id=owner.pk,
        vehicle_id=car.pk,
        number="+86 138-0013-8000",
        started_at=AT - datetime.timedelta(minutes=4),
    )
    assert (row.state, row.is_first_contact, row.place_id, row.outlet_id) == (
        "CLOSED",
        True,
        cast.outlet_id,
        cast.outlet_id,
    )
    assert (row.number, row.masked, row.taken_by, row.closed_at) == (
        "13800138000",
        "138 **** 8000",
        cast.callback.name,
        AT,
    )
    assert live(row) == {}
    told = [event for event in published if isinstance(event, EnquiryTaken)]
    assert [(event.enquiry_id, event.category, event.is_first_contact) for event in told] == [
        (row.pk, "MAINTENANCE", True)
    ]
    assert AuditEntry.objects.filter(verb="contact_centre.take_enquiry", subject_id=str(row.pk)).count() == 1


def test_sent_twice_it_is_one_enquiry(owner, take):
    token = uuid.uuid4()
    first = take(token=token, customer_id=owner.pk, is_resolved=False)
    assert take(token=token, customer_id=owner.pk, is_resolved=False).pk == first.pk
    assert len(live(first)) == 1


@pytest.mark.covers("CC-04", "CC-36")
def test_what_is_not_resolved_goes_to_its_department_with_everything_and_comes_back_to_be_told(
    cast, acting, owner, take, published
):
    row = take("agent", customer_id=owner.pk, is_resolved=False, answer="", words="保养套餐多少钱")
    assert (row.state, row.department_id, row.place_id) == ("WITH_DEPARTMENT", "SERVICE", cast.agent.home_id)
    task = live(row)["contact_centre.answer"]
    assert (task.role_id, task.node_id, task.owner_id, task.due_at) == (
        "service_manager",
        cast.outlet_id,
        None,
        row.due_at,
    )
    assert task.due_at > AT
    assert task.values["words"] == "保养套餐多少钱"
    with pytest.raises(Invalid):
        replying.answer(actor=acting(cast.service), enquiry_id=row.pk, words=" ", is_told=False, at=AT)
    replying.answer(actor=acting(cast.service), enquiry_id=row.pk, words="880元", is_told=False, at=AT)
    held = live(row)
    assert (held["contact_centre.answer"].state, held["contact_centre.answer"].outcome) == ("DONE", "ANSWERED")
    tell = held["contact_centre.tell"]
    assert (tell.owner_id, tell.node_id, tell.state) == (cast.agent.user_id, cast.agent.home_id, "OPEN")
    with pytest.raises(Conflict):
        replying.answer(actor=acting(cast.service), enquiry_id=row.pk, words="再答", is_told=False, at=AT)
    with pytest.raises(NotAllowed):
        replying.reply(actor=acting(cast.service), enquiry_id=row.pk, at=AT)
    done = replying.reply(actor=acting(cast.agent), enquiry_id=row.pk, at=AT)
    assert (done.state, done.closed_by, done.reply, done.is_first_contact) == (
        "CLOSED",
        cast.agent.name,
        "880元",
        False,
    )
    assert live(row)["contact_centre.tell"].outcome == "TOLD"
    assert [event.enquiry_id for event in published if isinstance(event, EnquiryClosed)] == [row.pk]


def test_a_department_that_tells_the_customer_itself_closes_it(cast, acting, owner, take):
    row = take(customer_id=owner.pk, is_resolved=False)
    replying.answer(actor=acting(cast.service), enquiry_id=row.pk, words="已电话答复", is_told=True, at=AT)
    assert set(live(row)) == {"contact_centre.answer"}
    row.refresh_from_db()
    assert (row.state, row.closed_by) == ("CLOSED", cast.service.name)


def test_passed_on_to_another_department_the_deadline_stays(cast, acting, owner, take):
    row = take(customer_id=owner.pk, is_resolved=False)
    for wrong, error in (("SERVICE", Conflict), ("NOBODY", Invalid)):
        with pytest.raises(error):
            replying.transfer(actor=acting(cast.service), enquiry_id=row.pk, department=wrong, reason="不归我", at=AT)
    with pytest.raises(Invalid):
        replying.transfer(actor=acting(cast.service), enquiry_id=row.pk, department="PARTS", reason=" ", at=AT)
    with pytest.raises(NotFound):
        replying.transfer(actor=acting(cast.stranger), enquiry_id=row.pk, department="PARTS", reason="x", at=AT)
    later = AT + datetime.timedelta(hours=2)
    moved = replying.transfer(
        actor=acting(cast.service), enquiry_id=row.pk, department="PARTS", reason="问配件", at=later
    )
    assert (moved.department_id, moved.reason, moved.due_at) == ("PARTS", "问配件", row.due_at)
    db.set_scope(SYSTEM)
    held = Task.objects.filter(subject_type="contact_centre.enquiry", subject_id=row.pk).order_by("pk")
    assert [(task.role_id, task.state) for task in held] == [("service_manager", "DONE"), ("parts_clerk", "OPEN")]
    assert held[1].due_at == row.due_at


@pytest.mark.covers("CC-02")
def test_an_unknown_caller_becomes_a_potential_customer_or_stays_without_a_record(cast, take):
    row = take(number="13900007777", caller="赵 六", is_new=True)
    db.set_scope(SYSTEM)
    assert Relation.objects.get(customer=row.customer_id).category == "POTENTIAL"
    assert ContactPoint.objects.get(customer=row.customer_id).value == "13900007777"
    before = Customer.objects.count()
    other = take(number="021 6234 5678", caller="过路人")
    assert (other.customer_id, other.number, other.caller) == (None, "021-62345678", "过路人")
    db.set_scope(SYSTEM)
    assert Customer.objects.count() == before


def test_what_is_found_becomes_work_in_the_same_transaction(cast, owner, car, take):
    found = Found(correction="地址变了", purchase="想换车", problem="WAITING", problem_words="等了三小时")
    row = take(customer_id=owner.pk, vehicle_id=car.pk, found=found, at=TODAY)
    db.set_scope(SYSTEM)
    made = {task.kind: task for task in Task.objects.filter(subject_type="customer", subject_id=owner.pk)}
    assert Order.objects.get(customer=owner).words == "地址变了"
    assert made["contact_centre.purchase"].values["cars"] == [car.pk]
    assert str(row.pk) in made["contact_centre.purchase"].key
    assert Notice.objects.get(customer=owner).words == "等了三小时"
    token = uuid.uuid4()
    with pytest.raises(Invalid):
        take(token=token, customer_id=owner.pk, found=Found(problem="NONE", problem_words="x"), at=TODAY)
    db.set_scope(SYSTEM)
    assert not Enquiry.objects.filter(token=token).exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"category": "NONE"}, "category"), ({"kind": "NONE"}, "kind"), ({"way": "NONE"}, "way"), ({"words": " "}, "words"),
        ({"answer": " "}, "answer"), ({"is_resolved": False, "outlet_id": None}, "outlet"),
        ({"is_resolved": False, "customer_id": None}, "number"), ({"number": "12"}, "number"),
        ({"is_new": True, "customer_id": None, "number": "13900007777"}, "caller"), ({"vehicle_id": 1}, "vehicle"),
        ({"is_resolved": False, "department": "NONE"}, "department"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(owner, take, more, field):
    with pytest.raises(Invalid) as refused:
        take(**({"customer_id": owner.pk} | more))
    assert [problem.field for problem in refused.value.problems] == [field]


def test_rights_hold_at_the_outlet(cast, owner, take):
    with pytest.raises(NotAllowed):
        take("gm", customer_id=owner.pk)
    with pytest.raises(NotAllowed):
        take("callback", outlet_id=cast.other_outlet_id)
    with pytest.raises(NotFound):
        take("stranger", customer_id=owner.pk, outlet_id=cast.other_outlet_id)


@pytest.mark.covers("CC-02", "CC-43")
def test_a_caller_is_recognised_by_his_whole_number_in_any_spelling(cast, acting, owner, car):
    other = garage.customer("王霜", "13800138000", cast.outlet_id)
    garage.customer("王霞", "13800138000", cast.other_outlet_id)
    office = garage.customer("李座机", "", cast.outlet_id)
    ContactPoint.objects.create(customer=office, channel="LANDLINE", value="021-62345678", touched_at=AT)
    garage.retoken(office)
    with connection.cursor() as cursor:
        cursor.execute("SELECT customers_retoken(%s)", [[office.pk]])
    actor = acting(cast.callback)

    def found(text):
        return {one.customer.pk for one in enquiries.callers(actor, text)}

    for text in ("13800138000", "+86 138 0013 8000", "0086-13800138000", "138-0013-8000", " 13800138000 "):
        assert found(text) == {owner.pk, other.pk}, text
    for text in ("021-62345678", "(021) 6234 5678", "+86 21 62345678", "6234-5678"):
        assert found(text) == {office.pk}, text
    assert found("13900139999") == set()
    for text in ("8000", "abc", ""):
        with pytest.raises(Invalid):
            enquiries.callers(actor, text)
    seen = {one.customer.pk: one for one in enquiries.callers(actor, "13800138000")}
    assert [row.pk for row in seen[owner.pk].cars] == [car.pk]
    assert seen[other.pk].cars == []
    assert [relation.outlet_id for relation in seen[owner.pk].relations] == [cast.outlet_id]


def test_the_end_of_a_number_is_nobody(cast, acting):
    garage.customer("尾号", "13862345678", cast.outlet_id)
    assert enquiries.callers(acting(cast.callback), "62345678") == []


@pytest.mark.covers("NFR-01")
def test_a_number_is_shown_whole_to_who_may_with_a_line_on_the_trail(cast, acting, owner, take):
    row = take(number="13800138000")
    assert replying.reveal_caller(actor=acting(cast.callback), enquiry_id=row.pk) == "13800138000"
    with pytest.raises(NotAllowed):
        replying.reveal_caller(actor=acting(cast.gm), enquiry_id=row.pk)
    db.set_scope(SYSTEM)
    assert AuditEntry.objects.filter(verb="contact_centre.reveal_caller", subject_id=str(row.pk)).count() == 1


def test_a_merge_of_customers_moves_their_enquiries(cast, acting, owner, take):
    kept = garage.customer("王雪", "13900139001", cast.outlet_id)
    row = take(customer_id=owner.pk)
    merging.merge_customers(actor=acting(cast.hq), kept_id=kept.pk, gone_id=owner.pk, choices={}, at=AT)
    db.set_scope(SYSTEM)
    row.refresh_from_db()
    assert row.customer_id == kept.pk


@pytest.mark.parametrize(
    "change",
    [
        {"words": "别的"}, {"answer": "别的"}, {"is_first_contact": False}, {"state": "TO_REPLY"}, {"closed_at": None},
        {"department_id": "SERVICE"}, {"taken_by": "别人"},
    ],
)  # fmt: skip
def test_what_was_asked_stays_and_nonsense_is_refused_by_the_database(owner, take, change):
    row = take(customer_id=owner.pk)
    db.set_scope(SYSTEM)
    with pytest.raises(Error), transaction.atomic():
        Enquiry.objects.filter(pk=row.pk).update(**change)


@pytest.mark.covers("NFR-06")
def test_the_database_hides_enquiries_of_other_places(cast, acting, owner, take):
    here, there = take(customer_id=owner.pk), take("agent", outlet_id=cast.other_outlet_id)

    def seen(actor):
        acting(actor)
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM contact_centre_enquiry WHERE id = ANY(%s)", [[here.pk, there.pk]])
            return {row[0] for row in cursor.fetchall()}

    assert (seen(cast.callback), seen(cast.stranger), seen(cast.agent)) == ({here.pk}, {there.pk}, {here.pk, there.pk})
