"""The pages of cars, through the whole stack, without JavaScript."""

import datetime

import pytest
from tests import garage
from tests.counting import queries_of

from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.vehicles.models import OwnerDoubt, Participant, Reading, Sale, Vehicle

pytestmark = pytest.mark.django_db
TODAY = clock.today()
FORMS = ("change", "plate", "dates", "condition", "reading", "sale", "cover", "participants")


def text(response, status=200):
    assert response.status_code == status, (response.status_code, response.content[:400])
    return response.content.decode()


@pytest.fixture
def client(signed_in, car):
    """A browser of the outlet's service manager, who may do everything with cars."""
    return signed_in("service")


@pytest.mark.covers("ORG-35")
def test_the_list_shows_the_cars_of_own_customers_alone(signed_in, car):
    assert car.vin in text(signed_in("advisor").get("/vehicles/"))
    assert car.vin not in text(signed_in("stranger").get("/vehicles/"))
    assert signed_in("rescue").get("/vehicles/").status_code == 403


@pytest.mark.parametrize("q", ["12345", "沪A12345", "a·12345", garage.vin(1)[-6:], "王雪", "wangxue", "8000", "SO-77"])
def test_a_car_is_found_by_plate_vin_owner_and_order(signed_in, cast, owner, car, q):
    Sale.objects.create(
        vehicle=car, customer=owner, outlet_id=cast.outlet_id, sold_on=TODAY, order_no="SO-77", touched_at=clock.now()
    )
    garage.car(garage.customer("李强", "13900139999", cast.outlet_id), 2, plate="沪B99999")
    for name in ("advisor", "hq"):
        page = text(signed_in(name).get("/vehicles/", {"q": q}))
        assert car.vin in page
        assert garage.vin(2) not in page
    assert car.vin not in text(signed_in("stranger").get("/vehicles/", {"q": q}))


@pytest.mark.covers("LIFE-17")
def test_the_filters_find_what_ends_soon(signed_in, owner, trim):
    soon, past = TODAY + datetime.timedelta(days=20), TODAY - datetime.timedelta(days=1)
    garage.car(owner, 1, plate="沪A00001", warranty_until=soon, insured_until=past, trim=trim)
    garage.car(owner, 2, plate="沪A00002", warranty_until=past, inspected_until=soon, condition="SCRAPPED")
    client = signed_in("advisor")
    series, model = trim.model.series_id, trim.model_id
    for query, first, second in [
        ("warranty=30", True, False), ("warranty=past", False, True), ("insured=past", True, False),
        ("inspected=90", False, True), ("condition=SCRAPPED", False, True), (f"model=s{series}", True, False),
        (f"model=m{model}", True, False), ("vin=doubtful", False, False), ("sort=-plate", True, True),
    ]:  # fmt: skip
        page = text(client.get(f"/vehicles/?{query}"))
        assert ("沪A00001" in page, "沪A00002" in page) == (first, second), query


def test_the_list_is_narrowed_to_an_outlet(signed_in, cast, owner, car, other):
    garage.car(other, 5, plate="粤A55555")
    page = text(signed_in("hq").get(f"/vehicles/?outlet={cast.outlet_id}"))
    assert "沪A12345" in page
    assert "粤A55555" not in page


def test_an_export_needs_the_verb(signed_in, car):
    answer = signed_in("gm").get("/vehicles/?export=csv")
    assert car.vin in answer.content.decode("utf-8-sig")
    assert signed_in("advisor").get("/vehicles/?export=csv").status_code == 403


def own_queries(client, path):
    """The queries of a page beyond those that every page of the shell costs; the notifications cost one more."""
    return queries_of(lambda: client.get(path)) - queries_of(lambda: client.get("/notifications/")) + 1


@pytest.mark.parametrize("name", ["advisor", "hq"])
def test_the_list_costs_the_same_whatever_the_number_of_cars(signed_in, owner, car, name):
    client = signed_in(name)
    few = own_queries(client, "/vehicles/")
    db.set_scope(SYSTEM)
    for number in range(2, 12):
        garage.car(owner, number, plate=f"沪A{number:05d}")
    assert own_queries(client, "/vehicles/") == few <= 12


