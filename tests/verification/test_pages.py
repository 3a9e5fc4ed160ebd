"""The pages of verification without JavaScript: the call, the lists, the order, the panel; presets and the API."""

import uuid

import pytest
from django.utils import translation
from tests.apicalls import caller
from tests.counting import queries_of
from tests.verification.conftest import AT, NEW_CAR, hours

from guanxi.contact_centre.models import Script
from guanxi.customers.models import Customer
from guanxi.foundation import clock, db, presets
from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry
from guanxi.verification.models import Check, Order
from guanxi.verification.presets import VerificationPreset, apply, compare
from guanxi.verification.services import ordering
from guanxi.verification.services.ordering import NewOrder


def page_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def form(**wrong):
    script = Script.objects.get(code="centre_verify", until=None)
    values = {
        "token": str(uuid.uuid4()), "script": script.pk, "outcome": "REACHED", "then": "back",
        "answers.contacted": "yes", "answers.satisfied": "9",
    }  # fmt: skip
    for code in NEW_CAR:
        values[f"record.{code}"] = "WRONG" if code in wrong else "RIGHT"
        values[f"said.{code}"] = wrong.get(code, "")
    return values


@pytest.mark.covers("INFO-27", "CARE-09", "CC-37", "LIFE-03")
@pytest.mark.parametrize(
    ("language", "words"), [("en", ("Verification of a new car", "Not asked")), ("zh-hans", ("新车信息核实", "未问"))]
)
def test_the_agent_compares_the_record_on_the_page_of_the_call(signed_in, owner, car, task, language, words):
    made = task()
    agent = signed_in("agent", language)
    address = f"/contact-centre/call/{made.pk}/"
    page = page_of(agent, address)
    for text in (words[0], "沪A12345", "138 **** 8000", 'name="record.PLATE"', 'name="said.PLATE"'):
        assert text in page, text
    if language == "en":
        assert words[1] in page
    left = form()
    del left["record.PLATE"]
    refused = agent.post(address, left)
    assert refused.status_code == 422
    assert 'id="id_record.PLATE_error"' in refused.content.decode()
    assert agent.post(address, form(PLATE="沪B99999")).status_code == 302
    order = Order.objects.get(customer=owner)
    assert (order.words, order.check_of.wrong) == ("车牌：沪B99999", ["PLATE"])


def test_a_call_that_verifies_nothing_shows_no_record(signed_in, owner, car, task):
    page = page_of(signed_in("agent"), f"/contact-centre/call/{task('regular_contact').pk}/")
    assert 'name="record.' not in page


def test_an_order_goes_all_the_way_on_pages(signed_in, cast, ordered, car):
    address = f"/verification/{ordered.pk}/"
    manager = signed_in("crm")
    page = page_of(manager, address)
    for text in ("沪A12345", "沪B99999", "as it was", f"{address}correct/", f"{address}dispute/"):
        assert text in page, text
    assert f"{address}withdraw/" not in page
    said = {"measure": "改了车牌", "proof": "行驶证"}
    assert manager.post(f"{address}correct/", said).status_code == 422
    plate = {"number": "沪B99999", "since": str(clock.today())}
    assert manager.post(f"/vehicles/{car.pk}/plate/", plate).status_code in {200, 302}
    assert "changed" in page_of(manager, address)
    assert manager.post(f"{address}correct/", said).status_code == 302
    agent = signed_in("agent")
    assert f"{address}verify/" in page_of(agent, address)
    assert agent.post(f"{address}verify/", {"is_right": "yes", "words": "对了"}).status_code == 302
    assert Customer.objects.get(pk=ordered.customer_id).verification == "VALID"
    sheet = page_of(signed_in("crm"), f"{address}sheet/")
    for text in (ordered.number, "沪B99999", "改了车牌", "行驶证", "对了"):
        assert text in sheet, text


