"""The pages of lectures, without JavaScript, and the API."""

import pytest
from tests import garage
from tests.apicalls import caller
from tests.care.conftest import consent, days
from tests.care.test_gatherings import proposal
from tests.counting import queries_of

from guanxi.care.models import Gathering, Member, Proposal, Tally
from guanxi.care.services import gathering
from guanxi.customers.models import Relation
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Task

TODAY = clock.today()
JSON = "application/json"


def night():
    db.set_scope(SYSTEM)
    gathering.gather(actor=SYSTEM, day=clock.today(), at=clock.now())


@pytest.fixture
def owners(empty_world, cast):
    """A function that adds owners of new cars at the outlet of the cast, who may be invited unless told otherwise."""
    db.set_scope(SYSTEM)
    Gathering.objects.update(threshold=2)
    made = []

    def add(*names, outlet=None, agreed=True):
        db.set_scope(SYSTEM)
        for name in names:
            number = len(made) + 1
            place = outlet or cast.outlet_id
            row = garage.customer(name, f"1360013{number:04d}", place)
            garage.car(row, 700 + number, plate=f"沪L{number:05d}", since=TODAY, sold_on=TODAY - days(20))
            if agreed:
                consent(row, place, "MARKETING", "SMS", given=clock.now() - days(10))
            made.append(row)
        return made

    return add


@pytest.fixture
def open_list(owners):
    """An open proposal at the outlet of the cast: two invited, one without consent."""
    people = owners("林一", "林二") and owners("林三", agreed=False)
    night()
    return proposal(), people


def member(customer):
    db.set_scope(SYSTEM)
    return Member.objects.get(customer=customer)


@pytest.mark.parametrize(("language", "words"), [("en", ("new owners", "1 of 2")), ("zh-hans", ("新车主", "1"))])
def test_the_outlet_sees_how_many_of_how_many_have_gathered(signed_in, owners, language, words):
    owners("林一")
    night()
    page = signed_in("crm", language).get("/care/gatherings/").content.decode()
    assert all(word in page for word in words)
    assert page.count("<progress") == 2
    assert "<progress" not in signed_in("branch", language).get("/care/gatherings/").content.decode()


def test_the_overview_shows_the_outlets_in_sight(signed_in, cast, owners):
    owners("林一")
    owners("外店", outlet=cast.other_outlet_id)
    night()
    rows = {
        who: signed_in(who).get("/care/gatherings/counts/?kind=new_owners&export=csv").status_code
        for who in ("crm", "callback")
    }
    assert rows == {"crm": 200, "callback": 403}
    page = signed_in("hq").get("/care/gatherings/counts/?kind=new_owners").content.decode()
    assert page.count("1 of 2") == 2
    assert signed_in("crm").get("/care/gatherings/counts/").content.decode().count("data-row") == 2
    for query, found in (("reached=yes", 0), (f"branch={cast.branch_id}&kind=new_owners", 1)):
        page = signed_in("hq").get(f"/care/gatherings/counts/?{query}").content.decode()
        assert page.count("1 of 2") == found


def test_a_proposal_shows_who_is_invited_who_is_not_and_why(signed_in, open_list):
    row, people = open_list
    client = signed_in("crm")
    page = client.get(f"/care/gatherings/{row.pk}/").content.decode()
    assert page.count("data-row") == 3
    assert "136 **** 0001" in page
    assert "13600130001" not in page
    assert f'href="/care/gatherings/members/{member(people[0]).pk}/exclude/"' in page
    out = client.get(f"/care/gatherings/{row.pk}/?why=NO_CONSENT").content.decode()
    assert out.count("data-row") == 1
    assert "林三" in out
    assert client.get(f"/care/gatherings/{row.pk}/?invited=yes").content.decode().count("data-row") == 2
    assert client.get(f"/care/gatherings/{row.pk}/?q=林二").content.decode().count("data-row") == 1
    assert client.get(f"/care/gatherings/{row.pk}/?lapsed=yes").content.decode().count("data-row") == 0


def test_who_went_out_of_sight_stays_a_line_without_a_name(signed_in, open_list):
    row, people = open_list
    Relation.objects.filter(customer=people[0]).update(ended_on=TODAY)
    page = signed_in("crm").get(f"/care/gatherings/{row.pk}/").content.decode()
    assert page.count("data-row") == 3
    assert "no longer in sight" in page
    assert "林一" not in page


