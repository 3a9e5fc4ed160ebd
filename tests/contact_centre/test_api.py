"""Calls over the API: listed, and recorded once."""

import json
import uuid

import pytest
from tests.apicalls import caller
from tests.contact_centre.conftest import FULL, script

from guanxi.contact_centre.models import Call
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db
BASE = "/api/v1/contact-centre/calls"


def answer(response, status=200):
    assert response.status_code == status, response.content.decode()
    db.set_scope(SYSTEM)
    return json.loads(response.content)


def send(client, status=201, **body):
    return answer(client.post(BASE, json.dumps({"token": str(uuid.uuid4())} | body), "application/json"), status)


@pytest.mark.covers("SYS-22")
def test_a_call_is_recorded_once_and_listed(cast, owner, task):
    made, token, client = task(), str(uuid.uuid4()), caller(cast.callback)
    body = {"token": token, "task_id": made.pk, "outcome": "REACHED", "answers": FULL, "note": "好"}
    first, again = send(client, **body), send(client, **body)
    assert first == again
    assert (first["disposition"], first["answers"], first["customer_id"]) == ("1.1", FULL, owner.pk)
    assert first["script_id"] == script().pk
    assert Call.objects.filter(task_id=made.pk).count() == 1
    found = answer(
        client.get(f"{BASE}?customer_id={owner.pk}&outcome=REACHED&task_id={made.pk}&node_id={cast.outlet_id}")
    )
    assert [item["id"] for item in found["items"]] == [first["id"]]
    assert answer(client.get(f"{BASE}?customer_id={owner.pk}&outcome=BUSY"))["items"] == []
    assert answer(caller(cast.stranger).get(f"{BASE}?customer_id={owner.pk}"))["items"] == []


def test_what_cannot_be_is_refused_at_its_place(cast, task):
    made, client = task(), caller(cast.callback)
    problem = send(client, 422, task_id=made.pk, outcome="REACHED", answers={"feeling": "11"})
    assert {item["field"] for item in problem["errors"]} >= {"answers.feeling", "answers.plate"}
    assert send(client, 422, task_id=made.pk, outcome="MAYBE")
    assert send(client, 422, task_id=made.pk, outcome="BUSY", stranger=1)
    assert send(caller(cast.stranger), 404, task_id=made.pk, outcome="BUSY")
    assert send(caller(cast.gm), 403, task_id=made.pk, outcome="BUSY")
    assert send(caller(cast.sales), 409, task_id=made.pk, outcome="BUSY")


def test_a_call_that_no_task_asked_for_is_logged(cast, owner, task):
    client, token = caller(cast.callback), str(uuid.uuid4())
    first = send(client, customer_id=owner.pk, outcome="REACHED", note="问候", token=token)
    assert (first["task_id"], first["script_id"], first["disposition"]) == (None, None, "1.1")
    assert send(client, customer_id=owner.pk, outcome="REACHED", note="问候", token=token) == first
    assert send(client, 422, outcome="BUSY")
    assert send(client, 422, outcome="BUSY", customer_id=owner.pk, task_id=task().pk)


ENQUIRIES = "/api/v1/contact-centre/enquiries"


@pytest.mark.covers("SYS-22")
def test_an_enquiry_is_taken_answered_and_told_over_the_api(cast, owner, car):
    client = caller(cast.callback)
    who = answer(client.get("/api/v1/contact-centre/callers?number=%2B86%20138-0013-8000"))
    assert who == [
        {"customer_id": owner.pk, "name": "王雪", "outlets": [cast.outlet_id], "cars": [car.pk], "is_wrong": False}
    ]
    body = {
        "token": str(uuid.uuid4()), "category": "PARTS", "words": "有没有刹车片", "is_resolved": False,
        "customer_id": owner.pk, "outlet_id": cast.outlet_id, "number": "13800138000",
    }  # fmt: skip

    def post(client, path="", status=200, **values):
        return answer(client.post(f"{ENQUIRIES}{path}", json.dumps(values), "application/json"), status)

    made, again = post(client, status=201, **body), post(client, status=201, **body)
    assert made == again
    assert (made["state"], made["department"], made["number"]) == ("WITH_DEPARTMENT", "PARTS", "138 **** 8000")
    path = f"/{made['id']}"
    assert post(client, f"{path}/answer", 403, words="有")
    department = caller(cast.service)
    moved = post(department, f"{path}/transfer", department="SERVICE", reason="我来答")
    assert (moved["department"], moved["due_at"]) == ("SERVICE", made["due_at"])
    assert post(department, f"{path}/answer", words="有")["state"] == "TO_REPLY"
    assert post(client, f"{path}/reply")["state"] == "CLOSED"
    assert post(client, f"{path}/reply", 409)
    assert answer(client.get(f"{ENQUIRIES}{path}"))["reply"] == "有"
    for query, found in (("category=PARTS&state=CLOSED", 1), ("state=TO_REPLY", 0), (f"customer_id={owner.pk}", 1)):
        assert len(answer(client.get(f"{ENQUIRIES}?{query}&outlet_id={cast.outlet_id}"))["items"]) == found, query
    assert post(client, status=422, **(body | {"token": str(uuid.uuid4()), "category": "NONE"}))
    assert answer(caller(cast.stranger).get(f"{ENQUIRIES}{path}"), 404)
