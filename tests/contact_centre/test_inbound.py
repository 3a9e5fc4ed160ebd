"""The pages of enquiries, through the whole stack, without JavaScript."""

import uuid

import pytest
from tests import garage
from tests.contact_centre.conftest import AT
from tests.counting import queries_of

from guanxi.contact_centre.models import Enquiry
from guanxi.contact_centre.services import replying
from guanxi.customers.models import ContactPoint
from guanxi.foundation import clock, db, slots
from guanxi.foundation.actor import SYSTEM

pytestmark = pytest.mark.django_db
INBOUND = "/contact-centre/inbound/"


@pytest.fixture(autouse=True)
def none_yet(cast):
    """Without the enquiries of the demonstration."""
    Enquiry.objects.all().delete()


def text(response, status=200):
    assert response.status_code == status, (response.status_code, response.content.decode()[-1500:])
    return response.content.decode()


def typed(**more):
    values = {
        "token": str(uuid.uuid4()), "category": "MAINTENANCE", "kind": "QUESTION", "way": "PHONE", "words": "多久保养",
        "answer": "半年", "is_resolved": "yes", "outlet": "", "department": "",
    }  # fmt: skip
    return values | more


@pytest.mark.covers("CC-02", "CC-38")
def test_the_only_one_who_has_the_number_comes_up_with_what_is_open(signed_in, cast, owner, car, task, take):
    task(1)
    take(customer_id=owner.pk, is_resolved=False, words="等答复")
    page = text(signed_in("callback").get(INBOUND, {"number": "+86 138 0013 8000"}))
    for word in (
        "王雪",
        "沪A12345",
        "Call back",
        "With the department",
        "What happened before",
        "等答复",
        'name="words"',
    ):
        assert word in page, word
    assert 'name="caller"' not in page
    assert f'<option value="{cast.outlet_id}" selected>' in page
    assert f'<option value="{cast.outlet_id}" selected>' in text(signed_in("callback").get(INBOUND, {"customer": "0"}))
    assert "Nobody within your places" in text(signed_in("stranger").get(INBOUND, {"number": "13800138000"}))


@pytest.mark.covers("CC-02", "CC-43")
def test_of_several_none_is_guessed(signed_in, cast, owner, car):
    other = garage.customer("王霜", "13800138000", cast.outlet_id)
    client = signed_in("callback")
    page = text(client.get(INBOUND, {"number": "13800138000"}))
    for word in ("Several customers have this number", "王雪", "王霜", "沪A12345", "no car", "Somebody else"):
        assert word in page, word
    assert 'name="words"' not in page
    chosen = text(client.get(INBOUND, {"number": "13800138000", "customer": other.pk}))
    assert "Inbound: 王霜" in chosen
    assert "沪A12345" not in chosen
    unknown = text(client.get(INBOUND, {"number": "13800138000", "customer": "0"}))
    assert "Not one of those who have this number" in unknown
    assert 'name="caller"' in unknown
    assert client.get(INBOUND, {"customer": "x"}).status_code == 404
    assert client.get(INBOUND, {"customer": "999999999"}).status_code == 404


def test_what_is_no_number_is_said(signed_in):
    client = signed_in("callback")
    assert 'name="number"' in text(client.get(INBOUND))
    assert "This is no telephone number." in text(client.get(INBOUND, {"number": "12ab"}), 422)
    assert "required" in text(client.get(INBOUND, {"number": ""}), 422)
    assert "Taken without a number" in text(client.get(INBOUND, {"customer": "0"}))
    assert "这不是电话号码" in text(signed_in("callback", "zh-hans").get(INBOUND, {"number": "12ab"}), 422)


@pytest.mark.covers("CC-02", "CC-36", "CC-33", "CC-44")
def test_an_enquiry_is_taken_and_the_next_caller_may_come(signed_in, cast, owner):
    client, said = signed_in("callback"), typed(then="next")
    answer = client.post(f"{INBOUND}?number=13800138000", said)
    assert (answer.status_code, answer["Location"]) == (302, INBOUND)
    client.post(f"{INBOUND}?number=13800138000", said)
    db.set_scope(SYSTEM)
    row = Enquiry.objects.get(customer=owner)
    assert (row.number, row.is_first_contact, row.answer) == ("13800138000", True, "半年")
    again = client.post(f"{INBOUND}?number=13800138000", typed(is_resolved="no", outlet=cast.outlet_id))
    db.set_scope(SYSTEM)
    passed = Enquiry.objects.exclude(pk=row.pk).get(customer=owner)
    assert again["Location"] == f"/contact-centre/enquiries/{passed.pk}/"
    assert passed.department_id == "SERVICE"