def test_exporting_the_invitations_needs_the_right_and_leaves_a_line(signed_in, open_list, neighbour):
    row, _people = open_list
    address = f"/care/gatherings/{row.pk}/?invited=yes&export=csv"
    text = signed_in("crm").get(address).content.decode("utf-8-sig")
    assert len(text.splitlines()) == 4
    assert "林三" not in text
    assert "13600130001" not in text
    db.set_scope(SYSTEM)
    line = AuditEntry.objects.get(verb="care.export_gatherings")
    assert (line.subject_id, line.after["rows"], line.after["query"]) == (
        "care.members", 2, f"proposal={row.pk}&invited=yes&export=csv",
    )  # fmt: skip
    assert signed_in("callback").get(address).status_code == 403
    assert signed_in("stranger").get(address).status_code == 404


def test_taking_on_by_the_page(signed_in, open_list):
    row, _people = open_list
    client, address = signed_in("crm"), f"/care/gatherings/{row.pk}/accept/"
    assert "2 people are invited, 1 are not" in client.get(address).content.decode()
    wrong = client.post(address, {"planned_on": (TODAY - days(1)).isoformat()})
    assert wrong.status_code == 422
    assert "Choose a day from today on" in wrong.content.decode()
    assert client.post(address, {"planned_on": (TODAY + days(7)).isoformat()}).status_code == 302
    page = client.get(f"/care/gatherings/{row.pk}/").content.decode()
    assert "planned for" in page
    assert address not in page
    again = client.post(address, {"planned_on": (TODAY + days(7)).isoformat()})
    assert "This is decided already" in again.content.decode()
    db.set_scope(SYSTEM)
    assert Task.objects.get(kind="care.gathering").state == "DONE"


def test_declining_by_the_page(signed_in, open_list):
    row, _people = open_list
    client, address = signed_in("crm"), f"/care/gatherings/{row.pk}/decline/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "场地装修"}).status_code == 302
    page = client.get(f"/care/gatherings/{row.pk}/").content.decode()
    assert "场地装修" in page
    assert "members/" not in page
    overview = client.get("/care/gatherings/counts/").content.decode()
    assert f"may be proposed again from {TODAY + days(30)}" in overview


def test_excluding_and_putting_back_by_the_page(signed_in, open_list):
    row, people = open_list
    client, pk = signed_in("crm"), member(people[0]).pk
    address = f"/care/gatherings/members/{pk}/exclude/"
    assert "林一" in client.get(address).content.decode()
    refused = client.post(address, {"reason": "ANOTHER", "note": " "})
    assert refused.status_code == 422
    assert "Say the reason in words." in refused.content.decode()
    assert client.post(address, {"reason": "COMPLAINT", "note": "保养返修"}).status_code == 302
    page = client.get(f"/care/gatherings/{row.pk}/?why=COMPLAINT").content.decode()
    assert "Has complained · 保养返修" in page
    assert client.post(f"/care/gatherings/members/{pk}/include/").status_code == 302
    assert member(people[0]).is_invited
    hard = client.post(f"/care/gatherings/members/{member(people[2]).pk}/include/")
    assert hard.status_code == 409
    assert "Nobody can decide otherwise here" in hard.content.decode()


def test_who_may_only_look_sees_no_buttons(signed_in, open_list):
    row, _people = open_list
    page = signed_in("callback").get(f"/care/gatherings/{row.pk}/").content.decode()
    assert page.count("data-row") == 3
    assert "/accept/" not in page
    assert "members/" not in page
    assert "export=" not in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_why_a_customer_is_or_is_not_among_them(signed_in, open_list, cast, language):
    _row, people = open_list
    client = signed_in("crm", language)
    tally = Tally.objects.get(code="new_owners", outlet_id=cast.outlet_id)
    page = client.get(f"/care/gatherings/counts/{tally.pk}/?q=林三").content.decode()
    assert f"?customer={people[2].pk}" in page
    why = client.get(f"/care/gatherings/counts/{tally.pk}/?customer={people[2].pk}").content.decode()
    assert why.count('class="tag red"') == 2
    if language == "en":
        assert "No consent" in why
        assert "Age of the car in months: 0 to 2" in why
    fine = client.get(f"/care/gatherings/counts/{tally.pk}/?customer={people[0].pk}").content.decode()
    assert 'class="tag red"' not in fine
    db.set_scope(SYSTEM)
    nobody = garage.customer("无车", "13900000001", cast.outlet_id)
    none = client.get(f"/care/gatherings/counts/{tally.pk}/?customer={nobody.pk}").content.decode()
    assert none.count('class="tag red"') == 1
    stranger = garage.customer("外店", "13900000002", cast.other_outlet_id)
    assert client.get(f"/care/gatherings/counts/{tally.pk}/?customer={stranger.pk}").status_code == 404


