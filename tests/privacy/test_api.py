"""Consent over the API: what the pages do."""

import json

import pytest
from tests import garage
from tests.apicalls import caller

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db
BASE = "/api/v1/privacy"


def answer(response, status=200):
    assert response.status_code == status, response.content.decode()
    db.set_scope(SYSTEM)
    return json.loads(response.content)


def post(client, path, status, **body):
    return answer(client.post(f"{BASE}{path}", json.dumps(body), "application/json"), status)


@pytest.mark.covers("SYS-22", "NFR-01")
def test_a_decision_is_recorded_read_and_withdrawn(cast, customer):
    client = caller(cast.advisor)
    of_customer = f"/customers/{customer.pk}"
    body = {"purpose": "CARE", "medium": "SMS", "recipient_id": cast.outlet_id, "standing": "GIVEN", "proof": "表单"}
    made = post(client, f"{of_customer}/consents", 201, **body)
    asked = f"{BASE}{of_customer}/standings/{cast.outlet_id}"
    (cell,) = answer(client.get(asked))
    assert (cell["purpose"], cell["medium"], cell["standing"], cell["consent_id"]) == (
        "CARE",
        "SMS",
        "GIVEN",
        made["id"],
    )
    assert client.get(f"{BASE}{of_customer}/standings/{cast.other_outlet_id}").status_code == 403
    assert post(client, f"/consents/{made['id']}/withdraw", 200, proof="来电")["standing"] == "WITHDRAWN"
    assert [row["id"] for row in answer(client.get(f"{BASE}{of_customer}/consents"))] == [made["id"]]
    assert post(client, f"{of_customer}/consents", 422, **(body | {"given_at": "2099-01-01T00:00:00"}))["errors"]
    assert answer(client.get(asked))[0]["standing"] == "WITHDRAWN"


def test_those_who_may_not_are_refused(cast, customer):
    assert caller(cast.technician).get(f"{BASE}/customers/{customer.pk}/consents").status_code == 403
    assert caller(cast.advisor).get(f"{BASE}/texts").status_code == 403
    foreign = garage.customer("李强", "13900139000", cast.other_outlet_id)
    assert caller(cast.advisor).get(f"{BASE}/customers/{foreign.pk}/consents").status_code == 404


def test_texts_are_added_and_listed(cast):
    client = caller(cast.planner)
    made = post(client, "/texts", 201, purpose="CARE", version="t1", text_zh="同意", valid_from="2026-01-01")
    assert made["id"] in {row["id"] for row in answer(client.get(f"{BASE}/texts"))}
    body = {"purpose": "CARE", "version": "t1", "text_zh": "同意", "valid_from": "2026-01-01"}
    assert post(client, "/texts", 409, **body)["type"] == "conflict"
