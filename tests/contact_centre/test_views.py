"""The pages of the contact centre, through the whole stack, without JavaScript."""

import datetime
import re
import uuid

import pytest
from django.utils import translation
from tests import garage
from tests.contact_centre.conftest import AT, FULL, script
from tests.counting import queries_of

from guanxi.contact_centre.models import Call
from guanxi.contact_centre.queries import calls as queries
from guanxi.contact_centre.services import replying
from guanxi.customers.models import ContactPoint
from guanxi.foundation import clock, db, slots
from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry
from guanxi.rectification.services import issuing
from guanxi.rectification.services.issuing import NewNotice
from guanxi.worklist.models import Task

pytestmark = pytest.mark.django_db


def text(response, status=200):
    assert response.status_code == status, (response.status_code, response.content.decode()[-1500:])
    return response.content.decode()


def typed(**more):
    answers = {f"answers.{key}": value for key, value in FULL.items()}
    return {"token": str(uuid.uuid4()), "script": script().pk, "outcome": "REACHED", **answers, **more}


@pytest.mark.covers("FUP-31")
def test_the_call_page_says_who_why_what_before_and_what_to_ask(signed_in, cast, owner, car, task, record):
    record(task(1), "BUSY", note="下午再打")
    made = task(2, values={"rules": ["manager_call"], "cars": [car.pk], "words": "感谢客户"})
    page = text(signed_in("callback").get(f"/contact-centre/call/{made.pk}/"))
    for word in (
        "王雪", "沪A12345", "Call back", "感谢客户", "138 **** 8000", "Thank you for choosing our brand", "下午再打",
        "Only if “Is there anything about the car that is not clear yet?” is answered with: Yes", "Save, next call",
        'name="answers.feeling"', "Also open", "Care call",
    ):  # fmt: skip
        assert word in page, word
    assert "13800138000" not in page
    assert "感谢您选择我们的品牌" in text(signed_in("callback", "zh-hans").get(f"/contact-centre/call/{made.pk}/"))


@pytest.mark.covers("FUP-31", "NFR-01")
def test_a_number_is_shown_whole_on_demand_with_a_line_on_the_trail_and_nothing_typed_is_lost(
    signed_in, cast, owner, task
):
    made = task()
    point = ContactPoint.objects.get(customer=owner)
    client = signed_in("callback")
    token = str(uuid.uuid4())
    page = text(
        client.post(f"/contact-centre/call/{made.pk}/numbers/{point.pk}/", {"note": "写了一半", "token": token})
    )
    for word in ('href="tel:13800138000"', "写了一半", token):
        assert word in page
    assert "nothing has been saved" not in page
    db.set_scope(SYSTEM)
    assert AuditEntry.objects.filter(verb="customers.reveal_phone", subject_id=str(owner.pk)).count() == 1
    assert client.get(f"/contact-centre/call/{made.pk}/numbers/{point.pk}/").status_code == 404
    assert signed_in("stranger").post(f"/contact-centre/call/{made.pk}/numbers/{point.pk}/").status_code == 404


@pytest.mark.covers("FUP-31")
def test_a_call_is_saved_and_the_next_one_opens_or_the_way_goes_back(signed_in, cast, owner, task):
    db.set_scope(SYSTEM)
    Task.objects.filter(state__in=("OPEN", "CLAIMED"), kind__startswith="care").update(wake_at="2100-01-01T00:00Z")
    first, second = (task(number, opens_at=clock.now()) for number in (1, 2))  # at whatever hour this runs
    client = signed_in("callback")
    said = typed(note="满意", then="next", point=ContactPoint.objects.get(customer=owner).pk)
    answer = client.post(f"/contact-centre/call/{first.pk}/", said)
    assert (answer.status_code, answer["Location"]) == (302, f"/contact-centre/call/{second.pk}/")
    again = client.post(f"/contact-centre/call/{first.pk}/", said)
    assert again["Location"] == answer["Location"]
    last = client.post(f"/contact-centre/call/{second.pk}/", typed(outcome="BUSY", then="next"))
    assert last["Location"] == "/worklist/"
    back = client.post(f"/contact-centre/call/{task(3).pk}/", typed(then="back", next="/worklist/tasks/"))
    assert back["Location"] == "/worklist/tasks/"
    db.set_scope(SYSTEM)
    assert Call.objects.filter(task_id=first.pk).count() == 1