def test_what_is_missing_is_said_at_its_field(signed_in, owner):
    client = signed_in("callback")
    assert "Write what the customer was told" in text(
        client.post(f"{INBOUND}?number=13800138000", typed(answer="")), 422
    )
    assert "Choose the outlet" in text(client.post(f"{INBOUND}?number=13800138000", typed(is_resolved="no")), 422)
    assert "A new customer has a name" in text(
        client.post(f"{INBOUND}?number=13900001111", typed(is_new="on", caller="")), 422
    )


def test_a_new_customer_is_added_and_earlier_calls_of_nobody_are_seen(signed_in, cast):
    client = signed_in("callback")
    client.post(f"{INBOUND}?number=13900001111", typed(caller="过路人"))
    assert "过路人" in text(client.get(INBOUND, {"number": "139-0000-1111"}))
    client.post(f"{INBOUND}?number=13900001111", typed(is_new="on", caller="赵六", outlet=cast.outlet_id))
    db.set_scope(SYSTEM)
    assert ContactPoint.objects.get(value="13900001111").customer.name == "赵六"
    assert "Inbound: 赵六" in text(signed_in("callback").get(INBOUND, {"number": "13900001111"}))


@pytest.mark.covers("CC-04", "CC-36")
@pytest.mark.parametrize(
    ("language", "words"), [("en", ("With the department", "customer waits to be told", "Customer was told")),
                            ("zh-hans", ("待部门答复", "等待告知客户", "已告知客户"))]
)  # fmt: skip
def test_an_enquiry_goes_all_the_way_on_pages(signed_in, cast, owner, take, language, words):
    row = take(customer_id=owner.pk, is_resolved=False, words="套餐多少钱", number="13800138000")
    path = f"/contact-centre/enquiries/{row.pk}/"
    service = signed_in("service", language)
    page = text(service.get(path))
    assert words[0] in page
    assert "套餐多少钱" in page
    assert "13800138000" not in page
    assert f"{path}answer/" in text(service.get("/worklist/tasks/")) or f"{path}answer/" in page
    assert service.post(f"{path}answer/", {"words": ""}).status_code == 422
    assert service.post(f"{path}transfer/", {"department": "PARTS", "reason": ""}).status_code == 422
    assert service.post(f"{path}answer/", {"words": "880元"}).status_code == 302
    agent = signed_in("callback", language)
    page = text(agent.get(path))
    assert words[1] in page
    assert f"{path}answer/" not in page
    assert "880元" in page
    assert 'href="tel:13800138000"' in text(agent.post(f"{path}number/"))
    assert agent.post(f"{path}reply/").status_code == 302
    assert words[2] in text(signed_in("callback", language).get(path))
    assert signed_in("stranger").get(path).status_code == 404


def test_an_enquiry_is_passed_on_on_pages(signed_in, take, owner):
    row = take(customer_id=owner.pk, is_resolved=False)
    path = f"/contact-centre/enquiries/{row.pk}/"
    client = signed_in("service")
    assert "SERVICE" not in text(client.get(f"{path}transfer/"))
    assert client.post(f"{path}transfer/", {"department": "PARTS", "reason": "问配件"}).status_code == 302
    assert "Passed on: 问配件" in text(client.get(path))
    assert signed_in("callback").get(f"{path}transfer/").status_code == 403