def test_a_disputed_order_is_decided_on_pages(signed_in, ordered):
    address = f"/verification/{ordered.pk}/"
    assert signed_in("crm").post(f"{address}dispute/", {"measure": " "}).status_code == 422
    assert signed_in("crm").post(f"{address}dispute/", {"measure": "车牌没错"}).status_code == 302
    agent = signed_in("agent")
    assert "车牌没错" in page_of(agent, address)
    assert agent.post(f"{address}insist/", {"reason": "有照片"}).status_code == 302
    assert agent.post(f"{address}withdraw/", {"reason": "照片有误"}).status_code == 302
    assert "照片有误" in page_of(agent, address)


def test_the_lists_are_filtered_and_exported(signed_in, cast, acting, owner, ordered):
    late = ordering.order(
        actor=acting(cast.callback), new=NewOrder(cast.outlet_id, owner.pk, "地址不对", "list-late"),
        at=AT - hours(24 * 30),
    )  # fmt: skip
    gm = signed_in("gm")
    rows = page_of(gm, "/verification/?late=yes")
    assert late.number in rows
    assert ordered.number not in rows
    assert ordered.number in page_of(gm, f"/verification/?q={ordered.number}&occasion=NEW_CAR&state=open")
    hq = signed_in("hq")
    assert ordered.number in page_of(hq, f"/verification/?place={cast.branch_id}")
    assert ordered.number not in page_of(hq, f"/verification/?place={cast.other_branch_id}")
    gm = signed_in("gm")
    checks = page_of(gm, "/verification/checks/?verdict=INVALID&field=PLATE")
    assert f"/verification/checks/{ordered.check_of_id}/" in checks
    assert f"/verification/checks/{ordered.check_of_id}/" not in page_of(gm, "/verification/checks/?field=VIN")
    check = page_of(gm, f"/verification/checks/{ordered.check_of_id}/")
    assert "138 **** 8000" in check
    assert "13800138000" not in check
    for address in ("/verification/", "/verification/checks/"):
        assert gm.get(f"{address}?export=csv").status_code == 200
        assert signed_in("callback").get(f"{address}?export=csv").status_code == 403
    db.set_scope(SYSTEM)
    assert AuditEntry.objects.filter(verb="verification.export").count() == 2


def test_lists_cost_the_same_for_one_row_and_for_three(signed_in, cast, acting, owner, ordered, car, task, call):
    gm = signed_in("gm")
    addresses = ("/verification/", "/verification/checks/")
    for address in addresses:
        gm.get(address)
    one = [queries_of(lambda address=address: gm.get(address)) for address in addresses]
    for number in (2, 3):
        call(task("centre_day7", number=number), None, "BUSY", at=AT + hours(number))
        ordering.order(
            actor=acting(cast.callback), new=NewOrder(cast.outlet_id, owner.pk, "错", f"count-{number}"), at=AT
        )  # fmt: skip
        db.set_scope(SYSTEM)
        held = {field.attname: getattr(ordered.check_of, field.attname) for field in Check._meta.fields}
        Check.objects.create(**(held | {"id": None, "call_id": -number}))
    assert [queries_of(lambda address=address: gm.get(address)) for address in addresses] == one


def test_the_customers_page_shows_how_his_record_stands(signed_in, ordered):
    page = page_of(signed_in("gm"), f"/verification/customer-panel/{ordered.customer_id}/")
    assert f"/verification/{ordered.pk}/" in page
    assert f"/verification/checks/{ordered.check_of_id}/" in page
    happened = page_of(signed_in("gm"), f"/customers/{ordered.customer_id}/happened/")
    assert "Record checked: Invalid" in happened