@pytest.mark.covers("CC-38")
def test_a_call_without_a_task_is_logged_with_a_script_or_none(signed_in, cast, owner, car):
    client, path = signed_in("callback"), f"/contact-centre/call-customer/{owner.pk}/"
    page = text(client.get(path))
    for word in (
        "王雪",
        "沪A12345",
        "A call that no task asks for",
        "First call of the sales manager",
        'name="outcome"',
    ):
        assert word in page, word
    assert 'name="answers.feeling"' not in page
    assert "Save, next call" not in page
    asked = text(client.get(f"{path}?script={script().pk}"))
    assert 'name="answers.feeling"' in asked
    saved = client.post(path, {"token": str(uuid.uuid4()), "outcome": "REACHED", "note": "问候"})
    assert saved["Location"] == f"/customers/{owner.pk}/"
    with_script = client.post(f"{path}?script={script().pk}", typed())
    assert with_script.status_code == 302
    db.set_scope(SYSTEM)
    assert sorted(row.script_name for row in Call.objects.filter(customer=owner)) == ["", script().name]
    pk = Call.objects.get(customer=owner, script=None).pk
    assert "Without a script" in text(signed_in("crm").get(f"/contact-centre/calls/{pk}/"))
    assert path in text(signed_in("callback").get(f"/contact-centre/customer-panel/{owner.pk}/"))
    assert path not in text(signed_in("gm").get(f"/contact-centre/customer-panel/{owner.pk}/"))
    point = ContactPoint.objects.get(customer=owner)
    shown = text(signed_in("callback").post(f"{path}numbers/{point.pk}/", {"note": "写了一半"}))
    assert 'href="tel:13800138000"' in shown
    assert "写了一半" in shown
    assert signed_in("callback").get(f"{path}numbers/{point.pk}/").status_code == 404
    assert signed_in("stranger").get(path).status_code == 404


@pytest.mark.covers("FUP-31")
def test_the_call_page_shows_what_is_open_with_the_customer(signed_in, cast, acting, owner, task, take):
    made = task(1)
    task(2, reason="Other call")
    row = take(customer_id=owner.pk, is_resolved=False)
    notice = NewNotice(cast.outlet_id, "WAITING", "等了三小时", "t", customer_id=owner.pk)
    issued = issuing.issue(actor=acting(cast.callback), notice=notice, at=AT)
    page = text(signed_in("callback").get(f"/contact-centre/call/{made.pk}/"))
    for word in ("Other call", row.code, issued.number, "Waited too long", "With the department"):
        assert word in page, word
    replying.answer(actor=acting(cast.service), enquiry_id=row.pk, words="答", is_told=True, at=AT)
    assert f"{row.code} ·" not in text(signed_in("callback").get(f"/contact-centre/call/{made.pk}/"))


def test_what_is_missing_is_said_at_its_question(signed_in, task):
    made = task()
    said = typed() | {"answers.plate": "", "answers.discontent": "yes"}
    page = text(signed_in("callback").post(f"/contact-centre/call/{made.pk}/", said), 422)
    assert page.count("Ask this, or say that the call was broken off.") == 2
    assert re.search(r'name="answers\.feeling" value="9"[^>]*checked', page)
    assert "required" in text(signed_in("callback").post(f"/contact-centre/call/{made.pk}/", typed(outcome="")), 422)


def test_a_promise_is_asked_its_moment(signed_in, task):
    page = signed_in("callback").post(
        f"/contact-centre/call/{task().pk}/", typed(outcome="CALL_LATER", promised_to="他")
    )
    assert "Say when you promised to call." in text(page, 422)


@pytest.mark.covers("ORG-35")
def test_somebody_elses_call_can_be_seen_but_not_recorded(signed_in, cast, task):
    made = task(owner_id=cast.crm.user_id)
    client = signed_in("sales")
    page = text(client.get(f"/contact-centre/call/{made.pk}/"))
    assert "This call is not yours" in page
    assert cast.crm.name in page
    assert "somebody else has it" in text(client.post(f"/contact-centre/call/{made.pk}/", typed()), 422)
    assert signed_in("stranger").get(f"/contact-centre/call/{made.pk}/").status_code == 404
    assert signed_in("gm").get(f"/contact-centre/call/{made.pk}/").status_code == 403


def test_a_task_that_is_a_call_leads_to_its_page(signed_in, cast, task):
    made, letter = task(owner_id=cast.callback.user_id), task(2, kind="care.letter", owner_id=cast.callback.user_id)
    client = signed_in("callback")
    assert f"/contact-centre/call/{made.pk}/?next=" in text(client.get("/worklist/"))
    assert f"/contact-centre/call/{made.pk}/" in text(client.get(f"/worklist/{made.pk}/"))
    assert "/contact-centre/call/" not in text(client.get(f"/worklist/{letter.pk}/"))
    assert "/contact-centre/call/" not in text(signed_in("gm").get(f"/worklist/{made.pk}/"))


