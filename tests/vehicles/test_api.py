"""Cars over the API: what the pages do."""

import json

import pytest
from tests import garage
from tests.apicalls import caller

from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.paging import encode
from guanxi.vehicles.models import Participant

pytestmark = pytest.mark.django_db
TODAY = clock.today().isoformat()
BASE = "/api/v1/vehicles"


def answer(response, status=200):
    assert response.status_code == status, response.content.decode()
    db.set_scope(SYSTEM)
    return json.loads(response.content)


def send(client, method, path, status=200, **body):
    return answer(getattr(client, method)(f"{BASE}{path}", json.dumps(body), "application/json"), status)


@pytest.mark.covers("SYS-22", "ORG-35")
def test_cars_are_listed_found_and_read_by_those_who_may(cast, owner, car, other):
    garage.car(other, 5, plate="粤A55555")
    client = caller(cast.advisor)
    (newest,) = answer(client.get(f"{BASE}?cursor={encode(car.pk - 1)}&limit=1"))["items"]
    assert newest["vin"] == car.vin
    assert [row["id"] for row in answer(client.get(f"{BASE}?q=12345"))["items"]] == [car.pk]
    assert [row["id"] for row in answer(client.get(f"{BASE}?customer_id={owner.pk}"))["items"]] == [car.pk]
    assert answer(client.get(f"{BASE}?customer_id={other.pk}"))["items"] == []
    detail = answer(client.get(f"{BASE}/{car.pk}"))
    assert (detail["plates"][0]["number"], detail["participants"][0]["customer_id"]) == ("沪A12345", owner.pk)
    assert caller(cast.stranger).get(f"{BASE}/{car.pk}").status_code == 404
    assert caller(cast.advisor, ["network.view"]).get(BASE).status_code == 403


def test_a_car_is_added_changed_read_and_sold(cast, owner, trim):
    client = caller(cast.service)
    made = send(client, "post", "", 201, customer_id=owner.pk, vin=garage.vin(6), plate="沪A00006")
    path = f"/{made['id']}"
    assert send(client, "patch", path, colour="白", trim_id=trim.pk)["trim_id"] == trim.pk
    assert send(client, "patch", path, vin=None, trim_id=None)["trim_id"] is None
    send(client, "patch", path, trim_id=trim.pk)
    assert send(client, "put", f"{path}/plate", number="沪B00006", since=TODAY)["plate"] == "沪B00006"
    assert send(client, "post", f"{path}/readings", 201, km=700, on=TODAY)["is_plausible"]
    sold = send(
        client, "post", f"{path}/sales", 201, customer_id=owner.pk, outlet_id=cast.outlet_id, sold_on="2026-10-01",
        price="158000.00",
    )  # fmt: skip
    assert sold["warranty_until"] == "2029-10-01"
    send(client, "post", f"{path}/covers", 201, name="延保", since="2029-10-01", until="2031-10-01")
    assert send(client, "put", f"{path}/dates", insured_until="2027-10-01", inspected_until=None)["insured_until"]
    assert send(client, "put", f"{path}/condition", condition="LEFT", on=TODAY)["condition"] == "LEFT"


def test_the_owner_changes_and_a_driver_comes_and_goes(cast, owner, car):
    client = caller(cast.service)
    new = garage.customer("赵敏", "13700137000", cast.outlet_id)
    part = send(client, "post", f"/{car.pk}/participants", 201, customer_id=new.pk, role="DRIVER", since=TODAY)
    assert send(client, "post", f"/participants/{part['id']}/end", on=TODAY)["until"] == TODAY
    send(client, "post", f"/{car.pk}/owner", customer_id=new.pk, on=TODAY)
    assert Participant.objects.get(vehicle=car, role="OWNER", until__isnull=True).customer_id == new.pk


def test_a_refusal_names_its_field(cast, owner, car):
    client = caller(cast.service)
    problem = send(client, "post", "", 422, customer_id=owner.pk, vin="I" * 17)
    assert problem["errors"][0]["field"] == "vin"
    assert send(client, "post", "", 409, customer_id=owner.pk, vin=car.vin)["type"] == "conflict"


def test_the_catalogue_is_read(cast, trim):
    client = caller(cast.advisor)
    (series,) = [row for row in answer(client.get(f"{BASE}/catalogue")) if row["code"] == "T-S"]
    assert series["models"][0]["trims"][0]["code"] == "T-T"
    detail = answer(client.get(f"{BASE}/catalogue/{series['id']}"))
    assert [row["months"] for row in detail["warranty"]] == [36]
    assert [row["kind"] for row in detail["maintenance"]] == ["FIRST", "MANDATORY", "PERIODIC"]
