"""Tokens at the door of the API: who calls, how often, how far; and people and rights over it."""

import datetime
import json

import pytest
from django.core.cache import cache
from django.test import Client
from tests.apicalls import caller

from guanxi.access.models import Membership, Role, SignInLink, Token, User
from guanxi.access.services import tokens
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import Reply

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/access"


@pytest.fixture(autouse=True)
def fresh_counters(db):
    """No calls counted from other tests."""
    cache.clear()


def send(client, method, path, body=None, **more):
    request = getattr(client, method)
    return request(ROOT + path, **more) if body is None else request(ROOT + path, body, "application/json", **more)


def invitation(cast, **changes):
    return {"name": "新人", "role": "service_advisor", "node_id": cast.outlet_id, **changes}


@pytest.mark.covers("SYS-22")
def test_who_am_i(cast):
    body = send(caller(cast.advisor), "get", "/me").json()
    assert (body["id"], body["name"]) == (cast.advisor.user_id, "曹浩然")
    assert body["verbs"] == sorted(cast.advisor.verbs)
    assert [grant["role"] for grant in body["grants"]] == ["service_advisor"]


@pytest.mark.covers("NFR-01", "ORG-35")
def test_a_token_narrows_its_owner(cast):
    client = caller(cast.hq, ["access.view_people"])
    assert send(client, "get", "/me").json()["verbs"] == ["access.view_people"]
    assert send(client, "get", "/people").status_code == 200
    assert send(client, "get", "/roles").status_code == 403
    assert send(client, "post", "/invitations", invitation(cast)).status_code == 403


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize("kind", ["revoked", "expired", "made up", "inactive", "not bearer", "none"])
def test_a_token_that_does_not_live_is_a_problem_document(cast, acting, kind):
    client = caller(cast.advisor)
    acting(SYSTEM)
    token = Token.objects.order_by("pk").last()
    if kind == "revoked":
        tokens.revoke_token(actor=cast.advisor, token_id=token.pk, at=clock.now())
    elif kind == "expired":
        day = datetime.timedelta(days=1)
        Token.objects.filter(pk=token.pk).update(created_at=clock.now() - 2 * day, expires_at=clock.now() - day)
    elif kind == "inactive":
        User.objects.filter(username="advisor").update(is_active=False)
    else:
        header = {"made up": "Bearer gx_x", "not bearer": "Basic aHE6aHE=", "none": ""}[kind]
        client = Client(headers={"Authorization": header} if header else {})
    answer = send(client, "get", "/me")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["type"] == "unauthorised"


@pytest.mark.covers("NFR-01")
def test_a_signed_in_browser_is_no_token(signed_in):
    assert signed_in("hq").get(ROOT + "/me").status_code in {200, 401}
    answer = signed_in("hq").post(ROOT + "/invitations", json.dumps({}), "application/json")
    assert answer.status_code == 401


@pytest.mark.covers("NFR-01")
def test_too_many_calls_wait_a_minute(cast, settings):
    settings.API_CALLS_PER_MINUTE = 3
    client = caller(cast.advisor)
    answers = [send(client, "get", "/me") for _call in range(5)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) in {1, 2}
    assert refused[-1]["Retry-After"] == "60"
    assert refused[-1].json()["type"] == "too-many-requests"
    assert send(caller(cast.gm), "get", "/me").status_code == 200


