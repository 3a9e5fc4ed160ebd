"""Saved views over the API: one's own, those shared where one works, and nobody else's."""

import pytest
from tests.apicalls import caller

from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry
from guanxi.workbench import queries
from guanxi.workbench.models import SavedView

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/views"
VIEW = {"table": "network.outlets", "name": "Mine", "query": "q=a&page=3"}


def save(actor, **changes):
    return caller(actor).post(ROOT, VIEW | changes, "application/json")


def names(actor, query=""):
    return [row["name"] for row in caller(actor).get(ROOT + query).json()["items"]]


@pytest.mark.covers("SYS-22")
def test_a_view_is_saved_replaced_and_shown_on_the_page(cast, signed_in):
    first = save(cast.gm)
    again = save(cast.gm, query="q=b")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.json()["query"], again.json()["query"]) == ("q=a", "q=b")
    assert (first.json()["id"], again.json()["is_mine"]) == (again.json()["id"], True)
    assert ">Mine<" in signed_in("gm").get("/network/").content.decode()


def test_the_views_of_one_list(cast):
    save(cast.gm)
    save(cast.gm, table="access.people", name="Staff")
    assert names(cast.gm) == ["Mine", "Staff"]
    assert names(cast.gm, "?table=access.people") == ["Staff"]
    assert names(cast.gm, "?table=no.such") == []
    first = caller(cast.gm).get(f"{ROOT}?limit=1").json()
    assert names(cast.gm, f"?limit=1&cursor={first['next']}") == ["Staff"]


@pytest.mark.covers("ORG-35")
def test_a_shared_view_is_seen_where_it_is_shared_and_deleted_by_its_owner_only(cast, acting):
    made = save(cast.gm, name="Ours", is_shared=True).json()
    save(cast.gm)
    assert made["node_id"] == cast.gm.home_id
    assert names(cast.crm) == ["Ours"]
    assert caller(cast.crm).get(ROOT).json()["items"][0]["is_mine"] is False
    assert names(cast.stranger) == names(cast.hq) == []
    for actor in (cast.crm, cast.hq):
        assert caller(actor).delete(f"{ROOT}/{made['id']}").status_code == 404
    assert caller(cast.gm).delete(f"{ROOT}/{made['id']}").status_code == 204
    assert names(cast.crm) == []
    acting(SYSTEM)
    line = AuditEntry.objects.filter(verb="workbench.delete_view").order_by("-pk").first()
    assert (line.channel, line.person_id) == ("api", cast.gm.user_id)


@pytest.mark.covers("ORG-35")
def test_sharing_needs_the_right_at_the_place(cast, acting):
    assert not cast.advisor.can("workbench.share_view")
    assert save(cast.advisor, is_shared=True).status_code == 403
    assert save(cast.gm, is_shared=True, node_id=cast.other_outlet_id).status_code == 404
    assert save(cast.hq, is_shared=True, node_id=2**31 - 1).status_code == 404
    narrow = caller(cast.gm, ["network.view"]).post(ROOT, VIEW | {"is_shared": True}, "application/json")
    assert narrow.status_code == 403
    acting(SYSTEM)
    assert not SavedView.objects.filter(is_shared=True, name="Mine").exists()


def test_headquarters_shares_with_a_branch(cast, acting):
    assert save(cast.hq, name="All", is_shared=True, node_id=cast.branch_id).json()["node_id"] == cast.branch_id
    tabs = queries.saved_views(acting(cast.gm), "network.outlets")
    assert [tab.name for tab in tabs] == ["All"]


@pytest.mark.parametrize(
    "changes",
    [
        {"table": "outlets"},
        {"table": "network.outlets; x"},
        {"name": ""},
        {"name": " "},
        {"name": "a\x00"},
        {"query": "a" * 1001},
        {"query": "q=" + "网" * 500},
        {"surprise": 1},
    ],
)
def test_what_does_not_fit_is_refused(cast, changes):
    answer = save(cast.gm, **changes)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert names(cast.gm) == []


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "999999999"])
def test_what_is_not_there_is_not_deleted(cast, number):
    assert caller(cast.gm).delete(f"{ROOT}/{number}").status_code == 404
