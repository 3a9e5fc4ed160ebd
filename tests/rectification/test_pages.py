"""The pages of rectification without JavaScript, the figures, the presets and the API."""

import pytest
from tests.apicalls import caller
from tests.counting import queries_of
from tests.rectification.conftest import AT, SAID, hours

from guanxi.foundation import clock, db, presets
from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry
from guanxi.rectification import queries
from guanxi.rectification.models import Notice
from guanxi.rectification.presets import RectificationPreset, apply, compare
from guanxi.rectification.services import answering, deciding

FORM = {"outlet": "", "problem": "REPAIR_QUALITY", "words": "异响", "token": "page-form", "department": "", "days": ""}


def page_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.covers("FUP-06", "FUP-07")
@pytest.mark.parametrize(
    ("language", "words"), [("en", ("Confirm receipt", "Answered")), ("zh-hans", ("确认签收", "已答复"))]
)
def test_a_notice_goes_all_the_way_on_pages(signed_in, cast, customer, language, words):
    agent = signed_in("callback", language)
    address = f"/rectification/issue/?customer={customer.pk}"
    assert 'name="token"' in page_of(agent, address)
    told = agent.post(address, FORM | {"outlet": str(cast.outlet_id)})
    assert told.status_code == 302
    row = Notice.objects.get(customer=customer)
    assert told["Location"] == f"/rectification/{row.pk}/"
    assert agent.post(address, FORM | {"outlet": str(cast.outlet_id)})["Location"] == told["Location"]
    service = signed_in("service", language)
    assert words[0] in page_of(service, told["Location"])
    assert service.post(f"/rectification/{row.pk}/receive/").status_code == 302
    refused = service.post(f"/rectification/{row.pk}/answer/", {"cause": "松动", "measure": "", "proof": "x"})
    assert refused.status_code == 422
    said = {"cause": "松动", "measure": "紧固", "proof": "RO-1"}
    assert service.post(f"/rectification/{row.pk}/answer/", said).status_code == 302
    assert words[1] in page_of(service, told["Location"])
    assert service.post(f"/rectification/{row.pk}/answer/", said).status_code == 422  # it stands elsewhere by now
    agent = signed_in("callback", language)
    verified = agent.post(f"/rectification/{row.pk}/verify/", {"is_satisfied": "yes", "words": "好了"})
    assert verified.status_code == 302
    sheet = page_of(agent, f"/rectification/{row.pk}/sheet/")
    for text in (row.number, "松动", "紧固", "RO-1", "好了", customer.name):
        assert text in sheet, text


def test_a_refused_notice_is_sent_out_again_on_pages(signed_in, cast, issue):
    row = issue("gm")
    service, gm = signed_in("service"), signed_in("gm")
    assert service.post(f"/rectification/{row.pk}/refuse/", {"reason": " "}).status_code == 422
    assert service.post(f"/rectification/{row.pk}/refuse/", {"reason": "配件问题"}).status_code == 302
    gm = signed_in("gm")
    assert "配件问题" in page_of(gm, f"/rectification/{row.pk}/")
    sent = gm.post(f"/rectification/{row.pk}/insist/", {"department": "PARTS", "reason": "请配件部处理"})
    assert sent.status_code == 302
    db.set_scope(SYSTEM)
    row.refresh_from_db()
    assert (row.state, row.department_id) == ("ISSUED", "PARTS")
    assert signed_in("gm").post(f"/rectification/{row.pk}/withdraw/", {"reason": "重复"}).status_code == 302


def test_an_act_is_offered_only_to_the_side_whose_it_is(signed_in, issue):
    row = issue("callback")
    service, agent = (page_of(signed_in(who), f"/rectification/{row.pk}/") for who in ("service", "callback"))
    for path, may in (("answer", (True, False)), ("refuse", (True, False)), ("withdraw", (False, True))):
        found = tuple(f"/rectification/{row.pk}/{path}/" in page for page in (service, agent))
        assert found == may, path
    assert f"/rectification/{row.pk}/verify/" not in service + agent


def test_the_list_says_what_is_late_and_is_filtered(signed_in, issue):
    late, fresh = issue(), issue("gm", problem="CHARGES", at=clock.now())
    client = signed_in("gm")
    assert page_of(client, "/rectification/").count("overdue</span>") == 1
    for query, found in (
        ("late=yes", late), ("late=no", fresh), ("problem=CHARGES", fresh), (f"q={late.number}", late),
        ("department=SERVICE&late=yes", late), (f"q={late.pk}&state=open", late),
    ):  # fmt: skip
        page = page_of(client, f"/rectification/?{query}")
        assert (page.count("data-row"), found.number in page) == (1, True), query
    assert page_of(client, "/rectification/?q=罗秀英").count("data-row") == 2
    assert page_of(signed_in("stranger"), "/rectification/", 403)


def test_an_outlet_sees_its_own_and_the_call_centre_those_it_issued(signed_in, issue):
    issue("agent")
    assert page_of(signed_in("gm"), "/rectification/").count("data-row") == 1
    assert page_of(signed_in("agent"), "/rectification/").count("data-row") == 1
    assert page_of(signed_in("branch"), "/rectification/").count("data-row") == 1