def test_a_preset_shows_its_difference_first_and_changes_only_what_differs(cast):
    db.set_scope(SYSTEM)
    part = next(item for item in presets.read("base") if item.loader.key == "verification")
    assert compare(part.data) == []
    field = {"code": "NAME", "name_zh": "车主姓名", "name_en": "Owner", "class": "BASIC", "source": "NAME"}
    entry = {
        "code": "NEW_CAR", "name_zh": "新车核实", "name_en": "New", "about": "SALE", "fits": ["x"], "fields": ["NAME"],
        "role": "gone", "correct_days": 5, "verifier": "call_centre_agent", "verify_days": 2,
    }  # fmt: skip
    data = VerificationPreset(field=[field], occasion=[entry])
    assert [(change.kind, change.subject) for change in compare(data)] == [("change", "NAME"), ("change", "NEW_CAR")]
    apply(actor=SYSTEM, data=data, source="test/1")
    assert [change.subject for change in compare(data)] == ["NEW_CAR"]  # its role is not there: it waits
    data = VerificationPreset(field=[field], occasion=[entry | {"role": "cr_manager"}])
    apply(actor=SYSTEM, data=data, source="test/1")
    assert compare(data) == []
    with translation.override("en"), pytest.raises(ValueError, match="twice"):
        VerificationPreset(field=[field, field])


def test_the_api_takes_an_order_all_the_way(cast, owner, car, task):
    agent, manager = caller(cast.agent), caller(cast.crm)
    base, kind = "/api/v1", {"content_type": "application/json"}
    record = {code: {"found": "RIGHT"} for code in NEW_CAR} | {"PLATE": {"found": "WRONG", "words": "沪B99999"}}
    body = {"task_id": task().pk, "token": str(uuid.uuid4()), "outcome": "REACHED", "record": record}
    body["answers"] = {"contacted": "yes", "satisfied": "9"}
    assert agent.post(f"{base}/contact-centre/calls", body, **kind).status_code == 201
    listed = agent.get(f"{base}/verification/checks?customer_id={owner.pk}&verdict=INVALID").json()["items"]
    one = agent.get(f"{base}/verification/checks/{listed[0]['id']}").json()
    assert [line["said"] for line in one["lines"] if line["found"] == "WRONG"] == ["沪B99999"]
    pk = agent.get(f"{base}/verification/orders?customer_id={owner.pk}&state=ISSUED").json()["items"][0]["id"]
    orders = f"{base}/verification/orders"
    assert manager.post(f"{orders}/{pk}/correct", {"measure": "x", "proof": "y"}, **kind).status_code == 422
    assert manager.post(f"{orders}/{pk}/dispute", {"measure": "对的"}, **kind).json()["is_dispute"] is True
    assert agent.post(f"{orders}/{pk}/insist", {"reason": "不对"}, **kind).json()["state"] == "ISSUED"
    assert agent.post(f"{orders}/{pk}/withdraw", {"reason": "对的"}, **kind).json()["state"] == "WITHDRAWN"
    by_hand = {"outlet_id": cast.outlet_id, "customer_id": owner.pk, "words": "地址错", "token": "api-order-1"}
    made = agent.post(orders, by_hand, **kind)
    assert made.status_code == 201
    again = made.json()["id"]
    assert manager.post(f"{orders}/{again}/correct", {"measure": "改了", "proof": "证"}, **kind).json()["number"] == 1
    verdict = {"is_right": True, "words": "对"}
    assert agent.post(f"{orders}/{again}/verify", verdict, **kind).json()["state"] == "CLOSED"
    assert agent.get(f"{orders}/{again}").json()["answers"][0]["verdict"] == "对"


@pytest.mark.covers("FUP-20", "FUP-22")
def test_the_calls_that_verify_are_made_by_rules_of_care(cast):
    """Who is verified, and what share of 40 to 100 per cent, is said by the rules; here stands only in which calls."""
    base, foton = ({part.loader.key: part.data for part in presets.read(name)} for name in ("base", "foton"))
    rules = {rule.code: rule for rule in foton["playbooks"].rule}
    for occasion in base["verification"].occasions:
        for code in occasion.fits:
            assert 40 <= rules[code].coverage <= 100, code
            assert rules[code].where == "CALL_CENTRE"
    fits = {occasion.code: occasion.fits for occasion in base["verification"].occasions}
    assert "centre_welcome" in fits["NEW_CAR"]
    assert {"WARRANTY_CLAIM"} == {word for code in fits["WARRANTY"] for word in rules[code].of}
    assert rules["centre_welcome"].coverage == 100  # each new car is verified