def test_the_same_key_gives_the_same_answer_and_one_effect(cast, acting):
    client = caller(cast.outlet_admin)
    before = SignInLink.objects.count()
    first, second = (
        send(client, "post", "/invitations", invitation(cast), headers={"Idempotency-Key": "k1"}) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert second.json() == first.json() | {"secret": None}
    acting(SYSTEM)
    assert SignInLink.objects.count() == before + 1


def test_the_same_key_with_another_body_is_refused(cast):
    client = caller(cast.outlet_admin)
    key = {"Idempotency-Key": "k1"}
    send(client, "post", "/invitations", invitation(cast), headers=key)
    answer = send(client, "post", "/invitations", invitation(cast, name="Other"), headers=key)
    assert (answer.status_code, answer.json()["type"]) == (409, "conflict")


def test_a_key_is_ones_own(cast):
    key = {"Idempotency-Key": "k1"}
    for actor in (cast.outlet_admin, cast.hq):
        answer = send(caller(actor), "post", "/invitations", invitation(cast), headers=key)
        assert answer.status_code == 201
        assert "Idempotent-Replayed" not in answer


def test_a_refusal_is_repeated_too_and_reads_are_not_remembered(cast, acting):
    client = caller(cast.outlet_admin)
    key = {"Idempotency-Key": "k1"}
    answers = [send(client, "post", "/invitations", invitation(cast, role="x"), headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[1]["Idempotent-Replayed"] == "true"
    send(client, "get", "/me", headers={"Idempotency-Key": "k2"})
    acting(SYSTEM)
    assert set(Reply.objects.values_list("key", flat=True)) == {"k1"}


def test_a_key_has_at_most_a_hundred_characters(cast):
    client = caller(cast.outlet_admin)
    answer = send(client, "post", "/invitations", invitation(cast), headers={"Idempotency-Key": "k" * 101})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"surprise": 1},
        {"name": ""},
        {"name": "a\x00"},
        {"role": "X!"},
        {"node_id": 0},
        {"node_id": 2**40},
        {"node_id": "x"},
    ],
)
def test_what_does_not_fit_the_shape_is_refused(cast, changes):
    answer = send(caller(cast.hq), "post", "/invitations", invitation(cast, **changes))
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["field"].endswith(next(iter(changes)))


def test_no_json_is_a_problem_and_not_a_failure(cast):
    answer = caller(cast.hq).post(ROOT + "/invitations", "{", "application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.covers("ORG-35")
def test_people_of_the_own_places(cast, node):
    items = send(caller(cast.gm), "get", f"/people?node_id={node('YLHD001-CR')}").json()["items"]
    assert [item["username"] for item in items] == ["callback"]
    names = {item["username"] for item in send(caller(cast.stranger), "get", "/people?limit=200").json()["items"]}
    assert len(names) == 11
    assert "advisor" not in names


@pytest.mark.covers("ORG-35")
def test_one_person_with_roles_or_not_to_be_found(cast):
    body = send(caller(cast.gm), "get", f"/people/{cast.advisor.user_id}").json()
    assert [row["role_id"] for row in body["memberships"]] == ["service_advisor"]
    assert "password" not in body
    assert send(caller(cast.stranger), "get", f"/people/{cast.advisor.user_id}").status_code == 404


@pytest.mark.covers("ORG-36")
def test_roles_and_responsibilities_are_read(cast):
    roles = {row["code"]: row for row in send(caller(cast.outlet_admin), "get", "/roles").json()}
    assert roles["service_advisor"]["reach"] == "OUTLET"
    duties = send(caller(cast.gm), "get", "/responsibilities").json()
    assert duties[0]["escalation_role"] in roles
    assert send(caller(cast.advisor), "get", "/roles").status_code == 403


@pytest.mark.covers("ORG-35", "SYS-22")
def test_roles_are_given_and_taken(cast, acting):
    client, day = caller(cast.outlet_admin), clock.today().isoformat()
    body = {"user_id": cast.advisor.user_id, "role": "service_manager", "node_id": cast.outlet_id, "valid_from": day}
    answer = send(client, "post", "/memberships", body)
    assert answer.status_code == 201
    ended = send(client, "post", f"/memberships/{answer.json()['id']}/end", {"on": day})
    assert ended.json()["valid_to"] == day
    beyond = body | {"role": "branch_manager", "node_id": cast.branch_id}
    assert send(client, "post", "/memberships", beyond).status_code == 403
    acting(SYSTEM)
    assert not Membership.objects.filter(user_id=cast.advisor.user_id, node_id=cast.branch_id).exists()


def test_an_integration_calls_with_its_own_role(cast, acting):
    user = tokens.add_integration(
        actor=acting(cast.hq), username="t-dms", name="DMS", role_code="service_advisor", node_id=cast.outlet_id,
        at=clock.now(),
    )  # fmt: skip
    lasts = datetime.timedelta(days=1)
    verbs = ["network.view", "codelists.view"]
    _token, secret = tokens.issue_token(
        actor=cast.hq, name="t", verbs=verbs, lasts=lasts, at=clock.now(), user_id=user.pk
    )
    Role.objects.filter(pk="service_advisor").update(verbs=["network.view", "access.view_people"])
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    assert send(client, "get", "/me").json()["verbs"] == ["network.view"]
    codes = {item["code"] for item in client.get("/api/v1/network/nodes?kind=OUTLET").json()["items"]}
    assert codes == {"YLHD001"}