@pytest.mark.covers("CC-36")
def test_the_list_is_filtered_searched_and_exported(signed_in, cast, owner, take):
    closed, late = take(customer_id=owner.pk), take(customer_id=owner.pk, is_resolved=False, kind="SUGGESTION")
    nobody = take(number="13900001111", caller="过路人", category="PURCHASE", at=AT)
    client = signed_in("gm")
    for query, found in [
        ("", {closed, late, nobody}), ("state=open", {late}), ("state=CLOSED", {closed, nobody}), ("late=yes", {late}),
        ("late=no", {closed, nobody}), ("category=PURCHASE", {nobody}), ("first=yes", {closed, nobody}), ("first=no", {late}),
        ("angle=SALES", {nobody}), ("angle=SERVICE", {closed, late}), ("kind=SUGGESTION", {late}), ("way=EMAIL", set()),
        (f"place={cast.outlet_id}", {closed, late, nobody}), (f"since={clock.day_of(AT)}", {nobody}),
        ("until=2026-06-30", {closed, late}), ("q=王雪", {closed, late}), ("q=139 0000 1111", {nobody}), (f"q={late.code}", {late}),
        ("sort=taken", {closed, late, nobody}),
    ]:  # fmt: skip
        page = text(client.get(f"/contact-centre/enquiries/?{query}"))
        rows = {row for row in (closed, late, nobody) if row.code in page}
        assert (rows, page.count("data-row")) == (found, len(found)), query
    assert text(client.get("/contact-centre/enquiries/")).count("overdue</span>") == 1
    file = client.get("/contact-centre/enquiries/?export=csv").content.decode("utf-8-sig")
    assert closed.code in file
    assert signed_in("callback").get("/contact-centre/enquiries/?export=csv").status_code == 403
    assert signed_in("technician").get("/contact-centre/enquiries/").status_code == 403
    assert text(signed_in("stranger").get("/contact-centre/enquiries/")).count("data-row") == 0


def test_the_list_costs_the_same_whatever_the_number(signed_in, owner, take):
    take(customer_id=owner.pk)
    client = signed_in("crm")
    few = queries_of(lambda: client.get("/contact-centre/enquiries/"))
    take(customer_id=owner.pk, is_resolved=False)
    take(number="13900001111")
    client = signed_in("crm")
    assert queries_of(lambda: client.get("/contact-centre/enquiries/")) == few <= 20


@pytest.mark.covers("CC-36", "CC-44")
def test_the_figures_say_of_how_many(signed_in, cast, acting, owner, take):
    for number in range(3):
        take(customer_id=owner.pk, at=AT)
        take(customer_id=owner.pk, is_resolved=number == 0, category="PARTS", at=AT)
    answered = Enquiry.objects.filter(is_first_contact=False).first()
    replying.answer(actor=acting(cast.service), enquiry_id=answered.pk, words="有货", is_told=True, at=AT)
    page = text(signed_in("gm").get("/contact-centre/enquiries/figures/"))
    assert "Of 6 enquiries taken, 4 were resolved in the first contact: 67 percent." in page
    for cells in (("Maintenance and repair", 3, 3, "100 %", 0), ("Parts and accessories", 3, 1, "33 %", 1)):
        line = page[page.index(cells[0]) :].split("</tr>")[0]
        assert [part.split(">")[-1] for part in line.split("</td>")[1:5]] == [str(cell) for cell in cells[1:]]
    empty = text(signed_in("gm").get("/contact-centre/enquiries/figures/?from=2020-01-01&to=2020-02-01"))
    assert "No enquiry in these days" in empty
    assert "enquiries taken," not in empty
    wide = text(signed_in("gm").get(f"/contact-centre/enquiries/figures/?from=x&place={cast.outlet_id}"))
    assert "Of 6 enquiries" in wide
    assert "Of 6 enquiries" not in text(signed_in("stranger").get("/contact-centre/enquiries/figures/"))


def test_the_customer_has_a_panel_and_a_timeline_of_enquiries(signed_in, cast, acting, owner, take):
    for _number in range(6):
        take(customer_id=owner.pk)
    page = text(signed_in("sales").get(f"/contact-centre/enquiries-panel/{owner.pk}/"))
    assert page.count("Enquiry: Maintenance and repair") == 5
    assert "Older enquiries" in page
    assert f"{INBOUND}?customer={owner.pk}" in page
    assert f"{INBOUND}?customer={owner.pk}" not in text(
        signed_in("gm").get(f"/contact-centre/enquiries-panel/{owner.pk}/")
    )
    assert "No enquiry yet" in text(signed_in("stranger").get(f"/contact-centre/enquiries-panel/{owner.pk}/"))
    acting(cast.sales)
    assert len([row for row in slots.moments(cast.sales, owner.pk, 50) if row.icon == "messages-square"]) == 6
    assert [row for row in slots.moments(cast.technician, owner.pk, 50) if row.icon == "messages-square"] == []
