"""Recording and correcting visits: who may, what is refused, what follows."""

import datetime
from decimal import Decimal

import pytest
from tests import garage
from tests.workshop.conftest import DAY, report

from guanxi.customers.models import Relation
from guanxi.foundation import clock, events
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.vehicles.models import OwnerDoubt, Participant, Reading
from guanxi.workshop.events import VisitRecorded
from guanxi.workshop.models import Visit, VisitLine
from guanxi.workshop.services import recording
from guanxi.workshop.services.recording import Line

pytestmark = pytest.mark.django_db
TODAY = clock.today()
BILL = (Line("LABOUR", "工时", Decimal(300)), Line("PART", "机油", Decimal(380), code="OIL-5W30", quantity=Decimal(4)))


@pytest.mark.covers("SVC-30", "FORM-58", "LIFE-06")
@pytest.mark.parametrize("name", ["advisor", "service", "crm", "hq"])
def test_a_visit_is_recorded_with_its_bill_and_gives_the_car_its_mileage(cast, acting, owner, car, record, name):
    made = record(actor=getattr(cast, name), lines=BILL, total=None)
    made.refresh_from_db()
    assert (made.customer_id, made.counts, made.labour, made.parts, made.total) == (owner.pk, True, 300, 380, 680)
    assert [line.position for line in VisitLine.objects.filter(visit=made).order_by("position")] == [1, 2]
    car.refresh_from_db()
    assert (car.odometer_km, car.odometer_on) == (12_000, DAY)
    acting(SYSTEM)
    line = AuditEntry.objects.get(verb="workshop.record_visit", subject_id=str(made.pk))
    assert (line.node_id, line.after["total"], line.after["lines"]) == (cast.outlet_id, "680", 2)
    assert "words" not in line.after


@pytest.mark.parametrize("name", ["sales", "technician", "gm", "branch", "agent"])
def test_without_the_right_no_visit_is_recorded(cast, record, name):
    with pytest.raises(NotAllowed):
        record(actor=getattr(cast, name))


def test_a_car_of_others_and_an_outlet_of_others_are_refused(cast, acting, car, other, record):
    with pytest.raises(NotFound):
        record(vehicle=garage.car(other, 9))
    with pytest.raises(NotAllowed):
        record(at=cast.other_outlet_id)
    with pytest.raises(Invalid):
        record(actor=cast.hq, at=cast.branch_id)