def test_the_list_costs_the_same_for_one_and_for_three(signed_in, issue):
    issue()
    client = signed_in("gm")
    page_of(client, "/rectification/")
    one = queries_of(lambda: page_of(client, "/rectification/"))
    issue(problem="CHARGES")
    issue(problem="WAITING")
    client = signed_in("gm")
    page_of(client, "/rectification/")
    assert queries_of(lambda: page_of(client, "/rectification/")) == one <= 20


def test_the_export_needs_the_right_and_leaves_a_line(signed_in, issue):
    row = issue()
    text = signed_in("gm").get("/rectification/?export=csv").content.decode("utf-8-sig")
    assert row.number in text
    assert signed_in("callback").get("/rectification/?export=csv").status_code == 403
    db.set_scope(SYSTEM)
    assert AuditEntry.objects.filter(verb="rectification.export").count() == 1


@pytest.mark.covers("FUP-09", "FUP-21")
def test_the_figures_of_departments(signed_in, cast, acting, issue):
    """Four of service: one in time and filed, one late and asked again, one overdue, one withdrawn and not counted."""
    good, late, overdue, gone = (issue(token=f"figures-{number}") for number in range(4))
    refused = issue(problem="DELIVERY")
    service = acting(cast.service)
    answering.answer(actor=service, notice_id=good.pk, answer=SAID, at=AT + hours(1))
    answering.answer(actor=service, notice_id=late.pk, answer=SAID, at=AT + hours(24 * 20))
    crm = acting(cast.crm)
    deciding.verify(actor=crm, notice_id=good.pk, is_satisfied=True, words="好", at=AT + hours(48))
    deciding.verify(actor=crm, notice_id=late.pk, is_satisfied=False, words="没好", at=AT + hours(24 * 21))
    deciding.withdraw(actor=crm, notice_id=gone.pk, reason="重复", at=AT)
    answering.refuse(actor=acting(cast.gm), notice_id=refused.pk, reason="无此事", at=AT)
    acting(SYSTEM)
    asked = queries.Asked(AT, AT + hours(1), cast.branch_id)
    rows = queries.asked_for(SYSTEM, asked, clock.today())
    lines = {line.code: line for line in queries.figures(rows, "department", AT + hours(24 * 22))}
    assert overdue.state == "ISSUED"
    found = lines["SERVICE"]
    assert (found.issued, found.in_time, found.late, found.overdue, found.asked_again, found.closed) == (
        3,
        1,
        1,
        1,
        1,
        1,
    )
    assert (found.share, found.days) == (33, 2.0)
    assert (lines["SALES"].refused, lines["SALES"].share) == (1, None)
    assert queries.asked_for(SYSTEM, queries.Asked(AT, AT + hours(1), cast.other_branch_id), clock.today()).count() == 0
    page = page_of(signed_in("gm"), "/rectification/figures/?from=2026-06-01&to=2026-06-30")
    assert page.count('data-label="Refused by departments"') == 2 + 2  # two departments, two problems
    assert page_of(signed_in("gm"), "/rectification/figures/?from=never&place=x").count("No notice in these days") == 2


def test_the_customers_page_shows_his_notices(signed_in, issue, customer):
    row = issue()
    page = page_of(signed_in("gm"), f"/rectification/customer-panel/{customer.pk}/")
    assert f"/rectification/{row.pk}/" in page
    assert f"/rectification/issue/?customer={customer.pk}" in page


def test_a_preset_shows_its_difference_first_and_changes_only_what_differs(cast):
    db.set_scope(SYSTEM)
    part = next(item for item in presets.read("base") if item.loader.key == "rectification")
    assert compare(part.data) == []
    entry = {"code": "SALES", "name_zh": "销售", "name_en": "Sales", "role": "sales_director", "verifier": "gone"}
    data = RectificationPreset(department=[entry])
    assert [(change.kind, change.subject) for change in compare(data)] == [("change", "SALES")]
    apply(actor=SYSTEM, data=data, source="test/1")
    assert compare(data)  # its role is not there: it waits
    entry["verifier"] = "cr_manager"
    data = RectificationPreset(department=[entry])
    apply(actor=SYSTEM, data=data, source="test/1")
    assert compare(data) == []


def test_the_api_takes_a_notice_all_the_way(cast, customer):
    service, agent = caller(cast.service), caller(cast.callback)
    base, form = "/api/v1/rectification/notices", {"content_type": "application/json"}
    body = {
        "outlet_id": cast.outlet_id, "problem": "WAITING", "words": "等了三小时", "token": "api-form-1",
        "customer_id": customer.pk,
    }  # fmt: skip
    made = agent.post(base, body, **form)
    assert made.status_code == 201
    pk = made.json()["id"]
    assert agent.post(base, body, **form).json()["id"] == pk
    assert agent.post(f"{base}/{pk}/receive", **form).status_code == 403
    assert service.post(f"{base}/{pk}/receive", **form).json()["state"] == "RECEIVED"
    answer = {"cause": "工位不足", "measure": "加派技师", "proof": "排班表"}
    assert service.post(f"{base}/{pk}/answer", answer, **form).json()["number"] == 1
    verdict = {"is_satisfied": True, "words": "快多了"}
    assert agent.post(f"{base}/{pk}/verify", verdict, **form).json()["state"] == "CLOSED"
    one = agent.get(f"{base}/{pk}").json()
    assert (one["department"], [item["verdict"] for item in one["answers"]]) == ("SERVICE", ["快多了"])
    listed = agent.get(f"{base}?customer_id={customer.pk}&state=CLOSED").json()
    assert [item["id"] for item in listed["items"]] == [pk]
