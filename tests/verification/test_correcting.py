"""An answer carries the right values: written by the services of the record, whole or not at all."""

import pytest
from django.db import DatabaseError, transaction
from tests import garage
from tests.apicalls import caller
from tests.verification.conftest import AT, DAY, WARRANTY, days, found, hours

from guanxi.customers.models import Address, ContactPoint, Customer
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.vehicles.models import Plate, Vehicle
from guanxi.verification.models import Correction, Order
from guanxi.verification.queries import orders
from guanxi.verification.services import correcting, deciding
from guanxi.verification.states import Place

SAID = {"measure": "按证件改正", "proof": "行驶证照片"}
SHANGHAI = Place("上海", "", "长宁区", "虹桥路100号")


@pytest.fixture
def wrong(task, call, car):
    """Return a function that lets a call find fields wrong; it returns the order."""

    def make(**words):
        return call(task(), found(**words)).order

    return make


@pytest.fixture
def answer(cast, acting):
    """Return a function that answers an order with values, as the manager of the outlet unless said otherwise."""

    def act(row, who=None, /, **values):
        actor = acting(who or cast.crm)
        return correcting.correct(actor=actor, order_id=row.pk, values=values, at=AT + hours(1), **SAID)

    return act


def stands(row):
    db.set_scope(SYSTEM)
    return Order.objects.get(pk=row.pk).state


def refused(error):
    return {problem.field: str(problem.message) for problem in error.value.problems}


@pytest.mark.covers("INFO-27", "LIFE-06")
def test_an_answer_writes_each_right_value_with_the_old_one_beside_it(wrong, answer, owner, car):
    row = wrong(NAME="王霞", MOBILE="13900139000", ADDRESS="虹桥路100号", PLATE="沪B99999", VIN="尾号不对")
    made = answer(
        row, NAME=" 王霞 ", MOBILE="139 0013 9000", ADDRESS=SHANGHAI, PLATE="沪b99999", VIN=garage.vin(77)
    )  # fmt: skip
    db.set_scope(SYSTEM)
    owner.refresh_from_db()
    car.refresh_from_db()
    assert (owner.name, car.plate, car.vin) == ("王霞", "沪B99999", garage.vin(77))
    points = ContactPoint.objects.filter(customer=owner).order_by("pk").values_list("value", "is_primary", "state")
    assert list(points) == [("13800138000", False, "WRONG"), ("13900139000", True, "VALID")]
    place = Address.objects.get(customer=owner)
    assert (place.province, place.district, place.line) == ("31", "310105", "虹桥路100号")
    assert stands(row) == "CORRECTED"
    kept = {item.field_id: (item.before, item.after) for item in Correction.objects.filter(answer=made)}
    assert kept == {
        "NAME": ("王雪", "王霞"), "MOBILE": ("138 **** 8000", "139 **** 9000"), "PLATE": ("沪A12345", "沪B99999"),
        "ADDRESS": ("上海市虹桥路1号", "上海市长宁区虹桥路100号"), "VIN": (garage.vin(1), garage.vin(77)),
    }  # fmt: skip
    line = AuditEntry.objects.get(verb="verification.answer", subject_id=row.pk)
    assert sorted(line.after["corrected"]) == ["ADDRESS", "MOBILE", "NAME", "PLATE", "VIN"]
    assert AuditEntry.objects.filter(verb="vehicles.change_vehicle", subject_id=car.pk).count() == 2


@pytest.mark.parametrize(
    ("code", "value", "field"),
    [
        ("NAME", "1", "value.NAME"), ("MOBILE", "12345", "value.MOBILE"), ("MOBILE", "13800138000", "value.MOBILE"),
        ("PLATE", "不是车牌", "value.PLATE"), ("PLATE", "沪A12345", "value.PLATE"), ("VIN", "短", "value.VIN"),
        ("ADDRESS", Place("上海", "", "没有这个区", "虹桥路1号"), "value.ADDRESS.district"),
        ("ADDRESS", Place("上海"), "value.ADDRESS.line"), ("SOLD_ON", "2999-01-01", "value.SOLD_ON"),
        ("SOLD_ON", "昨天", "value.SOLD_ON"),
        ("SOLD_AT", "x", "value.SOLD_AT"),
    ],
)  # fmt: skip
def test_a_refused_value_leaves_nothing_half_done(wrong, answer, owner, car, code, value, field):
    """The value that could be accepted beside it is not written either."""
    good = {"PLATE": "沪B99999"} if code != "PLATE" else {"NAME": "王霞"}
    row = wrong(**{code: "不对"}, **dict.fromkeys(good, "不对"))
    with pytest.raises(Invalid) as error:
        answer(row, **{code: value}, **good)
    assert list(refused(error)) == [field]
    assert refused(error)[field]
    assert stands(row) == "ISSUED"
    owner.refresh_from_db()
    car.refresh_from_db()
    assert (owner.name, car.plate, Plate.objects.filter(vehicle=car).count()) == ("王雪", "沪A12345", 1)
    assert not Correction.objects.exists()