@pytest.mark.covers("CLASS-46", "CLASS-47")
@pytest.mark.parametrize(
    ("category", "counts"),
    [("FIRST_MAINTENANCE", True), ("DECORATION", True), ("ANNUAL_INSPECTION", True), ("PDI", False), ("REWORK", False)],
)
def test_the_code_list_says_whether_a_visit_counts(record, category, counts):
    assert record(category=category).counts is counts


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"category": "VALID"}, "category"), ({"category": "NOTHING"}, "category"),
        ({"category": "PDI", "entered_on": datetime.date(1990, 1, 1)}, "category"),
        ({"entered_on": TODAY + datetime.timedelta(days=1)}, "entered_on"),
        ({"left_on": DAY - datetime.timedelta(days=1)}, "left_on"), ({"order_no": "  "}, "order_no"),
        ({"total": Decimal(-1)}, "total"), ({"lines": (Line("LABOUR", " ", Decimal(1)),)}, "lines"),
        ({"lines": (Line("GIFT", "x", Decimal(1)),)}, "lines"), ({"lines": BILL * 101}, "lines"), ({"km": -1}, "km"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(car, record, more, field):
    with pytest.raises(Invalid) as refusal:
        record(**more)
    assert refusal.value.field == field
    assert not Visit.objects.filter(vehicle=car).exists()


def test_an_order_number_is_taken_once_an_outlet(record):
    record()
    with pytest.raises(Conflict) as refusal:
        record()
    assert refusal.value.field == "order_no"


def test_a_mileage_that_cannot_be_stays_in_the_visit_and_does_not_count(car, record):
    record(1, km=30_000)
    made = record(2, km=20_000, entered_on=DAY + datetime.timedelta(days=90))
    assert made.km == 20_000
    assert not Reading.objects.get(vehicle=car, km=20_000).is_plausible
    car.refresh_from_db()
    assert car.odometer_km == 30_000


@pytest.mark.covers("LIFE-18")
def test_a_stranger_who_brings_the_car_is_a_doubt(cast, acting, car, record):
    record(1, brought_by="王雪", brought_by_phone="13900000000")
    assert not OwnerDoubt.objects.filter(vehicle=car).exists()
    record(2, brought_by="李刚", brought_by_phone="13900000000")
    doubt = OwnerDoubt.objects.get(vehicle=car)
    assert (doubt.vehicle_id, doubt.outlet_id, doubt.name, doubt.state) == (car.pk, cast.outlet_id, "李刚", "OPEN")
    acting(cast.stranger)
    assert not OwnerDoubt.objects.filter(vehicle=car).exists()


def test_an_outlet_that_sees_a_customer_for_the_first_time_gets_a_relation(cast, acting, car, owner, record):
    record(actor=cast.hq, at=cast.other_outlet_id)
    acting(SYSTEM)
    made = Relation.objects.get(customer=owner, outlet_id=cast.other_outlet_id)
    assert (made.category, made.since, made.ended_on) == ("BASE", DAY, None)
    acting(cast.stranger)
    assert Visit.objects.filter(vehicle_id=car.pk).exists()


def test_a_driver_is_the_customer_where_the_owner_is_out_of_sight(cast, acting, other, record):
    theirs = garage.car(other, 9)
    driver = garage.customer("司机", "13600136000", cast.outlet_id)
    garage.drives(theirs, driver)
    assert record(vehicle=theirs).customer_id == driver.pk
    named = garage.customer("代办", "13600136001", cast.outlet_id)
    assert record(2, vehicle=theirs, customer_id=named.pk).customer_id == named.pk
    with pytest.raises(NotFound):
        record(3, vehicle=theirs, customer_id=other.pk)


def test_the_world_is_told(cast, car, owner, record, monkeypatch):
    told = []
    monkeypatch.setattr(events, "publish", told.append)
    made = record()
    assert VisitRecorded(
        made.pk, car.pk, owner.pk, cast.outlet_id, "PERIODIC_MAINTENANCE", counts=True, entered_on="2026-05-11"
    ) in told  # fmt: skip


def change(actor, visit, **more):
    return recording.change_visit(actor=actor, visit_id=visit.pk, report=report(**more), at=clock.now())


def test_a_correction_replaces_bill_and_mileage_and_keeps_what_was(cast, acting, car, record):
    made = record(lines=BILL, total=None)
    actor = acting(cast.service)
    other_day = DAY - datetime.timedelta(days=3)
    change(actor, made, category="REWORK", km=11_000, entered_on=other_day, lines=BILL[:1], total=None)
    made.refresh_from_db()
    assert (made.counts, made.total, made.lines.count()) == (False, Decimal(300), 1)
    assert [(row.read_on, row.km) for row in Reading.objects.filter(vehicle=car)] == [(other_day, 11_000)]
    acting(SYSTEM)
    line = AuditEntry.objects.filter(verb="workshop.record_visit").latest("pk")
    assert (line.before["category"], line.before["lines"], line.after["km"]) == ("PERIODIC_MAINTENANCE", 2, 11_000)


@pytest.mark.parametrize(("name", "refusal"), [("technician", NotAllowed), ("gm", NotAllowed), ("stranger", NotFound)])
def test_who_may_not_corrects_nothing(cast, acting, record, name, refusal):
    made = record()
    with pytest.raises(refusal):
        change(acting(getattr(cast, name)), made, category="REWORK")


def test_a_car_out_of_sight_keeps_its_mileage(cast, acting, car, other, record):
    made = record()
    acting(SYSTEM)
    Participant.objects.filter(vehicle=car).update(customer=other)
    actor = acting(cast.advisor)
    with pytest.raises(Conflict):
        change(actor, made, km=13_000)
    assert change(actor, made, words="没有异响").words == "没有异响"


@pytest.mark.covers("ORG-35", "NFR-06")
def test_another_outlet_sees_no_visit(cast, acting, record):
    made = record(lines=BILL)
    acting(cast.stranger)
    assert not Visit.objects.filter(pk=made.pk).exists()
    assert not VisitLine.objects.filter(visit_id=made.pk).exists()
