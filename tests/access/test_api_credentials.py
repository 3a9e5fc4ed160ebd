"""Tokens and integrations over the API: made, shown once, listed, revoked, and never wider than the calling one."""

import pytest
from django.test import Client
from tests.apicalls import caller

from guanxi.access.models import Membership, Token, User
from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry, Reply

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/access"
OWN = {"name": "nightly", "verbs": ["network.view"], "days": 30}


def send(client, method, path, body=None, **more):
    request = getattr(client, method)
    return request(ROOT + path, **more) if body is None else request(ROOT + path, body, "application/json", **more)


def program(cast, **changes):
    values = {"username": "t-dms", "name": "DMS", "role": "service_advisor", "node_id": cast.outlet_id, **changes}
    return send(caller(cast.hq), "post", "/integrations", values)


@pytest.mark.covers("SYS-22", "NFR-01")
def test_a_token_made_over_the_api_works_and_is_listed_without_its_secret(cast):
    client = caller(cast.gm)
    made = send(client, "post", "/tokens", OWN)
    assert made.status_code == 201
    secret = made.json()["secret"]
    other = Client(headers={"Authorization": f"Bearer {secret}"})
    assert send(other, "get", "/me").json()["verbs"] == ["network.view"]
    listed = send(client, "get", "/tokens")
    row = listed.json()["items"][-1]
    assert (row["name"], row["start"], row["verbs"]) == ("nightly", secret[:8], ["network.view"])
    assert secret not in listed.content.decode()
    assert "secret" not in row
    assert "digest" not in row


@pytest.mark.covers("NFR-01", "ORG-35")
def test_a_narrow_token_makes_none_that_is_wider(cast, acting):
    client = caller(cast.gm, ["access.issue_token", "network.view"])
    assert send(client, "post", "/tokens", OWN).status_code == 201
    for verbs in (["network.view", "codelists.view"], ["access.invite"], ["no.such"]):
        answer = send(client, "post", "/tokens", OWN | {"verbs": verbs})
        assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")
    acting(SYSTEM)
    assert Token.objects.filter(user_id=cast.gm.user_id, name="nightly").count() == 1


@pytest.mark.covers("NFR-01")
def test_a_token_without_the_right_sees_and_touches_no_other(cast, acting):
    client = caller(cast.gm, ["network.view"])
    acting(SYSTEM)
    token = Token.objects.order_by("pk").last()
    for method, path, body in (
        ("get", "/tokens", None), ("post", "/tokens", OWN), ("post", f"/tokens/{token.pk}/revoke", {}),
    ):  # fmt: skip
        assert send(client, method, path, body).status_code == 403
    assert send(client, "get", "/me").status_code == 200


def test_a_revoked_token_calls_no_more(cast):
    client = caller(cast.gm)
    made = send(client, "post", "/tokens", OWN).json()
    other = Client(headers={"Authorization": f"Bearer {made['secret']}"})
    assert send(client, "post", f"/tokens/{made['id']}/revoke").status_code == 204
    assert send(other, "get", "/me").status_code == 401
    assert send(client, "post", f"/tokens/{made['id']}/revoke").status_code == 409
    assert send(caller(cast.advisor), "post", f"/tokens/{made['id']}/revoke").status_code == 404


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize("path", ["/tokens", "/integrations/{}/tokens", "/invitations", "/people/{}/recovery"])
def test_a_repeated_answer_has_no_secret_and_none_is_kept(cast, acting, path):
    owner = program(cast).json()["id"] if "integrations" in path else cast.advisor.user_id
    body = {
        "/tokens": OWN, "/invitations": {"name": "新人", "role": "service_advisor", "node_id": cast.outlet_id},
    }.get(path, OWN if "integrations" in path else {})  # fmt: skip
    client, key = caller(cast.hq), {"Idempotency-Key": "once"}
    first, second = (send(client, "post", path.format(owner), body, headers=key) for _ in range(2))
    secret = first.json()["secret"]
    assert (first.status_code, second.status_code, len(secret) > 20) == (201, 201, True)
    assert second["Idempotent-Replayed"] == "true"
    assert second.json() == first.json() | {"secret": None}
    acting(SYSTEM)
    assert secret not in Reply.objects.get(key="once").body
    assert not AuditEntry.objects.filter(after__icontains=secret).exists()


@pytest.mark.covers("SYS-22")
def test_an_integration_is_added_gets_a_token_and_calls(cast, acting):
    added = program(cast)
    assert (added.status_code, added.json()["username"]) == (201, "t-dms")
    number = added.json()["id"]
    acting(SYSTEM)
    assert Membership.objects.get(user_id=number).role_id == "service_advisor"
    client = caller(cast.hq)
    assert "t-dms" in [row["username"] for row in send(client, "get", "/integrations").json()["items"]]
    made = send(client, "post", f"/integrations/{number}/tokens", OWN).json()
    other = Client(headers={"Authorization": f"Bearer {made['secret']}"})
    assert send(other, "get", "/me").json()["id"] == number
    assert [row["id"] for row in send(client, "get", f"/integrations/{number}/tokens").json()["items"]] == [made["id"]]
    assert send(client, "post", f"/tokens/{made['id']}/revoke").status_code == 204
    assert send(other, "get", "/me").status_code == 401


@pytest.mark.covers("NFR-01", "ORG-35")
def test_an_integrations_token_is_no_wider_than_its_role_or_the_calling_token(cast):
    path = f"/integrations/{program(cast).json()['id']}/tokens"
    beyond_role = send(caller(cast.hq), "post", path, OWN | {"verbs": ["network.view", "network.add_node"]})
    assert (beyond_role.status_code, beyond_role.json()["errors"][0]["field"]) == (422, "verbs")
    narrow = caller(cast.hq, ["access.manage_integrations", "network.view"])
    assert send(narrow, "post", path, OWN).status_code == 201
    assert send(narrow, "post", path, OWN | {"verbs": ["codelists.view"]}).status_code == 403


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"username": "hq"}, 422, "username"),
        ({"username": "A b"}, 422, "username"),
        ({"name": " "}, 422, "name"),
        ({"role": "branch_manager"}, 422, "role"),
        ({"node_id": 2**31 - 1}, 404, ""),
    ],
)
def test_an_integration_that_cannot_be_is_refused(cast, acting, changes, status, field):
    answer = program(cast, **changes)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["field"].endswith(field)
    acting(SYSTEM)
    assert not User.objects.filter(kind="INTEGRATION", name__in=["DMS", " "]).exists()


def test_people_are_no_integrations(cast):
    client = caller(cast.hq)
    path = f"/integrations/{cast.advisor.user_id}/tokens"
    assert send(client, "get", path).status_code == 404
    assert send(client, "post", path, OWN).status_code == 404
    for number in (2**31, 2**63, 2**70):
        assert send(client, "get", f"/integrations/{number}/tokens").status_code == 404


@pytest.mark.parametrize("changes", [{"verbs": []}, {"days": 0}, {"days": 367}, {"name": ""}, {"user_id": 1}])
def test_a_token_that_does_not_fit_the_shape_is_refused(cast, changes):
    assert send(caller(cast.gm), "post", "/tokens", OWN | changes).status_code == 422
