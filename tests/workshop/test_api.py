"""Visits over the API: what the pages do."""

import json

import pytest
from tests.apicalls import caller

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.paging import encode

pytestmark = pytest.mark.django_db
BASE = "/api/v1/workshop"
REPORT = {
    "order_no": "WO-9", "category": "ACCIDENT", "entered_on": "2026-06-01", "km": 9000, "words": "追尾",
    "lines": [{"kind": "PART", "name": "保险杠", "amount": "1200.00"}],
}  # fmt: skip


def answer(response, status=200):
    assert response.status_code == status, response.content.decode()
    db.set_scope(SYSTEM)
    return json.loads(response.content)


def send(client, method, path, status=200, **body):
    return answer(getattr(client, method)(f"{BASE}{path}", json.dumps(body), "application/json"), status)


@pytest.mark.covers("SYS-22")
def test_a_visit_is_recorded_corrected_and_read(cast, owner, car):
    client = caller(cast.advisor)
    made = send(client, "post", "", 201, **REPORT, outlet_id=cast.outlet_id, vehicle_id=car.pk)
    assert (made["customer_id"], made["counts"], made["total"]) == (owner.pk, True, "1200.00")
    changed = send(client, "put", f"/{made['id']}", **(REPORT | {"category": "REWORK", "lines": []}))
    assert (changed["counts"], changed["lines"], changed["total"]) == (False, [], None)
    assert answer(client.get(f"{BASE}/{made['id']}"))["words"] == "追尾"


def test_visits_are_listed_by_what_is_asked(cast, owner, car, record):
    made = record()
    client = caller(cast.advisor)
    for query, number in [
        ("", 1), (f"vehicle_id={car.pk}", 1), (f"customer_id={owner.pk}", 1), (f"outlet_id={cast.outlet_id}", 1),
        ("since=2026-05-12", 0), ("until=2026-05-11", 1), ("counts=true", 1), ("counts=false", 0), ("vehicle_id=1", 0),
    ]:  # fmt: skip
        items = answer(client.get(f"{BASE}?{query}&cursor={encode(made.pk - 1)}&limit=1"))["items"]
        assert [row["id"] for row in items] == [made.pk] * number, query
    of_the_car = f"{BASE}?vehicle_id={car.pk}"
    assert answer(caller(cast.stranger).get(of_the_car))["items"] == []
    assert caller(cast.stranger).get(f"{BASE}/{made.pk}").status_code == 404
    assert caller(cast.advisor, ["network.view"]).get(BASE).status_code == 403


def test_a_refusal_names_its_field(cast, car):
    client = caller(cast.advisor)
    body = REPORT | {"outlet_id": cast.outlet_id, "vehicle_id": car.pk, "category": "NOTHING"}
    assert send(client, "post", "", 422, **body)["errors"][0]["field"] == "category"
