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