@pytest.mark.parametrize("name", ["advisor", "gm", "hq"])
def test_the_page_costs_the_same_whatever_the_history(signed_in, cast, owner, trim, name):
    car = garage.car(owner, trim=trim, sold_on=garage.DAY)
    Sale.objects.create(
        vehicle=car, customer=owner, outlet_id=cast.outlet_id, sold_on=garage.DAY, use="PRIVATE", touched_at=clock.now()
    )
    client = signed_in(name)
    few = own_queries(client, f"/vehicles/{car.pk}/")
    db.set_scope(SYSTEM)
    for day in range(30):
        Reading.objects.create(
            vehicle=car, read_on=garage.DAY + datetime.timedelta(days=day), km=day * 40, source="VISIT",
            touched_at=clock.now(),
        )  # fmt: skip
        garage.drives(car, owner, since=garage.DAY + datetime.timedelta(days=day))
    assert own_queries(client, f"/vehicles/{car.pk}/") == few <= 12


@pytest.mark.covers("INFO-01", "INFO-11", "LIFE-17")
def test_a_car_shows_people_papers_and_mileage(signed_in, cast, owner, trim):
    car = garage.car(
        owner, trim=trim, sold_on=garage.DAY, warranty_until=datetime.date(2027, 3, 15), warranty_km=100_000
    )
    for day, km in ((10, 300), (200, 9_000)):
        Reading.objects.create(
            vehicle=car,
            read_on=garage.DAY + datetime.timedelta(days=day),
            km=km,
            source="OWNER",
            touched_at=clock.now(),
        )
    page = text(signed_in("advisor").get(f"/vehicles/{car.pk}/"))
    for word in (
        "王雪",
        car.vin,
        "Voyage Hybrid Luxury",
        "2027-03-15",
        "9,000",
        "<svg viewBox",
    ):
        assert word in page
    assert "Hybrid" in page
    assert "豪华版" in text(signed_in("advisor", "zh-hans").get(f"/vehicles/{car.pk}/"))


def test_a_doubtful_vin_is_said(signed_in, owner):
    car = garage.car(owner, is_vin_doubtful=True)
    assert "check digit of this VIN" in text(signed_in("advisor").get(f"/vehicles/{car.pk}/"))


@pytest.mark.parametrize("form", ["", "owner/", *(f"{form}/" for form in FORMS)])
def test_a_foreign_car_does_not_exist(signed_in, car, form):
    assert signed_in("stranger").get(f"/vehicles/{car.pk}/{form}").status_code == 404


@pytest.mark.parametrize("form", [*FORMS, "owner"])
def test_without_the_right_a_form_is_refused_and_not_offered(signed_in, car, form):
    client = signed_in("technician")
    assert client.get(f"/vehicles/{car.pk}/{form}/").status_code == 403
    assert f"/vehicles/{car.pk}/{form}/" not in text(client.get(f"/vehicles/{car.pk}/"))


@pytest.mark.parametrize("form", [*FORMS, "owner"])
def test_every_form_opens_and_says_what_is_wrong(client, car, form):
    page = text(client.get(f"/vehicles/{car.pk}/{form}/"))
    assert "<form" in page
    wrong = {
        "dates": {"insured_until": "soon"},
        "plate": {"number": "沪1"},
        "change": {"vin": "1"},
        "condition": {"on": ""},
    }.get(form, {})
    wrong = {"x": "1", **wrong}
    assert 'role="alert"' in text(client.post(f"/vehicles/{car.pk}/{form}/", wrong), 422)


def post(client, path, **values):
    answer = client.post(path, values)
    assert answer.status_code == 302, answer.content.decode()[-2500:]
    db.set_scope(SYSTEM)
    return answer["Location"]


def test_a_car_is_added_to_the_customer_of_the_address(client, owner):
    path = f"/vehicles/add/?customer={owner.pk}"
    assert "王雪" in text(client.get(path))
    to = post(client, path, customer=owner.pk, vin=garage.vin(8), plate="沪C88888", colour="银", since=TODAY)
    row = Vehicle.objects.get(vin=garage.vin(8))
    assert to == f"/vehicles/{row.pk}/"
    assert (row.plate, row.colour) == ("沪C88888", "银")


def test_the_owner_is_looked_for_and_chosen_among_several(client, cast):
    garage.customer("亓雷", "13600136001", cast.outlet_id)
    owner = garage.customer("亓雪", "13800138000", cast.outlet_id)
    page = text(client.post("/vehicles/add/", {"who": "亓", "vin": garage.vin(8)}), 422)
    assert "亓雷 · **** 6001" in page
    assert "亓雪 · **** 8000" in page
    post(client, "/vehicles/add/", who="亓", customer=owner.pk, vin=garage.vin(8))
    assert Participant.objects.get(vehicle__vin=garage.vin(8)).customer_id == owner.pk
    assert "Nobody is found" in text(client.post("/vehicles/add/", {"who": "亓没有", "vin": garage.vin(9)}), 422)


