"""What a verifying call finds: which calls verify, what is refused, what the check says, what follows."""

import pytest
from django.db import DatabaseError, transaction
from tests import garage
from tests.verification.conftest import AT, DAY, NEW_CAR, WARRANTY, days, found, hours

from guanxi.contact_centre.models import Call
from guanxi.customers.models import ContactPoint, Customer
from guanxi.customers.services import merging
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid, NotAllowed
from guanxi.records.models import AuditEntry
from guanxi.vehicles.models import Sale, Vehicle
from guanxi.verification.events import CorrectionOrdered, RecordChecked
from guanxi.verification.models import Check, Line, Order
from guanxi.verification.queries import record
from guanxi.verification.services import checking
from guanxi.worklist.models import Task
from guanxi.workshop.models import Visit


def mark(owner):
    db.set_scope(SYSTEM)
    row = Customer.objects.get(pk=owner.pk)
    return row.verification, row.verified_at


@pytest.mark.covers("INFO-27", "INFO-31")
def test_a_record_is_valid_when_each_basic_field_is_right(cast, owner, car, task, call, published):
    made = task()
    check = call(made, found())
    assert (check.verdict, check.truth, check.asked, check.wrong) == ("VALID", "", 7, [])
    assert (check.outlet_id, check.place_id, check.vehicle_id) == (cast.outlet_id, cast.agent.home_id, car.pk)
    assert mark(owner) == ("VALID", AT)
    assert not Order.objects.exists()
    made.refresh_from_db()
    assert (made.state, made.outcome) == ("DONE", "REACHED")
    told = [event for event in published if isinstance(event, RecordChecked)]
    assert [(event.check_id, event.verdict) for event in told] == [(check.pk, "VALID")]
    assert AuditEntry.objects.filter(verb="verification.check", subject_id=check.pk).count() == 1


@pytest.mark.covers("INFO-27")
def test_what_is_wrong_is_ordered_from_the_outlet_and_never_written(cast, owner, car, task, call, published):
    check = call(task(), found(PLATE="沪B99999", VIN=None))
    order = check.order
    assert (check.verdict, check.wrong, check.asked) == ("INVALID", ["PLATE"], 6)
    assert (order.outlet_id, order.place_id, order.role_id, order.state) == (
        cast.outlet_id, cast.agent.home_id, "cr_manager", "ISSUED",
    )  # fmt: skip
    assert order.words == "车牌：沪B99999"
    asked = Task.objects.get(kind="verification.correct", subject_id=order.pk)
    assert (asked.node_id, asked.role_id, asked.due_at) == (cast.outlet_id, "cr_manager", order.due_at)
    assert asked.next_rung_at is not None  # it climbs the ladder when it is late
    assert Vehicle.objects.get(pk=car.pk).plate == "沪A12345"
    assert mark(owner)[0] == "INVALID"
    assert [type(event) for event in published if "verification" in type(event).__module__] == [
        CorrectionOrdered, RecordChecked,
    ]  # fmt: skip


def test_a_field_that_decides_nothing_is_ordered_too(owner, car, task, call):
    check = call(task(), found(SOLD_AT="别的店"))
    assert (check.verdict, check.order.words) == ("VALID", "购车门店：别的店")
    assert mark(owner)[0] == "VALID"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"NAME": None}, "NAME"),
        ({"NAME": ("WRONG", " ")}, "NAME"),
        ({"NAME": ("PERHAPS", "")}, "NAME"),
        ({"COLOUR": ("RIGHT", "")}, "COLOUR"),
    ],
)
def test_each_field_is_said_and_only_those(car, task, call, change, field):
    said = found()
    for code, value in change.items():
        said.pop(code, None)
        if value is not None:
            said[code] = checking.Said(*value)
    with pytest.raises(Invalid) as error:
        call(task(), said)
    assert [problem.field for problem in error.value.problems] == [f"record.{field}"]
    db.set_scope(SYSTEM)
    assert not Call.objects.filter(customer__name="王雪").exists()  # the call goes with it
    assert not Check.objects.exists()


def test_what_the_record_lacks_cannot_be_right(owner, car, task, call):
    db.set_scope(SYSTEM)
    owner.addresses.all().delete()
    with pytest.raises(Invalid) as error:
        call(task(), found())
    assert [problem.field for problem in error.value.problems] == ["record.ADDRESS"]
    assert call(task(), found(ADDRESS="虹桥路2号")).verdict == "INVALID"


def test_who_breaks_off_leaves_the_record_open(owner, car, task, call):
    check = call(task(), {"NAME": checking.Said("RIGHT")}, is_broken_off=True, answers={})
    assert (check.verdict, check.asked) == ("OPEN", 1)
    assert mark(owner) == ("UNVERIFIED", None)
    assert Line.objects.filter(check_of=check, found="NOT_ASKED").count() == 6
    assert call(task(number=2), found(), at=AT + hours(1)).verdict == "VALID"  # he is asked again


def test_a_call_in_which_nothing_was_asked_is_no_check(car, task, call):
    assert call(task(), found(**dict.fromkeys(NEW_CAR))) is None


@pytest.mark.parametrize("outcome", ["NO_ANSWER", "BUSY"])
def test_who_is_not_reached_is_tried_again(owner, car, task, call, outcome):
    made = task()
    assert call(made, {}, outcome) is None
    made.refresh_from_db()
    assert made.state in {"OPEN", "CLAIMED"}
    assert made.wake_at > AT
    assert mark(owner) == ("UNVERIFIED", None)