def test_every_refusal_is_told_at_once_at_its_field(wrong, answer):
    row = wrong(NAME="王霞", PLATE="沪B99999", MOBILE="139")
    with pytest.raises(Invalid) as error:
        answer(row, NAME="", PLATE="x", MOBILE="y")
    assert set(refused(error)) == {"value.NAME", "value.PLATE", "value.MOBILE"}


def test_only_wrong_fields_are_written_and_none_is_left_as_it_stood(wrong, answer):
    row = wrong(NAME="王霞", PLATE="沪B99999")
    with pytest.raises(Invalid) as error:
        answer(row, VIN=garage.vin(77))
    assert list(refused(error)) == ["value.VIN"]
    with pytest.raises(Invalid) as error:
        answer(row, NAME="王霞")
    assert list(refused(error)) == ["value.PLATE"]
    assert "车牌" in str(error.value)
    db.set_scope(SYSTEM)
    assert Customer.objects.get(pk=row.customer_id).name == "王雪"  # nothing of that answer stays


def test_a_dummy_is_refused_at_its_field(wrong, answer):
    row = wrong(NAME="王霞")
    with pytest.raises(Invalid) as error:
        answer(row, NAME="测试")
    assert list(refused(error)) == ["value.NAME"]


def test_another_cars_vin_is_refused_at_its_field(wrong, answer, owner):
    garage.car(owner, 2, plate="沪A22222")
    row = wrong(VIN="不对")
    with pytest.raises(Invalid) as error:
        answer(row, VIN=garage.vin(2))
    assert list(refused(error)) == ["value.VIN"]
    db.set_scope(SYSTEM)
    assert Vehicle.objects.filter(vin=garage.vin(1)).count() == 1


def test_the_day_of_the_sale_is_put_right_on_sale_car_and_warranty(cast, wrong, answer, car):
    from guanxi.vehicles.models import Sale

    Vehicle.objects.filter(pk=car.pk).update(sold_on=DAY - days(15))
    row = wrong(SOLD_ON="早十天")
    answer(row, SOLD_ON=str(DAY - days(25)))
    db.set_scope(SYSTEM)
    held = Vehicle.objects.get(pk=car.pk)
    assert (Sale.objects.get(vehicle=car).sold_on, held.sold_on) == (DAY - days(25), DAY - days(25))
    assert held.warranty_until is not None
    kept = Correction.objects.get(field_id="SOLD_ON")
    assert (kept.before, kept.after) == (str(DAY - days(15)), str(DAY - days(25)))


def test_a_known_number_becomes_the_main_one(wrong, answer, owner):
    ContactPoint.objects.create(customer=owner, channel="MOBILE", value="13900139000", touched_at=AT)
    answer(wrong(MOBILE="另一个号"), MOBILE="13900139000")
    db.set_scope(SYSTEM)
    assert ContactPoint.objects.get(customer=owner, is_primary=True).value == "13900139000"
    assert ContactPoint.objects.filter(customer=owner).count() == 2


def test_who_may_not_change_the_record_answers_without_values(cast, wrong, answer):
    """The right to answer is not the right to change a customer or a car."""
    from dataclasses import replace

    row = wrong(PLATE="沪B99999")
    grants = tuple(
        replace(grant, verbs=grant.verbs - {"vehicles.change_vehicle", "customers.change_customer"})
        for grant in cast.crm.grants
    )
    reader = replace(cast.crm, grants=grants)
    with pytest.raises(NotAllowed):
        answer(row, reader, PLATE="沪B99999")
    assert orders.writable(reader, Order.objects.get(pk=row.pk)) == []
    assert [line.field_id for line in orders.writable(cast.crm, Order.objects.get(pk=row.pk))] == ["PLATE"]
    with pytest.raises(NotFound):
        answer(row, cast.stranger, PLATE="沪B99999")
    assert stands(row) == "ISSUED"