def test_a_counter_is_reckoned_line_by_line(signed_in, open_list, cast):
    tally = Tally.objects.get(code="new_owners", outlet_id=cast.outlet_id)
    page = signed_in("crm").get(f"/care/gatherings/counts/{tally.pk}/").content.decode()
    lines = [part.split("</b>")[0] for part in page.split('<b class="num">')[1:]]
    assert lines == ["3", "-1", "2", "0"]


def test_lists_cost_the_same_whatever_the_number_of_rows(signed_in, cast, owners):
    owners("林一", "林二")
    night()
    row = proposal()
    client = signed_in("hq")
    pages = ("/care/gatherings/", f"/care/gatherings/{row.pk}/", "/care/gatherings/counts/")
    few = [queries_of(lambda path=path: client.get(path)) for path in pages]
    owners("林四", "林五")
    owners("外一", "外二", outlet=cast.other_outlet_id)
    night()
    assert Proposal.objects.count() == 2
    assert [queries_of(lambda path=path: client.get(path)) for path in pages] == few


def test_the_task_leads_to_the_decision(signed_in, open_list):
    row, _people = open_list
    db.set_scope(SYSTEM)
    task = Task.objects.get(kind="care.gathering")
    client = signed_in("crm")
    day = client.get("/worklist/").content.decode()
    assert f'href="/care/gatherings/{row.pk}/"' in day
    assert "Car-care lecture: new owners" in day
    assert f"/worklist/{task.pk}/finish/" not in day
    client.post(f"/worklist/{task.pk}/claim/")
    refused = client.post(f"/worklist/{task.pk}/finish/", {"outcome": "ACCEPTED"})
    assert "This task ends with what is done on its page." in refused.content.decode()
    db.set_scope(SYSTEM)
    task.refresh_from_db()
    assert task.state == "CLAIMED"


def test_the_list_of_proposals_is_narrowed_and_exported(signed_in, cast, owners):
    owners("林一", "林二")
    owners("外一", "外二", outlet=cast.other_outlet_id)
    night()
    client = signed_in("hq")

    def found(query):
        return client.get(f"/care/gatherings/?{query}").content.decode().count("data-row")

    assert [found(query) for query in ("", "state=ACCEPTED", "kind=warranty_ending")] == [2, 0, 0]
    assert [found(query) for query in (f"outlet={cast.outlet_id}", f"since={TODAY + days(1)}")] == [1, 0]
    assert len(client.get("/care/gatherings/?export=csv").content.decode("utf-8-sig").splitlines()) == 4
    assert signed_in("crm").get("/care/gatherings/").content.decode().count("data-row") == 1


def test_the_api_lists_decides_and_refuses(cast, open_list, neighbour):
    row, people = open_list
    base, call = "/api/v1/care/gatherings", caller(cast.crm)
    found = call.get(base).json()["items"]
    assert [(item["id"], item["state"], item["found"]) for item in found] == [(row.pk, "OPEN", 2)]
    assert call.get(f"{base}?state=DECLINED").json()["items"] == []
    members = call.get(f"{base}/{row.pk}/members").json()["items"]
    assert {(item["customer_id"], item["is_invited"], item["excluded"]) for item in members} == {
        (people[0].pk, True, ""), (people[1].pk, True, ""), (people[2].pk, False, "NO_CONSENT"),
    }  # fmt: skip
    assert call.post(f"{base}/{row.pk}/accept", {"planned_on": "2020-01-01"}, JSON).status_code == 422
    done = call.post(f"{base}/{row.pk}/accept", {"planned_on": TODAY.isoformat()}, JSON).json()
    assert (done["state"], done["planned_on"]) == ("ACCEPTED", TODAY.isoformat())
    assert call.post(f"{base}/{row.pk}/decline", {"reason": "x"}, JSON).status_code == 409
    assert caller(neighbour).get(f"{base}/{row.pk}/members").status_code == 404
    assert caller(neighbour).get(base).json()["items"] == []
