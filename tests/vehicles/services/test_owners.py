"""Owners and drivers: from a day to a day; a change of the owner moves the car out of sight of the old outlet."""

import datetime

import pytest
from tests import garage

from guanxi.customers import queries as customers
from guanxi.foundation import clock, events
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.vehicles.events import OwnerChanged
from guanxi.vehicles.models import OwnerDoubt, Participant
from guanxi.vehicles.queries import cars as queries
from guanxi.vehicles.queries import finding
from guanxi.vehicles.services import owners

pytestmark = pytest.mark.django_db
TODAY = clock.today()


@pytest.fixture
def buyer(cast):
    return garage.customer("赵敏", "13700137000", cast.outlet_id)


def change(actor, car, new, on=TODAY, **more):
    return owners.change_owner(
        actor=actor, vehicle_id=car.pk, customer_id=new.pk, on=on, at=clock.now(), **more
    )  # fmt: skip


def holders(actor):
    """The customers who are found by the plate of the car."""
    return [hit.customer.pk for hit in customers.find(actor, "12345", 5)]


@pytest.fixture
def published(monkeypatch):
    told = []
    monkeypatch.setattr(events, "publish", told.append)
    return told


@pytest.mark.covers("LIFE-18", "INFO-11")
@pytest.mark.parametrize("name", ["gm", "service", "hq", "supervisor", "branch"])
def test_a_car_changes_hands_on_a_day(cast, acting, owner, car, buyer, published, name):
    actor = acting(getattr(cast, name))
    change(actor, car, buyer)
    held = {row.customer_id: (row.role, row.since, row.until) for row in Participant.objects.filter(vehicle=car)}
    assert held == {owner.pk: ("OWNER", garage.DAY, TODAY), buyer.pk: ("OWNER", TODAY, None)}
    assert published == [OwnerChanged(car.pk, owner.pk, buyer.pk, TODAY.isoformat())]
    assert holders(actor) == [buyer.pk]
    acting(SYSTEM)
    line = AuditEntry.objects.get(verb="vehicles.change_owner")
    assert (line.node_id, line.before["owner"], line.after["owner"]) == (cast.outlet_id, owner.pk, buyer.pk)


@pytest.mark.covers("ORG-35")
def test_the_old_owners_outlet_does_not_see_the_car_any_more(cast, acting, owner, car, other):
    assert queries.visible_to(acting(cast.advisor)).filter(pk=car.pk).exists()
    change(acting(cast.hq), car, other)
    assert not queries.visible_to(acting(cast.advisor)).filter(pk=car.pk).exists()
    assert finding.found(cast.advisor, "12345", 5) == []
    assert queries.visible_to(acting(cast.stranger)).filter(pk=car.pk).exists()
    assert finding.found(cast.stranger, "12345", 5) == [car]


def test_drivers_leave_with_the_owner_unless_they_stay(cast, acting, car, buyer):
    driver = garage.customer("司机", "13600136000", cast.outlet_id)
    garage.drives(car, driver, since=TODAY)
    change(acting(cast.service), car, buyer, on=TODAY - datetime.timedelta(days=3), others_leave=True)
    assert Participant.objects.get(vehicle=car, customer=driver).until == TODAY
    garage.drives(car, driver, "PAYER", since=garage.DAY)
    change(acting(cast.service), car, driver, others_leave=False)
    assert Participant.objects.get(vehicle=car, customer=driver, role="PAYER").until is None


@pytest.mark.parametrize(("name", "refusal"), [("advisor", NotAllowed), ("sales", NotAllowed), ("stranger", NotFound)])
def test_who_may_not_changes_no_owner(cast, acting, owner, car, buyer, name, refusal):
    with pytest.raises(refusal):
        change(acting(getattr(cast, name)), car, buyer)
    acting(SYSTEM)
    assert Participant.objects.get(vehicle=car, until__isnull=True).customer_id == owner.pk


def test_the_new_owner_must_be_visible(cast, acting, car, other):
    with pytest.raises(NotFound):
        change(acting(cast.service), car, other)


def test_an_owner_out_of_sight_is_not_ended_in_silence(cast, acting, other, buyer):
    car = garage.car(other)
    garage.drives(car, garage.customer("司机", "13600136000", cast.outlet_id))
    with pytest.raises(Conflict):
        change(acting(cast.service), car, buyer)
    acting(SYSTEM)
    assert Participant.objects.get(vehicle=car, role="OWNER").until is None