def test_a_second_round_corrects_again_and_the_first_stays(cast, acting, wrong, answer, owner):
    row = wrong(NAME="王霞")
    first = answer(row, NAME="王夏")
    deciding.verify(actor=acting(cast.agent), order_id=row.pk, is_right=False, words="是霞光的霞", at=AT + hours(2))
    second = answer(row, NAME="王霞")
    shown = [
        [(item.before, item.after) for item in made.corrections.all()]
        for made in orders.rounds(Order.objects.get(pk=row.pk))
    ]
    assert shown == [[("王夏", "王霞")], [("王雪", "王夏")]]
    db.set_scope(SYSTEM)
    for made in (first, second):
        with pytest.raises(DatabaseError), transaction.atomic():
            Correction.objects.filter(answer=made).update(after="x")
    acting(cast.stranger)
    assert not Correction.objects.exists()  # the second wall


def test_what_a_visit_holds_is_corrected_on_its_own_page(cast, visit, task, call, answer):
    made = call(task("centre_in_warranty"), found(WARRANTY, MILEAGE="八万"))
    with pytest.raises(Invalid) as error:
        answer(made.order, MILEAGE="80000")
    assert list(refused(error)) == ["value.MILEAGE"]


@pytest.mark.parametrize(("language", "right"), [("en", "the right value"), ("zh-hans", "正确的内容")])
def test_the_form_of_the_answer_carries_the_values(signed_in, wrong, owner, car, language, right):
    row = wrong(MOBILE="13900139000", PLATE="沪B99999", ADDRESS="虹桥路100号", SOLD_ON="不是这天", SOLD_AT="别家")
    address = f"/verification/{row.pk}/correct/"
    crm = signed_in("crm", language)
    page = crm.get(address).content.decode()
    if language == "en":
        assert right in page
    for name in ("value.MOBILE", "value.PLATE", "value.ADDRESS.district", "value.ADDRESS.line"):
        assert f'name="{name}"' in page, name
    assert 'name="value.SOLD_ON"' in page
    assert 'name="value.SOLD_AT"' not in page
    assert 'name="value.NAME"' not in page  # right
    sent = {**SAID, "value.MOBILE": "123", "value.PLATE": "沪B99999"}
    answer = crm.post(address, sent)
    assert answer.status_code == 422
    assert 'id="id_value.MOBILE_error"' in answer.content.decode()
    db.set_scope(SYSTEM)
    assert Vehicle.objects.get(pk=car.pk).plate == "沪A12345"


def test_the_page_shows_old_and_new_masked(signed_in, wrong):
    row = wrong(MOBILE="尾号不对", PLATE="沪B99999")
    crm = signed_in("crm")
    sent = {**SAID, "value.MOBILE": "13900139000", "value.PLATE": "沪B99999"}
    assert crm.post(f"/verification/{row.pk}/correct/", sent).status_code == 302
    for address in (f"/verification/{row.pk}/", f"/verification/{row.pk}/sheet/"):
        page = crm.get(address).content.decode()
        for text in ("138 **** 8000", "139 **** 9000", "沪A12345", "沪B99999", "Before the correction"):
            assert text in page, text
        assert "13900139000" not in page
        assert "13800138000" not in page


def test_the_api_takes_the_values(cast, wrong):
    row = wrong(NAME="王霞", ADDRESS="虹桥路100号")
    manager, kind = caller(cast.crm), {"content_type": "application/json"}
    address = f"/api/v1/verification/orders/{row.pk}/correct"
    place = {"province": "上海", "district": "长宁区", "line": "虹桥路100号"}
    wrong_one = manager.post(
        address, {**SAID, "values": {"NAME": "王霞", "ADDRESS": place | {"district": "无"}}}, **kind
    )
    assert wrong_one.status_code == 422
    assert "value.ADDRESS.district" in wrong_one.content.decode()
    done = manager.post(address, {**SAID, "values": {"NAME": "王霞", "ADDRESS": place}}, **kind)
    assert done.status_code == 200
    made = {item["field"]: item["after"] for item in done.json()["corrections"]}
    assert made == {"NAME": "王霞", "ADDRESS": "上海市长宁区虹桥路100号"}
    read = manager.get(f"/api/v1/verification/orders/{row.pk}").json()["answers"][0]["corrections"]
    assert read[0] == {"field": "NAME", "before": "王雪", "after": "王霞"}
