"""The API: the same verbs as the pages, as an integration calls them."""

import datetime

import pytest
from django.test import Client

from guanxi.access.services import tokens
from guanxi.codelists.models import Code
from guanxi.foundation import clock

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/codelists"


@pytest.fixture
def call(acting, cast):
    """Return a function that calls the API with a token of somebody."""

    def send(name, method, path, body=None):
        actor = acting(getattr(cast, name))
        _token, secret = tokens.issue_token(
            actor=actor,
            name="test",
            verbs=sorted(verb for verb in actor.verbs if verb.startswith("codelists.")),
            lasts=datetime.timedelta(days=1),
            at=clock.now(),
        )
        request = getattr(Client(headers={"Authorization": f"Bearer {secret}"}), method)
        return request(ROOT + path) if body is None else request(ROOT + path, body, "application/json")

    return send


def code(**changes):
    words = {"name_zh": "新", "name_en": "new"}
    return {"code": "NEW", "valid_from": "2026-01-01", **words, **changes}


def test_lists_and_one_list(flat, call):
    rows = {row["code"]: row for row in call("advisor", "get", "").json()}
    assert rows["t_flat"]["central"] == 2
    body = call("advisor", "get", "/t_flat?on=2024-05-01").json()
    assert [(item["code"], item["name_zh"], item["standing"]) for item in body["codes"]] == [
        ("ONE", "旧ONE", "VALID"),
        ("TWO", "旧TWO", "VALID"),
    ]
    assert call("advisor", "get", "/nothing").status_code == 404


def test_add_rename_move_retire_reinstate(flat, call):
    answer = call("hq", "post", "/t_flat/codes", code(attributes={"side": "sales"}))
    assert answer.status_code == 201
    path, day = f"/codes/{answer.json()['id']}", clock.today().isoformat()
    renamed = call("hq", "patch", path, {"name_zh": "改", "name_en": "changed", "on": day})
    assert renamed.json()["name_zh"] == "改"
    assert call("hq", "put", f"{path}/place", {"position": 7}).json()["position"] == 7
    assert call("hq", "post", f"{path}/retire", {"on": day}).json()["valid_to"] is not None
    assert call("hq", "post", f"{path}/reinstate", {}).json()["valid_to"] is None


def test_extend(flat, call, cast):
    body = code(node_id=cast.outlet_id)
    answer = call("outlet_admin", "post", "/t_flat/extensions", body)
    assert (answer.status_code, answer.json()["code"]) == (201, "X_NEW")
    assert call("stranger", "post", "/t_flat/extensions", body).status_code == 403


def test_refusals_are_problem_documents(flat, call):
    assert call("advisor", "post", "/t_flat/codes", code()).status_code == 403
    twice = call("hq", "post", "/t_flat/codes", code(code="ONE"))
    assert (twice.status_code, twice.headers["Content-Type"]) == (409, "application/problem+json")
    assert twice.json()["errors"][0]["field"] == "code"
    assert call("hq", "post", "/t_flat/codes", code(code="bad")).status_code == 422
    row = Code.objects.get(list=flat, code="ONE")
    past = {"on": "2024-01-01"}
    assert call("hq", "post", f"/codes/{row.pk}/retire", past).status_code == 422


def test_without_a_token_nothing(db):
    assert Client().get(ROOT).status_code == 401
