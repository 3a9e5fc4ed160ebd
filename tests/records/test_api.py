"""The trail over the API."""

import datetime

import pytest
from django.test import Client

from guanxi.access.services import tokens
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.records import services

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/records/audit"


@pytest.fixture
def read(acting, cast):
    """Return a function that reads the trail with a token of somebody, narrowed to some verbs."""

    def get(name, query="", verbs=("records.view_audit",)):
        actor = acting(getattr(cast, name))
        lasts = datetime.timedelta(days=1)
        _token, secret = tokens.issue_token(actor=actor, name="t", verbs=verbs, lasts=lasts, at=clock.now())
        return Client(headers={"Authorization": f"Bearer {secret}"}).get(ROOT + query)

    return get


@pytest.fixture
def lines(acting, cast):
    acting(SYSTEM)
    for number, node in enumerate((cast.outlet_id, cast.outlet_id, cast.other_outlet_id)):
        services.audit(
            actor=SYSTEM,
            verb="t.read",
            subject_type="t",
            subject_id=number,
            node_id=node,
            before={"a": 1},
            after={"a": 2},
        )


@pytest.mark.covers("ORG-35")
def test_lines_of_the_own_places_in_order(lines, read):
    items = read("gm", "?verb=t.read").json()["items"]
    assert [item["subject_id"] for item in items] == ["0", "1"]
    assert (items[0]["before"], items[0]["after"], items[0]["person_name"]) == ({"a": 1}, {"a": 2}, "system")


def test_lines_are_narrowed_by_record(lines, read):
    found = read("gm", "?verb=t.read&subject_type=t&subject_id=1").json()["items"]
    assert [item["subject_id"] for item in found] == ["1"]
    assert read("gm", "?verb=t.read&subject_id=2").json()["items"] == []


def test_pages_continue_by_cursor(lines, read):
    first = read("gm", "?verb=t.read&limit=1").json()
    second = read("gm", f"?verb=t.read&limit=1&cursor={first['next']}").json()
    assert [page["items"][0]["subject_id"] for page in (first, second)] == ["0", "1"]
    assert second["next"] is None


def test_a_bad_cursor_or_limit_is_a_problem_document(read):
    for query in ("?cursor=nonsense", "?limit=0", "?limit=201", "?verb=a%00b"):
        answer = read("gm", query)
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json"), query


def test_a_token_without_the_verb_reads_nothing(read):
    assert read("gm", verbs=("network.view",)).status_code == 403


def test_the_trail_cannot_be_written(read, acting, cast):
    answer = read("gm")
    assert answer.status_code == 200
    assert Client().post(ROOT, {}, "application/json").status_code in {401, 405}