@pytest.mark.covers("CC-38")
def test_the_list_shows_own_calls_and_those_of_the_team(signed_in, cast, task, record):
    record(task(1), "BUSY", note="占线")
    record(task(2, role="customer_representative"), "REFUSED", actor=cast.crm)
    own, team = (
        text(signed_in("callback").get("/contact-centre/calls/")),
        text(signed_in("crm").get("/contact-centre/calls/")),
    )
    assert (own.count(">王雪</a>"), team.count(">王雪</a>")) == (1, 2)
    assert ">王雪</a>" not in text(signed_in("stranger").get("/contact-centre/calls/"))
    assert signed_in("technician").get("/contact-centre/calls/").status_code == 403
    day = AT.astimezone().date()
    client = signed_in("crm")
    for query, found in [
        ("outcome=BUSY", 1), ("outcome=REACHED", 0), (f"agent={cast.callback.user_id}", 1), ("counts=2.11", 1),
        (f"place={cast.outlet_id}", 2), (f"since={day}", 2), (f"until={day}", 2), ("since=2100-01-01", 0), ("until=2000-01-01", 0),
        ("q=王雪", 2), ("q=nobody", 0), ("sort=outcome", 2),
    ]:  # fmt: skip
        assert text(client.get(f"/contact-centre/calls/?{query}")).count(">王雪</a>") == found, query


def test_the_filter_of_agents_offers_who_called_lately_and_is_in_sight(signed_in, cast, acting, task, record):
    record(task(1), "BUSY")
    record(task(2, role="customer_representative"), "BUSY", actor=cast.crm)

    def offered(name, at=AT):
        return {pk for pk, _name in queries.agents(acting(getattr(cast, name)), at, 200)}

    mine = {cast.callback.user_id, cast.crm.user_id}
    assert offered("crm") & mine == mine
    assert offered("crm", AT + datetime.timedelta(days=91)) & mine == set()
    assert offered("callback") == {cast.callback.user_id}
    assert offered("stranger") & mine == set()
    assert f'<option value="{cast.callback.user_id}"' in text(signed_in("crm").get("/contact-centre/calls/"))


def test_an_export_needs_the_verb(signed_in, task, record):
    record(task(), "BUSY", note="占线")
    assert "占线" in signed_in("crm").get("/contact-centre/calls/?export=csv").content.decode("utf-8-sig")
    assert signed_in("callback").get("/contact-centre/calls/?export=csv").status_code == 403


@pytest.mark.parametrize("name", ["callback", "crm", "hq"])
def test_the_list_costs_the_same_whatever_the_number_of_calls(signed_in, cast, task, record, name):
    record(task(1), "BUSY")
    client = signed_in(name)

    def cost():
        return (
            queries_of(lambda: client.get("/contact-centre/calls/"))
            - queries_of(lambda: client.get("/notifications/"))
            + 1
        )

    few = cost()
    for number in range(2, 4):
        record(task(number, customer=garage.customer(f"客户{number}", f"1390000000{number}", cast.outlet_id)), "BUSY")
    assert cost() == few <= 12


def test_one_call_shows_its_answers_in_the_words_of_its_script(signed_in, task, record):
    call = record(task(), note="很满意", promised_to="")
    page = text(signed_in("crm").get(f"/contact-centre/calls/{call.pk}/"))
    for word in ("After a day with the new car", "Wants help", "很满意", "1.1 Interview complete", "王雪"):
        assert word in page
    assert signed_in("stranger").get(f"/contact-centre/calls/{call.pk}/").status_code == 404


def test_the_customer_has_a_panel_and_a_timeline_of_calls(signed_in, cast, acting, owner, task, record):
    for number in range(6):
        record(task(number), "BUSY")
    page = text(signed_in("sales").get(f"/contact-centre/customer-panel/{owner.pk}/"))
    assert page.count("Call: Busy") == 5
    assert "Older calls" in page
    assert "No call yet" in text(signed_in("stranger").get(f"/contact-centre/customer-panel/{owner.pk}/"))
    acting(cast.sales)
    with translation.override("en"):
        told = [row.title for row in slots.moments(cast.sales, owner.pk, 50) if row.icon == "phone-outgoing"]
    assert told == ["Call: Busy"] * 6
    assert [row for row in slots.moments(cast.technician, owner.pk, 50) if row.icon == "phone-outgoing"] == []


def test_the_scripts_can_be_read(signed_in):
    page = text(signed_in("callback").get("/contact-centre/scripts/"))
    for word in (
        "First call of the sales manager",
        "Interview of a lost owner",
        "any call",
        "Must be asked",
        "Only if:",
        "To be said",
    ):
        assert word in page
    assert "销售经理首次电话" in text(signed_in("callback", "zh-hans").get("/contact-centre/scripts/"))


def test_who_may_not_issue_notices_is_not_asked_for_a_problem(signed_in, task, cast):
    made = task(role="sales_consultant")
    page = signed_in("sales").get(f"/contact-centre/call/{made.pk}/")
    assert page.status_code == 200
    assert 'name="correction"' in page.content.decode()
    assert 'name="problem"' not in page.content.decode()
    assert 'name="problem"' in signed_in("callback").get(f"/contact-centre/call/{task(2).pk}/").content.decode()
