"""The pages of the workshop, through the whole stack, without JavaScript."""

import datetime
from decimal import Decimal

import pytest
from tests import garage
from tests.counting import queries_of
from tests.workshop.conftest import DAY

from guanxi.foundation import clock, db, slots
from guanxi.foundation.actor import SYSTEM
from guanxi.vehicles.models import Participant
from guanxi.workshop import panels
from guanxi.workshop.models import Visit
from guanxi.workshop.services.recording import Line

pytestmark = pytest.mark.django_db
TODAY = clock.today()
LINES = {"line-TOTAL_FORMS": 2, "line-INITIAL_FORMS": 0}


def text(response, status=200):
    assert response.status_code == status, (response.status_code, response.content.decode()[-1500:])
    return response.content.decode()


@pytest.mark.covers("ORG-35")
def test_the_list_shows_own_visits_with_car_customer_and_category(signed_in, record):
    record()
    page = text(signed_in("advisor").get("/workshop/?q=WO-1"))
    for word in ("2026-05-11", "沪A12345", "王雪", "Periodic maintenance", "12,000", "680.00", "WO-1"):
        assert word in page
    assert "定期保养" in text(signed_in("hq", "zh-hans").get("/workshop/?q=WO-1"))
    assert "沪A12345" not in text(signed_in("stranger").get("/workshop/?q=WO-1"))
    assert signed_in("rescue").get("/workshop/").status_code == 403


def test_the_filters_and_the_search_narrow(signed_in, cast, owner, record):
    record(1)
    later = garage.car(owner, 2, plate="沪B99999")
    record(2, vehicle=later, category="PDI", entered_on=DAY + datetime.timedelta(days=9))
    client = signed_in("advisor")
    for query, first, second in [
        ("category=PDI", False, True), ("valid=valid", True, False), ("valid=invalid", False, True),
        ("valid=unknown", False, False), (f"since={DAY}", True, True), ("since=2026-05-12", False, True),
        (f"until={DAY}", True, False), (f"outlet={cast.outlet_id}", True, True), ("q=WO-2", False, True),
        ("q=12345", True, False), (f"q={later.vin}", False, True), ("sort=-total", True, True),
    ]:  # fmt: skip
        around = "" if "q=" in query else "&size=100"
        around += "" if "since" in query else "&since=2026-05-09"
        around += "" if "until" in query else "&until=2026-05-22"
        page = text(client.get(f"/workshop/?{query}{around}"))
        assert ("WO-1<" in page, "WO-2<" in page) == (first, second), query


def test_what_is_out_of_sight_stays_in_the_list(signed_in, car, other, record):
    made = record()
    db.set_scope(SYSTEM)
    Participant.objects.filter(vehicle=car).update(customer=other)
    client = signed_in("advisor")
    assert "out of sight" in text(client.get("/workshop/?q=WO-1"))
    assert "The car is out of sight." in text(client.get(f"/workshop/{made.pk}/"))


def test_an_export_needs_the_verb(signed_in, record):
    record()
    assert "WO-1" in signed_in("gm").get("/workshop/?export=csv").content.decode("utf-8-sig")
    assert signed_in("advisor").get("/workshop/?export=csv").status_code == 403


@pytest.mark.parametrize("name", ["advisor", "hq"])
def test_the_list_costs_the_same_whatever_the_number_of_visits(signed_in, record, name):
    record()
    client = signed_in(name)

    def cost():
        return queries_of(lambda: client.get("/workshop/")) - queries_of(lambda: client.get("/notifications/")) + 1

    few = cost()
    for number in range(2, 9):
        record(number)
    assert cost() == few <= 12


@pytest.mark.covers("INFO-01")
def test_a_visit_shows_its_bill_and_the_customers_words(signed_in, record):
    bill = (
        Line("LABOUR", "工时", Decimal(300)),
        Line("PART", "机油", Decimal(380), quantity=Decimal(4), is_warranty=True),
    )
    made = record(lines=bill, total=Decimal(600), brought_by="李刚")
    page = text(signed_in("advisor").get(f"/workshop/{made.pk}/"))
    for word in (
        "刹车有异响",
        "机油",
        "Paid by warranty",
        "380.00",
        "The figures do not agree",
        "李刚",
        "Valid visit",
        "Correct",
    ):
        assert word in page
    assert "/change/" not in text(signed_in("technician").get(f"/workshop/{made.pk}/")).replace("password/change/", "")
    assert signed_in("stranger").get(f"/workshop/{made.pk}/").status_code == 404


def values(cast, **more):
    return {
        "car": "12345", "outlet": cast.outlet_id, "order_no": "WO-7", "category": "MINOR_REPAIR", "entered_on": TODAY,
        "km": 15_000, "words": "灯不亮", **LINES, "line-0-kind": "PART", "line-0-name": "灯泡", "line-0-amount": "80",
        "line-0-quantity": "2", **more,
    }  # fmt: skip


