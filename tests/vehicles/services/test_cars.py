"""Adding and changing cars: who may, what is refused, what is written."""

import datetime

import pytest
from tests import garage

from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.vehicles.models import Participant, Plate, Vehicle
from guanxi.vehicles.queries import cars as queries
from guanxi.vehicles.queries import finding
from guanxi.vehicles.services import cars
from guanxi.vehicles.services.cars import Known, NewCar

pytestmark = pytest.mark.django_db
TODAY = clock.today()


def add(actor, owner, number=7, **more):
    return cars.add_vehicle(actor=actor, customer_id=owner.pk, car=NewCar(garage.vin(number), **more), at=clock.now())


@pytest.mark.covers("INFO-11")
@pytest.mark.parametrize("name", ["advisor", "sales", "hq", "agent"])
def test_a_car_is_added_with_its_owner_plate_and_line(cast, acting, owner, trim, name):
    actor = acting(getattr(cast, name))
    row = add(actor, owner, plate="沪a·D12345", trim_id=trim.pk, colour="白", since=TODAY)
    row.refresh_from_db()
    assert (row.plate, row.trim_id, row.is_vin_doubtful) == ("沪AD12345", trim.pk, False)
    held = Participant.objects.get(vehicle=row)
    assert (held.customer_id, held.role, held.since, held.until) == (owner.pk, "OWNER", TODAY, None)
    assert Plate.objects.get(vehicle=row).number == "沪AD12345"
    acting(SYSTEM)
    line = AuditEntry.objects.filter(verb="vehicles.add_vehicle").latest("pk")
    assert (line.subject_id, line.node_id, line.after["vin"]) == (str(row.pk), cast.outlet_id, row.vin)


@pytest.mark.parametrize("name", ["gm", "auditor", "branch", "office"])
def test_without_the_right_no_car_is_added(cast, acting, owner, name):
    with pytest.raises(NotAllowed):
        add(acting(getattr(cast, name)), owner)


def test_to_a_customer_of_another_outlet_no_car_is_added(cast, acting, other):
    with pytest.raises(NotFound):
        add(acting(cast.advisor), other)


def test_a_wrong_check_digit_is_kept_and_marked(cast, acting, owner):
    new = NewCar(garage.vin(3, is_right=False))
    row = cars.add_vehicle(actor=acting(cast.advisor), customer_id=owner.pk, car=new, at=clock.now())
    assert row.is_vin_doubtful


def test_a_car_that_is_there_is_named(cast, acting, owner, car):
    with pytest.raises(Known) as refusal:
        add(acting(cast.advisor), owner, 1)
    assert refusal.value.vehicle_id == car.pk


def test_a_car_known_elsewhere_is_refused_without_saying_whose(cast, acting, owner, other):
    garage.car(other, 9)
    with pytest.raises(Conflict) as refusal:
        add(acting(cast.advisor), owner, 9)
    assert not isinstance(refusal.value, Known)
    assert "李强" not in str(refusal.value.message)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"plate": "沪A1"}, "plate"), ({"trim_id": 999_999}, "trim"),
        ({"since": TODAY + datetime.timedelta(days=1)}, "since"),
        ({"made_on": TODAY + datetime.timedelta(days=1)}, "made_on"),
    ],
)  # fmt: skip
def test_wrong_values_are_refused_at_their_field(cast, acting, owner, more, field):
    with pytest.raises(Invalid) as refusal:
        add(acting(cast.advisor), owner, **more)
    assert refusal.value.field == field
    assert not Vehicle.objects.filter(vin=garage.vin(7)).exists()


def change(actor, car, **values):
    return cars.change_vehicle(actor=actor, vehicle_id=car.pk, values=values, at=clock.now())


def test_marks_are_changed_and_the_new_vin_finds_the_car(cast, acting, car):
    actor = acting(cast.advisor)
    new = garage.vin(42)
    change(actor, car, vin=new.lower(), colour="蓝")
    car.refresh_from_db()
    assert (car.vin, car.colour) == (new, "蓝")
    assert finding.found(actor, new[-6:], 5) == [car]
    assert finding.found(actor, garage.vin(1)[-6:], 5) == []


