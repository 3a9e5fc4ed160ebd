"""One's own notifications, as a program calls for them."""

import datetime

import pytest
from django.test import Client

from guanxi.access.services import tokens
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.workbench import services

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/notifications"


@pytest.fixture
def call(acting, cast):
    """Return a function that calls the API with a token of somebody who was told two things."""
    actors = [cast.gm.user_id, cast.hq.user_id]
    for word in ("one", "two"):
        services.notify(
            actor=SYSTEM, user_ids=actors, kind="test.told", text_zh=word, text_en=word, at=clock.now()
        )  # fmt: skip

    def send(name, method, path=""):
        actor = acting(getattr(cast, name))
        verbs = sorted(verb for verb in actor.verbs if verb.startswith("network."))
        _token, secret = tokens.issue_token(
            actor=actor, name="test", verbs=verbs, lasts=datetime.timedelta(days=1), at=clock.now()
        )
        return getattr(Client(headers={"Authorization": f"Bearer {secret}"}), method)(ROOT + path)

    return send


def mine(response):
    return [row for row in response.json()["items"] if row["kind"] == "test.told"]


def test_the_bearer_reads_and_marks_his_own(call):
    rows = mine(call("gm", "get"))
    assert [row["text_en"] for row in rows] == ["one", "two"]
    assert call("gm", "post", f"/{rows[0]['id']}/read").status_code == 204
    assert [row["text_en"] for row in mine(call("gm", "get", "?unread=true"))] == ["two"]
    assert call("gm", "post", "/read").status_code == 204
    assert mine(call("gm", "get", "?unread=true")) == []
    assert len(mine(call("hq", "get", "?unread=true"))) == 2


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "999999999"])
def test_what_is_not_mine_does_not_exist(call, number):
    assert call("gm", "post", f"/{number}/read").status_code == 404


def test_the_api_refuses_with_a_problem_document(db):
    response = Client().get(ROOT)
    assert response.status_code == 401
    assert response["Content-Type"].startswith("application/problem+json")