def test_an_answered_call_proves_the_number_and_a_wrong_number_spoils_it(owner, car, task, call):
    point = ContactPoint.objects.get(customer=owner)
    call(task(), found(), point_id=point.pk)
    point.refresh_from_db()
    assert (point.state, point.proven_at) == ("VALID", AT)
    proven = Customer.objects.get(pk=owner.pk).quality.proven
    call(task(number=2), {}, "WRONG_NUMBER", point_id=point.pk, at=AT + hours(1))
    point.refresh_from_db()
    quality = Customer.objects.get(pk=owner.pk).quality
    assert (point.state, proven, quality.proven) == ("WRONG", 100, 0)
    assert "PHONE_DEAD" in quality.doubts


@pytest.mark.covers("INFO-28")
@pytest.mark.parametrize(
    ("wrong", "truth", "words"),
    [
        ({}, "TRUE", None),
        ({"CAME": "没去过"}, "FALSE", None),
        ({"WORK": "只换了机油"}, "FALSE", None),
        ({"FREE": "付了三百"}, "DOUBTFUL", None),
        ({"MILEAGE": "五千"}, "DOUBTFUL", "里程：五千"),
        ({"WORK": None}, "OPEN", None),
        ({"WORK": "没换", "MILEAGE": "五千"}, "FALSE", "里程：五千"),
    ],
)
def test_a_warranty_repair_is_true_doubtful_or_false(visit, task, call, wrong, truth, words):
    check = call(task("centre_in_warranty"), found(WARRANTY, **wrong))
    assert (check.truth, check.visit_id, check.verdict) == (truth, visit.pk, "OPEN")  # not all basic fields were asked
    order = Order.objects.filter(check_of=check).first()
    assert (order.words if order else None) == words


def test_a_repair_is_verified_once_and_the_one_that_the_call_is_about(cast, car, visit, task, call):
    newer = Visit.objects.create(
        outlet_id=cast.outlet_id, vehicle=car, customer=car.sales.get().customer, order_no="WO-78", counts=True,
        category="WARRANTY_CLAIM", entered_on=DAY - days(2), km=8_100, touched_at=AT,
    )  # fmt: skip
    first = task("centre_in_warranty", cars=[car.pk], day=(DAY - days(4)).isoformat())
    assert call(first, found(WARRANTY)).visit_id == visit.pk
    assert call(task("centre_in_warranty", number=2), found(WARRANTY), at=AT + hours(1)).visit_id == newer.pk
    assert call(task("centre_in_warranty", number=3), at=AT + hours(2)) is None


def test_calls_that_are_not_named_or_have_nothing_to_verify_stay_plain(owner, car, task, call):
    assert call(task("regular_contact")) is None
    db.set_scope(SYSTEM)
    Sale.objects.update(sold_on=DAY - days(91))
    assert call(task()) is None
    with pytest.raises(Invalid, match=r"verifies no record|不核实信息"):
        call(task(number=2), found())


@pytest.mark.covers("ORG-09")
def test_an_outlet_verifies_nothing(cast, acting, owner, car, task, call):
    made = task(node=cast.outlet_id)
    assert call(made, actor=cast.callback) is None
    db.set_scope(SYSTEM)
    occasion = record.occasions()[0]
    subject = record.Subject(occasion, owner, cast.outlet_id)
    with pytest.raises(NotAllowed):
        checking.record_check(
            actor=acting(cast.gm), new=checking.NewCheck(subject, 1, cast.outlet_id, found()), at=AT
        )  # fmt: skip


def test_numbers_are_shown_masked_and_every_source_can_be_read(car, visit, owner):
    fields = list(record.fields().values())
    occasion = next(row for row in record.occasions() if row.code == "WARRANTY")
    rows = {row.field.pk: row for row in record.read(record.subject_at(occasion, owner, car.pk, visit.pk), fields)}
    assert rows["MOBILE"].shown == "138 **** 8000"
    assert (rows["WORK"].shown, rows["MILEAGE"].shown, rows["ADDRESS"].shown) == ("更换水泵", "8000", "上海市虹桥路1号")
    assert (rows["VIN"].shown, rows["MODEL"].shown) == (car.vin, "远航混动 豪华版")
    assert {code for code, row in rows.items() if not row.shown} == {"GENDER", "BIRTHDAY"}


def test_a_check_stays_as_it_was_but_goes_with_a_merge(cast, acting, owner, car, task, call):
    check = call(task(), found())
    for change in ({"verdict": "INVALID"}, {"asked": 9}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Check.objects.filter(pk=check.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Line.objects.filter(check_of=check).update(found="WRONG")
    acting(cast.stranger)
    assert not Check.objects.filter(pk=check.pk).exists()
    assert not Line.objects.filter(check_of_id=check.pk).exists()
    acting(cast.gm)
    assert Check.objects.filter(pk=check.pk)._raw_delete("default") == 0
    db.set_scope(SYSTEM)
    other = garage.customer("王雪", "13800138009", cast.outlet_id)
    merging.merge_customers(actor=SYSTEM, kept_id=other.pk, gone_id=owner.pk, choices={}, at=AT)
    check.refresh_from_db()
    assert check.customer_id == other.pk
