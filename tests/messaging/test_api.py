"""Messaging over the API."""

import json

import pytest
from tests.apicalls import caller

from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.messaging.models import Message
from guanxi.privacy.models import Consent


def post(client, path, body):
    return client.post(f"/api/v1/messaging/{path}", json.dumps(body), "application/json")


@pytest.mark.covers("SYS-22")
def test_templates_messages_and_queue(person, template, quiet):
    row, other = person(), person("李明", agreed=False)
    Consent.objects.update(given_at=clock.now())
    template("greet", "{customer}好")
    client = caller(quiet.crm)
    codes = {item["code"]: item for item in client.get("/api/v1/messaging/templates").json()}
    assert codes["greet"]["body_zh"] == "{customer}好"
    body = {"template": "greet", "node_id": quiet.outlet_id, "customer_ids": [row.pk, other.pk], "key": "api"}
    assert post(client, "messages", body).json() == {"queued": 1, "skipped": {"NO_CONSENT": 1}}
    assert post(client, "messages", body).json() == {"queued": 0, "skipped": {"DUPLICATE": 1}}
    items = client.get("/api/v1/messaging/messages", {"key": "api", "state": "QUEUED"}).json()["items"]
    assert [(item["body"], item["address"]) for item in items] == [("王雪好", "138 **** 8000")]
    assert post(client, "messages", body | {"template": "none"}).status_code == 404
    assert post(client, "messages", body | {"key": ""}).status_code == 422
    narrow = caller(quiet.crm, ["messaging.view"])
    assert post(narrow, "messages", body).status_code == 403
    db.set_scope(SYSTEM)
    assert Message.objects.count() == 3
