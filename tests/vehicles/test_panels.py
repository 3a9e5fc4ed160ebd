"""What vehicles show elsewhere: the palette, a customer's page, his timeline, his line in lists."""

import datetime

import pytest
from django.utils import translation
from tests import garage
from tests.counting import queries_of

from guanxi.foundation import clock, slots
from guanxi.foundation.actor import SYSTEM
from guanxi.vehicles import panels
from guanxi.vehicles.models import Participant, Sale
from guanxi.vehicles.services import deriving

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["2345", "12345", "沪a·12345", garage.vin(1), garage.vin(1)[-4:], "SO-1"])
@pytest.mark.parametrize("name", ["advisor", "hq", "branch"])
def test_the_palette_finds_a_car_in_three_queries(cast, acting, owner, car, text, name):
    Sale.objects.create(vehicle=car, customer=owner, outlet_id=cast.outlet_id, order_no="SO-1", touched_at=clock.now())
    actor = acting(getattr(cast, name))
    (hit,) = panels.find(actor, text, 5)
    assert (hit.title, hit.url) == ("沪A12345", f"/vehicles/{car.pk}/")
    assert queries_of(lambda: panels.find(actor, text, 5)) <= 3


@pytest.mark.covers("ORG-35")
@pytest.mark.parametrize("text", ["12345", garage.vin(1), "SO-1"])
def test_another_outlet_finds_nothing(cast, acting, owner, car, text):
    Sale.objects.create(vehicle=car, customer=owner, outlet_id=cast.outlet_id, order_no="SO-1", touched_at=clock.now())
    assert panels.find(acting(cast.stranger), text, 5) == []


@pytest.mark.parametrize("text", ["", "345", "12346", "%", "沪", "x" * 80])
def test_what_is_too_short_or_not_there_finds_nothing(cast, acting, car, text):
    assert panels.find(acting(cast.advisor), text, 5) == []


def test_a_customer_shows_his_cars_of_today_and_of_before(signed_in, cast, owner, trim):
    garage.car(owner, 1, trim=trim, sold_on=garage.DAY, odometer_km=12_345)
    past = garage.car(owner, 2, plate="沪A00002")
    Participant.objects.filter(vehicle=past).update(until=clock.today())
    garage.drives(past, garage.customer("新主", "13600136000", cast.outlet_id), "OWNER", clock.today())
    page = signed_in("advisor").get(f"/vehicles/customer-panel/{owner.pk}/").content.decode()
    for word in (
        "沪A12345",
        "Voyage Hybrid Luxury",
        "12,345",
        "Earlier cars",
        "沪A00002",
        "?customer=",
    ):
        assert word in page
    assert "?customer=" not in signed_in("technician").get(f"/vehicles/customer-panel/{owner.pk}/").content.decode()
    assert "沪A12345" not in signed_in("stranger").get(f"/vehicles/customer-panel/{owner.pk}/").content.decode()


def test_the_panel_costs_the_same_for_one_car_and_for_three(signed_in, owner, trim):
    garage.car(owner, 1, trim=trim)
    client = signed_in("advisor")
    path = f"/vehicles/customer-panel/{owner.pk}/"
    one = queries_of(lambda: client.get(path))
    garage.car(owner, 2, plate="沪A00002", trim=trim)
    garage.car(owner, 3, plate="沪A00003")
    assert queries_of(lambda: client.get(path)) == one


def test_the_timeline_tells_of_cars_bought_and_gone(cast, acting, owner, car):
    Sale.objects.create(
        vehicle=car, customer=owner, outlet_id=cast.outlet_id, sold_on=garage.DAY, consultant_name="邓子涵",
        touched_at=clock.now(),
    )  # fmt: skip
    Participant.objects.filter(vehicle=car).update(until=garage.DAY + datetime.timedelta(days=400))
    garage.drives(car, garage.customer("新主", "13600136000", cast.outlet_id), "OWNER")
    with translation.override("en"):
        found = panels.moments(acting(cast.advisor), owner.pk, 10)
        assert [str(moment.title) for moment in found] == ["A car went", "Bought a car", "A car came"]
    assert "邓子涵" in found[1].who
    assert len(panels.moments(cast.advisor, owner.pk, 2)) == 2
    assert panels.moments(acting(cast.rescue), owner.pk, 10) == []
    assert panels.moments in slots._timelines


def test_lists_and_cards_of_customers_name_their_cars(cast, acting, owner, trim):
    for number in range(1, 5):
        garage.car(owner, number, plate=f"沪A0000{number}", trim=trim)
    actor = acting(cast.advisor)
    assert slots.ask("customer_cars", actor, [owner.pk]) == {owner.pk: "沪A00001, 沪A00002, 沪A00003…"}
    cars = slots.ask("customer_card_cars", actor, owner.pk)
    assert len(cars) == 4
    assert {car["model"] for car in cars} == {"远航混动 豪华版"}
    assert slots.ask("customer_card_cars", acting(cast.rescue), owner.pk) == []


def test_words_follow_a_merge(cast, acting, owner, car):
    kept = garage.customer("王雪", "13800138001", cast.outlet_id)
    Participant.objects.filter(vehicle=car).update(customer=kept)
    acting(SYSTEM)
    deriving.follow_merge(merge_id=1, kept_id=kept.pk, gone_id=owner.pk)
    assert [hit.title for hit in panels.find(acting(cast.advisor), "12345", 5)] == ["沪A12345"]