@pytest.mark.parametrize("on", [TODAY + datetime.timedelta(days=1), garage.DAY - datetime.timedelta(days=1)])
def test_a_day_that_does_not_fit_is_refused(cast, acting, car, buyer, on):
    with pytest.raises(Invalid):
        change(acting(cast.service), car, buyer, on)


def test_the_owner_cannot_follow_himself(cast, acting, owner, car):
    with pytest.raises(Conflict):
        change(acting(cast.service), car, owner)


def add(actor, car, who, role="DRIVER", since=TODAY):
    return owners.add_participant(
        actor=actor, vehicle_id=car.pk, customer_id=who.pk, role=role, since=since, at=clock.now()
    )  # fmt: skip


@pytest.mark.covers("INFO-11")
def test_a_driver_comes_and_goes(cast, acting, car, buyer):
    actor = acting(cast.advisor)
    made = add(actor, car, buyer)
    assert buyer.pk in holders(actor)
    owners.end_participant(actor=actor, participant_id=made.pk, on=TODAY, at=clock.now())
    made.refresh_from_db()
    assert made.until == TODAY
    assert buyer.pk not in holders(actor)
    with pytest.raises(Conflict):
        add(actor, car, buyer)
    with pytest.raises(Invalid):
        owners.end_participant(actor=actor, participant_id=made.pk, on=TODAY, at=clock.now())


def test_nobody_drives_twice_or_owns_by_this_way(cast, acting, owner, car, buyer):
    actor = acting(cast.advisor)
    add(actor, car, buyer)
    with pytest.raises(Conflict):
        add(actor, car, buyer)
    with pytest.raises(Invalid):
        add(actor, car, buyer, "OWNER")
    held = Participant.objects.get(vehicle=car, role="OWNER")
    with pytest.raises(Invalid):
        owners.end_participant(actor=actor, participant_id=held.pk, on=TODAY, at=clock.now())


@pytest.mark.parametrize(("name", "refusal"), [("technician", NotAllowed), ("stranger", NotFound)])
def test_who_may_not_adds_and_ends_no_driver(cast, acting, car, buyer, name, refusal):
    made = garage.drives(car, buyer)
    actor = acting(getattr(cast, name))
    with pytest.raises(refusal):
        add(actor, car, buyer, "PAYER")
    with pytest.raises(refusal):
        owners.end_participant(actor=actor, participant_id=made.pk, on=TODAY, at=clock.now())


def doubt(actor, cast, car, name="李强", phone="13900139000"):
    return owners.raise_doubt(
        actor=actor, row=car, outlet_id=cast.outlet_id, seen_on=TODAY, name=name, phone=phone
    )  # fmt: skip


@pytest.mark.covers("LIFE-18")
def test_a_stranger_at_the_desk_is_a_doubt_and_the_owner_is_none(cast, acting, car):
    actor = acting(cast.advisor)
    assert doubt(actor, cast, car, "王雪", "13900139000") is None
    assert doubt(actor, cast, car, "李强", "13800138000") is None
    first = doubt(actor, cast, car)
    again = doubt(actor, cast, car, "李刚", "13900139001")
    assert first.pk == again.pk
    assert OwnerDoubt.objects.get(vehicle=car).name == "李刚"


def test_a_doubt_is_dismissed_once_by_those_who_may(cast, acting, car):
    made = doubt(acting(cast.advisor), cast, car)
    for name, refusal in (("advisor", NotAllowed), ("stranger", NotFound)):
        with pytest.raises(refusal):
            owners.dismiss_doubt(actor=acting(getattr(cast, name)), doubt_id=made.pk, at=clock.now())
    actor = acting(cast.service)
    owners.dismiss_doubt(actor=actor, doubt_id=made.pk, at=clock.now())
    made.refresh_from_db()
    assert made.state == "DISMISSED"
    with pytest.raises(Conflict):
        owners.dismiss_doubt(actor=actor, doubt_id=made.pk, at=clock.now())


def test_a_change_of_the_owner_confirms_the_doubt(cast, acting, car, buyer):
    actor = acting(cast.service)
    made = doubt(actor, cast, car)
    change(actor, car, buyer)
    made.refresh_from_db()
    assert made.state == "CONFIRMED"
    assert made.decided_at is not None
