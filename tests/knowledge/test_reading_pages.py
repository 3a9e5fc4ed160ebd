"""The pages and the API of what has to be read and confirmed, without JavaScript."""

import datetime
import re

import pytest
from tests.apicalls import caller
from tests.counting import queries_of
from tests.knowledge.conftest import AT

from guanxi.access.models import Membership
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.knowledge.models import Confirmation, Reading
from guanxi.knowledge.services import confirming, reviewing
from guanxi.knowledge.services.confirming import Readers
from guanxi.records.models import AuditEntry

HOW = {"content_type": "application/json"}


@pytest.fixture
def until():
    return clock.today() + datetime.timedelta(days=10)


@pytest.fixture
def rule(cast, acting, published, until):
    """A function that publishes a rule of headquarters which sales consultants have to confirm."""

    def make(roles=("sales_consultant",)):
        row = published()
        readers = Readers(roles, until)
        confirming.ask_readers(actor=acting(cast.planner), article_id=row.article_id, readers=readers, at=AT)
        return row

    return make


def page_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.covers("INFO-16")
@pytest.mark.parametrize(("language", "button"), [("en", "I have read it"), ("zh-hans", "我已阅读")])
def test_from_the_count_in_the_menu_to_the_click(signed_in, rule, language, button):
    row = rule()
    client, article = signed_in("sales", language), f"/knowledge/articles/{row.article_id}/"
    assert re.search(r'nav-count num">1<', page_of(client, "/"))
    assert "/knowledge/home-panel/0/" in page_of(client, "/")
    for address in ("/", "/worklist/"):  # on top of his day
        assert re.search(r'note amber.*href="/knowledge/to-read/"', page_of(client, address), re.DOTALL)
    for address in ("/knowledge/home-panel/0/", "/knowledge/to-read/"):
        assert article in page_of(client, address)
    shown = page_of(client, article)
    assert button in shown
    assert 'data-key="c"' in shown
    assert client.post(f"{article}confirm-read/", {"version": "9"}).status_code == 409
    assert client.post(f"{article}confirm-read/", {"version": "1"}).status_code == 302
    db.set_scope(SYSTEM)
    assert Confirmation.objects.count() == 1
    client = signed_in("sales", language)
    for address in ("/", "/worklist/"):
        assert "nav-count" not in page_of(client, address)
        assert "note amber" not in page_of(client, address)
    assert f"{article}?version=1" in page_of(client, "/knowledge/to-read/")  # confirmed lately
    assert "confirm-read" not in page_of(client, article)
    assert "nav-count" not in page_of(signed_in("agent"), "/")


@pytest.mark.covers("INFO-16")
def test_what_is_reviewed_is_published_to_be_confirmed(signed_in, cast, acting, write, until):
    row = write()
    reviewing.submit(actor=acting(cast.hq), article_id=row.article_id)
    article, planner = f"/knowledge/articles/{row.article_id}/", signed_in("planner")
    assert "Publish, to be confirmed" in page_of(planner, article)
    ask = f"{article}ask-readers/"
    assert "Publish and tell them" in page_of(planner, ask)
    wrong = planner.post(ask, {"roles": ["sales_consultant"], "due_on": "2020-01-01"})
    assert (wrong.status_code, "This day is over." in wrong.content.decode()) == (422, True)
    db.set_scope(SYSTEM)
    row.refresh_from_db()
    assert row.stage == "IN_REVIEW"  # all of it or nothing
    planner = signed_in("planner")
    done = planner.post(ask, {"roles": ["sales_consultant"], "due_on": until.isoformat()})
    assert done["Location"] == f"{article}readers/"
    db.set_scope(SYSTEM)
    row.refresh_from_db()
    assert (row.stage, Reading.objects.get().roles) == ("PUBLISHED", ["sales_consultant"])
    assert signed_in("hq").get(f"{article}ask-readers/").status_code == 200
    assert signed_in("gm").get(f"{article}ask-readers/").status_code == 403