def test_a_visit_is_recorded_and_corrected_by_forms(signed_in, cast, owner, car):
    client = signed_in("advisor")
    page = text(client.get(f"/workshop/record/?vehicle={car.pk}"))
    assert car.vin in page
    assert "曹浩然" in page
    answer = client.post("/workshop/record/", values(cast))
    db.set_scope(SYSTEM)
    made = Visit.objects.get(vehicle=car)
    assert answer["Location"] == f"/workshop/{made.pk}/"
    assert (made.vehicle_id, made.customer_id, made.total, made.lines.get().name) == (car.pk, owner.pk, 80, "灯泡")
    assert "灯泡" in text(client.get(f"/workshop/{made.pk}/change/"))
    answer = client.post(f"/workshop/{made.pk}/change/", values(cast, category="PDI", total="90"))
    assert answer.status_code == 302
    db.set_scope(SYSTEM)
    made.refresh_from_db()
    assert (made.counts, made.total) == (False, 90)


def test_more_lines_are_offered_without_losing_what_was_typed(signed_in, cast, car):
    page = text(signed_in("advisor").post("/workshop/record/", values(cast, more="1")))
    assert 'name="line-5-name"' in page
    assert 'value="灯泡"' in page
    assert not Visit.objects.filter(vehicle=car).exists()


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"car": "99999"}, "add the car first"),
        ({"category": ""}, "required"),
        ({"order_no": ""}, "required"),
        ({"line-0-name": ""}, "Say what it is."),
        ({"line-0-amount": ""}, "nothing is 0"),
        ({"entered_on": TODAY + datetime.timedelta(days=1)}, "has not come yet"),
        ({"outlet": "1"}, "Select a valid"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(signed_in, cast, car, more, word):
    assert word in text(signed_in("advisor").post("/workshop/record/", values(cast, **more)), 422)


def test_several_cars_with_one_end_are_named(signed_in, cast, owner, car):
    garage.car(owner, 2, plate="苏E12345")
    page = text(signed_in("advisor").post("/workshop/record/", values(cast)), 422)
    assert "Several cars end so" in page
    assert "苏E12345" in page


@pytest.mark.parametrize(("name", "status"), [("technician", 403), ("gm", 403), ("stranger", 404)])
def test_who_may_not_is_refused(signed_in, car, record, name, status):
    made = record()
    client = signed_in(name)
    assert client.get(f"/workshop/{made.pk}/change/").status_code == status
    if name == "stranger":
        assert client.get(f"/workshop/record/?vehicle={car.pk}").status_code == 404
    else:
        assert client.get("/workshop/record/").status_code == 403


def test_car_and_customer_show_their_visits(signed_in, cast, acting, owner, car, record):
    record(1, km=8_000)
    record(2, category="PDI", entered_on=DAY + datetime.timedelta(days=1))
    client = signed_in("advisor")
    page = text(client.get(f"/workshop/vehicle-panel/{car.pk}/"))
    assert page.index("Pre-delivery inspection") < page.index("Periodic maintenance")
    for word in ("8,000 km", "680.00 CNY", "刹车有异响", f"/workshop/record/?vehicle={car.pk}"):
        assert word in page
    assert "沪A12345" in text(client.get(f"/workshop/customer-panel/{owner.pk}/"))
    assert f"/workshop/vehicle-panel/{car.pk}/" in text(client.get(f"/vehicles/{car.pk}/"))
    assert "record/" not in text(signed_in("technician").get(f"/workshop/vehicle-panel/{car.pk}/"))
    assert signed_in("stranger").get(f"/workshop/vehicle-panel/{car.pk}/").status_code == 404
    assert "Periodic" not in text(signed_in("stranger").get(f"/workshop/customer-panel/{owner.pk}/"))


def test_the_panels_cost_the_same_for_one_visit_and_for_many(signed_in, owner, record):
    record()
    client = signed_in("advisor")
    path = f"/workshop/customer-panel/{owner.pk}/"
    one = queries_of(lambda: client.get(path))
    for number in range(2, 25):
        record(number)
    assert queries_of(lambda: client.get(path)) == one
    assert "Older visits stand in the list" in text(client.get(path))


def test_the_timeline_of_a_customer_tells_of_visits(cast, acting, owner, record):
    record()
    (moment,) = panels.moments(acting(cast.advisor), owner.pk, 5)
    assert (str(moment.title), moment.at) == ("定期保养", clock.start_of(DAY))
    assert "沪A12345" in str(moment.detail)
    assert panels.moments(acting(cast.rescue), owner.pk, 5) == []
    assert panels.moments in slots._timelines