def test_another_cars_vin_is_refused(cast, acting, owner, car):
    garage.car(owner, 2, plate="沪B00002")
    with pytest.raises(Conflict):
        change(acting(cast.advisor), car, vin=garage.vin(2))


def test_an_unknown_field_is_refused(cast, acting, car):
    with pytest.raises(Invalid):
        change(acting(cast.advisor), car, sold_on=TODAY)


@pytest.mark.parametrize(("name", "refusal"), [("technician", NotAllowed), ("stranger", NotFound), ("gm", NotAllowed)])
def test_who_may_not_changes_nothing(cast, acting, car, name, refusal):
    with pytest.raises(refusal):
        change(acting(getattr(cast, name)), car, colour="蓝")
    acting(SYSTEM)
    car.refresh_from_db()
    assert car.colour == ""


def plate(actor, car, number, since=TODAY):
    return cars.set_plate(actor=actor, vehicle_id=car.pk, number=number, since=since, at=clock.now())


def test_a_new_plate_closes_the_old_one_and_finds_the_car(cast, acting, car):
    actor = acting(cast.advisor)
    plate(actor, car, "沪B·99999")
    old, new = Plate.objects.filter(vehicle=car).order_by("pk")
    assert (old.until, new.number, new.until) == (TODAY, "沪B99999", None)
    assert finding.found(actor, "99999", 5) == [car]
    assert finding.found(actor, "12345", 5) == []


def test_a_plate_is_taken_away(cast, acting, car):
    plate(acting(cast.advisor), car, "")
    car.refresh_from_db()
    assert car.plate == ""
    assert not Plate.objects.filter(vehicle=car, until__isnull=True).exists()


@pytest.mark.parametrize(
    ("number", "since", "field"),
    [
        ("沪A12345", TODAY, "number"),
        ("沪B99999", garage.DAY - datetime.timedelta(days=1), "since"),
        ("沪B99999", TODAY + datetime.timedelta(days=1), "since"),
    ],
)
def test_a_plate_that_cannot_be_is_refused(cast, acting, car, number, since, field):
    with pytest.raises(Invalid) as refusal:
        plate(acting(cast.advisor), car, number, since)
    assert refusal.value.field == field


def test_a_driver_known_elsewhere_is_found_by_the_new_plate_too(cast, acting, car, other):
    garage.drives(car, other)
    plate(acting(cast.advisor), car, "沪B99999")
    assert finding.found(acting(cast.stranger), "99999", 5) == [car]


@pytest.mark.covers("FORM-08")
def test_the_dates_of_insurance_and_inspection_are_kept(cast, acting, car):
    insured, inspected = datetime.date(2027, 1, 1), datetime.date(2027, 5, 1)
    cars.set_dates(
        actor=acting(cast.advisor), vehicle_id=car.pk, insured_until=insured, inspected_until=inspected, at=clock.now()
    )
    car.refresh_from_db()
    assert (car.insured_until, car.inspected_until) == (insured, inspected)


def condition(actor, car, value, on=TODAY):
    return cars.set_condition(actor=actor, vehicle_id=car.pk, condition=value, on=on, at=clock.now())


@pytest.mark.covers("LIFE-18")
def test_a_car_is_scrapped_on_a_day_and_keeps_its_people(cast, acting, car):
    actor = acting(cast.advisor)
    condition(actor, car, "SCRAPPED")
    car.refresh_from_db()
    assert (car.condition, car.condition_on) == ("SCRAPPED", TODAY)
    assert Participant.objects.filter(vehicle=car, until__isnull=True).exists()
    condition(actor, car, "IN_USE")
    car.refresh_from_db()
    assert car.condition == "IN_USE"


@pytest.mark.parametrize("value", ["IN_USE", "LOST"])
def test_a_condition_must_be_another_one(cast, acting, car, value):
    with pytest.raises(Invalid):
        condition(acting(cast.advisor), car, value)


def test_a_strangers_outlet_sees_nothing(cast, acting, car):
    actor = acting(cast.stranger)
    assert not queries.visible_to(actor).filter(pk=car.pk).exists()
    assert not Vehicle.objects.filter(pk=car.pk).exists()
    assert not Plate.objects.filter(vehicle=car).exists()
    assert not Participant.objects.filter(vehicle=car).exists()