@pytest.mark.covers("INFO-16")
def test_the_publisher_sees_filters_exports_and_reminds(signed_in, cast, acting, rule):
    row = rule()
    confirming.confirm_read(actor=acting(cast.sales), article_id=row.article_id, version=1, at=clock.now())
    address = f"/knowledge/articles/{row.article_id}/readers/"
    planner = signed_in("planner")
    page = page_of(planner, f"{address}?q={cast.sales.name}")
    assert (page.count("data-row"), "Has confirmed" in page) == (1, True)
    assert cast.sales.name not in page_of(planner, f"{address}?standing=WAITING&place={cast.outlet_id}")
    chosen = page_of(planner, f"{address}?branch={cast.branch_id}&standing=CONFIRMED")
    assert (chosen.count("data-row"), f"?place={cast.outlet_id}" in chosen) == (1, True)
    assert f"?branch={cast.branch_id}" in page_of(planner, address)
    text = planner.get(f"{address}?export=csv&standing=CONFIRMED").content.decode("utf-8-sig")
    assert cast.sales.name in text
    assert row.article.number in page_of(planner, f"/knowledge/readings/?q={row.article.number}")
    assert row.article.number in planner.get("/knowledge/readings/?export=csv").content.decode("utf-8-sig")
    told = planner.post(f"{address.removesuffix('readers/')}remind-readers/", follow=True).content.decode()
    assert "reminded" in told
    assert planner.post(f"{address.removesuffix('readers/')}remind-readers/").status_code == 409
    db.set_scope(SYSTEM)
    assert AuditEntry.objects.filter(verb="knowledge.remind_readers").count() == 1


@pytest.mark.covers("INFO-16")
def test_a_leader_sees_his_people_and_a_stranger_none(signed_in, cast, rule):
    row = rule()
    address = f"/knowledge/articles/{row.article_id}/readers/"
    mine = page_of(signed_in("gm"), address)
    assert cast.sales.name in mine
    assert "remind-readers" not in mine
    assert cast.sales.name not in page_of(signed_in("stranger"), address)
    assert signed_in("sales").get(address).status_code == 403
    assert signed_in("sales").get("/knowledge/readings/").status_code == 403
    assert signed_in("gm").post(f"{address.removesuffix('readers/')}lift-reading/").status_code in {403, 404}


def test_over_the_api(cast, acting, rule, until):
    row = rule()
    address = f"/api/v1/knowledge/readings/{row.article_id}"
    sales = caller(cast.sales)
    (mine,) = sales.get("/api/v1/knowledge/readings/mine").json()
    assert (mine["article_id"], mine["version"], mine["due_on"]) == (row.article_id, 1, until.isoformat())
    assert sales.post(f"{address}/confirm", {"version": 2}, **HOW).status_code == 409
    assert sales.post(f"{address}/confirm", {"version": 1}, **HOW).json()["version"] == 1
    assert sales.get("/api/v1/knowledge/readings/mine").json() == []
    assert sales.get(f"{address}/readers").status_code == 403
    leader = caller(cast.gm)
    found = leader.get(f"{address}/readers?standing=CONFIRMED").json()["items"]
    assert [item["person_id"] for item in found] == [cast.sales.user_id]
    assert leader.get(address).json()["confirmed"] == 1
    assert leader.post(f"{address}/remind", {}, **HOW).status_code in {403, 404}
    planner = caller(cast.planner)
    assert planner.post(f"{address}/remind", {}, **HOW).json()["people"] >= 1
    body = {"roles": ["sales_consultant", "service_manager"], "due_on": until.isoformat()}
    assert planner.put(address, body, **HOW).json()["roles"] == body["roles"]
    assert planner.delete(address).status_code == 204
    assert planner.get(address).status_code == 404


def test_the_lists_cost_the_same_for_one_and_three(signed_in, cast, rule):
    row = rule(("technician",))
    db.set_scope(SYSTEM)
    held = Membership.objects.filter(role_id="technician", node__ancestry__ancestor_id=cast.outlet_id)
    addresses = (f"/knowledge/articles/{row.article_id}/readers/", "/knowledge/readings/", "/knowledge/to-read/")
    client = signed_in("gm")
    few = [queries_of(lambda path=path: client.get(path)) for path in addresses]
    shown = page_of(client, addresses[0]).count("data-row")
    db.set_scope(SYSTEM)
    one = held.first()
    for who in (cast.sales, cast.service):
        Membership.objects.create(
            user_id=who.user_id, role_id="technician", node_id=one.node_id, valid_from="2020-01-01"
        )
    rule(), rule()
    client = signed_in("gm")
    assert [queries_of(lambda path=path: client.get(path)) for path in addresses] == few
    assert page_of(client, addresses[0]).count("data-row") == shown + 2
