"""The page of a face visit, the list with both ways, and visits over the API."""

import datetime
import json
import uuid

import pytest
from tests.apicalls import caller
from tests.contact_centre.conftest import AT, FULL, script
from tests.counting import queries_of

from guanxi.contact_centre.models import Call
from guanxi.customers.models import Address
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db
NOON = clock.now() - datetime.timedelta(hours=1)  # at whatever hour this runs


def text(response, status=200):
    assert response.status_code == status, (response.status_code, response.content.decode()[-1500:])
    return response.content.decode()


def typed(**more):
    answers = {f"answers.{key}": value for key, value in FULL.items()}
    return {
        "token": str(uuid.uuid4()), "script": script().pk, "outcome": "REACHED", "means": "VISIT", "met_at": "WORK",
        "started_at": f"{NOON.astimezone(clock.start_of(clock.today()).tzinfo):%Y-%m-%dT%H:%M}", **answers, **more,
    }  # fmt: skip


@pytest.fixture
def home(owner):
    return Address.objects.create(
        customer=owner, kind="HOME", province="31", city="3101", district="310115", line="张杨路1号", touched_at=AT
    )


@pytest.mark.covers("FUP-02")
def test_the_page_of_a_visit_asks_where_and_when_and_for_no_number(signed_in, owner, home, task):
    made = task(kind="care.visit")
    page = text(signed_in("callback").get(f"/contact-centre/call/{made.pk}/"))
    for word in ("张杨路1号", 'name="met_at"', 'type="datetime-local" name="started_at"', "Not at home", "Met",
                 "Thank you for choosing our brand", 'name="answers.feeling"'):  # fmt: skip
        assert word in page, word
    for word in ("138 **** 8000", 'name="point"', "Busy", "Save, next call", "Switched off", "By telephone"):
        assert word not in page, word
    assert "面访" in text(signed_in("callback", "zh-hans").get(f"/contact-centre/call/{made.pk}/"))


@pytest.mark.covers("FUP-02")
def test_a_call_is_done_as_a_visit(signed_in, cast, owner, task):
    made, client = task(), signed_in("callback")
    path = f"/contact-centre/call/{made.pk}/"
    asked = text(client.get(path))
    assert "means=VISIT" in asked
    assert "张杨路" not in asked
    page = text(client.get(f"{path}?means=VISIT"))
    assert "means=PHONE" in page
    assert "No address is known" in page
    wrong = text(client.post(path, typed(outcome="BUSY")), 422)
    assert 'name="met_at"' in wrong
    assert client.post(path, typed()).status_code == 302
    db.set_scope(SYSTEM)
    seen = Call.objects.get(task_id=made.pk)
    assert (seen.means, seen.met_at, seen.number) == ("VISIT", "WORK", "")
    assert seen.started_at == NOON.replace(second=0, microsecond=0)
    shown = text(signed_in("crm").get(f"/contact-centre/calls/{seen.pk}/"))
    assert "Where the customer works" in shown
    assert "Number called" not in shown
    assert "Visit: Met" in text(signed_in("crm").get(f"/contact-centre/customer-panel/{owner.pk}/"))


def test_a_visit_that_no_task_asked_for(signed_in, owner):
    client, path = signed_in("callback"), f"/contact-centre/call-customer/{owner.pk}/"
    page = text(client.get(f"{path}?means=VISIT"))
    assert "A visit that no task asks for" in page
    assert f"?script={script().pk}&amp;means=VISIT" in page
    assert client.post(path, typed(script="")).status_code == 302
    db.set_scope(SYSTEM)
    assert Call.objects.get(customer=owner).means == "VISIT"
    assert signed_in("stranger").get(f"{path}?means=VISIT").status_code == 404
    assert signed_in("gm").get(f"{path}?means=VISIT").status_code == 403


@pytest.mark.covers("FUP-02")
def test_the_list_tells_both_ways_apart(signed_in, cast, owner, task, record):
    record(task(1), "BUSY", note="电话一")
    client = signed_in("callback")
    assert client.post(f"/contact-centre/call/{task(2).pk}/", typed()).status_code == 302
    path = "/contact-centre/calls/"
    assert text(client.get(path)).count('class="row-link num"') >= 2
    visits = text(client.get(f"{path}?means=VISIT&agent={cast.callback.user_id}"))
    assert "Met" in visits
    assert "Busy</span>" not in visits
    assert "Face visit" in text(signed_in("crm").get("/contact-centre/supervision/"))


def test_a_visit_waits_on_the_list_of_the_day_with_its_own_button(signed_in, task):
    made = task(kind="care.visit", opens_at=clock.now(), due=clock.now() + datetime.timedelta(hours=5))
    page = text(signed_in("callback").get(f"/worklist/{made.pk}/"))
    assert "Record the visit" in page
    assert f"/contact-centre/call/{made.pk}/" in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_whatever_hangs_on_the_customer(signed_in, owner, task, number):
    for place in range(number):
        Address.objects.create(customer=owner, kind="HOME", province="31", line=f"路{place}", touched_at=AT)
    made = task(kind="care.visit")
    client = signed_in("callback")
    assert queries_of(lambda: client.get(f"/contact-centre/call/{made.pk}/")) <= 45


@pytest.mark.covers("FUP-02", "SYS-22")
def test_a_visit_over_the_api(cast, owner, task):
    client, made = caller(cast.callback), task(kind="care.visit")
    base = "/api/v1/contact-centre/calls"

    def send(status=201, **more):
        body = {"token": str(uuid.uuid4()), "task_id": made.pk, "outcome": "NOT_AT_HOME"} | more
        response = client.post(base, json.dumps(body), "application/json")
        assert response.status_code == status, response.content.decode()
        return json.loads(response.content)

    assert send(422, means="VISIT")["errors"][0]["field"] == "met_at"
    assert send(422, outcome="BUSY")["errors"][0]["field"] == "means"
    seen = send(means="VISIT", met_at="HOME", started_at=NOON.isoformat())
    assert (seen["means"], seen["met_at"], seen["outcome"], seen["number"]) == ("VISIT", "HOME", "NOT_AT_HOME", "")
    found = json.loads(client.get(f"{base}?customer_id={owner.pk}&means=VISIT").content)["items"]
    assert [row["id"] for row in found] == [seen["id"]]
    assert json.loads(client.get(f"{base}?customer_id={owner.pk}&means=PHONE").content)["items"] == []