def test_a_foreign_customer_gets_no_car(client, other):
    assert client.get(f"/vehicles/add/?customer={other.pk}").status_code == 404


def test_a_known_vin_is_refused_at_its_field(client, owner):
    page = text(client.post("/vehicles/add/", {"who": "王雪", "vin": garage.vin(1)}), 422)
    assert "change its owner instead" in page


def test_the_forms_do_what_they_say(client, cast, owner, car):
    base = f"/vehicles/{car.pk}"
    post(client, f"{base}/change/", vin=car.vin, colour="红", model_text="自写")
    post(client, f"{base}/plate/", number="沪D00001", since=TODAY)
    post(client, f"{base}/dates/", insured_until="2027-01-01", inspected_until="")
    post(client, f"{base}/reading/", km=12_000, on=TODAY)
    post(client, f"{base}/cover/", name="延保", since=TODAY, until=TODAY + datetime.timedelta(days=365))
    post(
        client, f"{base}/sale/", buyer=owner.pk, outlet=cast.outlet_id, sold_on="2024-03-15", price="158000",
        use="PRIVATE", order_no="SO-9",
    )  # fmt: skip
    page = text(client.get(f"{base}/"))
    for word in ("红", "自写", "沪D00001", "2027-01-01", "12,000", "延保", "158,000", "SO-9", "Private"):
        assert word in page
    reading = Reading.objects.get(vehicle=car)
    post(client, f"/vehicles/readings/{reading.pk}/judge/", plausible="no")
    assert not Reading.objects.get(pk=reading.pk).is_plausible
    post(client, f"{base}/condition/", condition="SCRAPPED", on=TODAY)
    assert "Scrapped" in text(client.get(f"{base}/"))


def test_people_come_and_go_and_the_owner_changes(client, cast, car):
    garage.customer("赵敏", "13700137000", cast.outlet_id)
    base = f"/vehicles/{car.pk}"
    post(client, f"{base}/participants/", who="赵敏", role="DRIVER", since=TODAY)
    part = Participant.objects.get(vehicle=car, role="DRIVER")
    assert "赵敏" in text(client.get(f"/vehicles/participants/{part.pk}/end/"))
    post(client, f"/vehicles/participants/{part.pk}/end/", on=TODAY)
    to = post(client, f"{base}/owner/", who="7000", on=TODAY, others_leave="on")
    assert to == f"{base}/"
    page = text(client.get(to))
    assert "赵敏" in page
    assert "Earlier" in page


def test_the_doubts_are_listed_and_decided(client, cast, car):
    doubt = OwnerDoubt.objects.create(
        vehicle=car, outlet_id=cast.outlet_id, seen_on=TODAY, name="李强", phone="13900139000"
    )
    assert "Owner doubts" in text(client.get("/vehicles/"))
    page = text(client.get("/vehicles/doubts/?state=OPEN"))
    assert f"/vehicles/{car.pk}/owner/?who=13900139000" in page
    assert "13900139000" in text(client.get(f"/vehicles/{car.pk}/owner/?who=13900139000"))
    assert "李强" in text(client.get(f"/vehicles/{car.pk}/"))
    post(client, f"/vehicles/doubts/{doubt.pk}/dismiss/")
    assert f"/vehicles/{car.pk}/owner/" not in text(client.get("/vehicles/doubts/"))


def test_a_doubt_outlives_the_sight_of_its_car(client, cast, car, other):
    OwnerDoubt.objects.create(
        vehicle=car, outlet_id=cast.outlet_id, seen_on=TODAY, name="李强", phone="1", state="CONFIRMED"
    )
    Participant.objects.filter(vehicle=car).update(customer=other)
    page = text(client.get("/vehicles/doubts/"))
    assert "李强" in page
    assert "out of sight" in page


def test_what_changes_is_posted(client, car):
    reading = Reading.objects.create(vehicle=car, read_on=TODAY, km=5, source="OWNER", touched_at=clock.now())
    for path in (
        f"/vehicles/readings/{reading.pk}/judge/",
        "/vehicles/doubts/1/dismiss/",
        "/vehicles/catalogue/step/1/remove/",
    ):
        assert client.get(path).status_code == 404
