"""The pages of complaints without JavaScript, in both languages; the list, its filters and its export."""

import datetime

import pytest
from django.utils.html import escape
from tests import garage
from tests.complaints.conftest import WORDS, fresh
from tests.counting import queries_of

from guanxi.complaints.models import Complaint
from guanxi.foundation import clock, db, numbers, slots
from guanxi.foundation.actor import SYSTEM
from guanxi.messaging.models import Reply
from guanxi.network.models import Node
from guanxi.records.models import AuditEntry

FORM = {
    "angle": "SERVICE", "kind": "COMPLAINT", "words": WORDS, "category": "REPEATED", "level": "NORMAL",
    "channel": "PHONE", "named": "小曹", "amount": "", "token": "page-form", "vehicle": "",
}  # fmt: skip


def page_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def send(client, row, path, **values):
    answer = client.post(f"/complaints/{row.pk}/{path}/", values)
    assert answer.status_code == 302, answer.content.decode()


@pytest.mark.covers("CMP-01", "CMP-02", "CMP-11", "FORM-15")
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Record the first contact", "Not satisfied", "Closed")), ("zh-hans", ("首次联系", "不满意", "已关闭"))],
)
def test_a_complaint_goes_all_the_way_on_pages(signed_in, cast, customer, language, words):
    agent = signed_in("callback", language)
    address = f"/complaints/open/?customer={customer.pk}"
    assert customer.name in page_of(agent, address)
    told = agent.post(address, FORM | {"outlet": str(cast.outlet_id)})
    assert told.status_code == 302
    row = Complaint.objects.get(customer=customer)
    policy = {"en": "Do it again first", "zh-hans": "优先免费返修"}[language]
    assert told["Location"] == f"/complaints/{row.pk}/"
    service = signed_in("service", language)
    assert words[0] in page_of(service, told["Location"])
    send(service, row, "contact", words="已致歉")
    send(service, row, "validity", is_right="yes", words="属实")
    for number in (1, 2):
        service = signed_in("service", language)
        send(service, row, "cause", cause="BADLY_DONE", category="REPEATED", words=f"原因{number}")
        assert all(policy in page_of(service, f"/complaints/{row.pk}/{page}") for page in ("", "plan/"))
        send(service, row, "plan", words=f"方案{number}")
        send(service, row, "resolve", words=f"措施{number}", compensation="200")
        answer = {"is_satisfied": "yes" if number == 2 else "no", "words": f"意见{number}", "summary": "小结"}
        send(signed_in("callback", language), row, "revisit", **answer)
    assert words[1] in page_of(signed_in("gm", language), told["Location"])
    sheet = page_of(signed_in("gm", language), f"/complaints/{row.pk}/sheet/")
    for text in (row.number, WORDS, "原因1", "方案2", "措施1", "意见2", "小结", "小曹", customer.name, words[2]):
        assert text in sheet, text
    assert fresh(row).ending == "CONFIRMED"


def test_the_caller_is_found_by_his_number_or_written_down(signed_in, cast, customer):
    agent = signed_in("agent")
    found = page_of(agent, "/complaints/open/?q=13600007701")
    assert f"/complaints/open/?customer={customer.pk}" in found
    assert f"· {Node.objects.get(pk=cast.outlet_id).name_en}</span>" in found
    nobody = page_of(agent, "/complaints/open/?q=13999999999")
    assert 'value="13999999999"' in nobody
    assert "Nobody on file" in nobody
    form = FORM | {
        "outlet": str(cast.outlet_id),
        "caller_name": "路人",
        "caller_phone": "13999999999",
        "caller_car": "沪A1",
    }
    assert agent.post("/complaints/open/", form).status_code == 302
    row = Complaint.objects.get(caller_phone="13999999999")
    assert "not on file" in page_of(agent, f"/complaints/{row.pk}/")
    assert agent.post("/complaints/open/", form | {"caller_name": "", "caller_phone": ""}).status_code == 422


def test_what_is_open_already_is_offered_on_the_form(signed_in, cast, customer, take_in):
    row = take_in(at=clock.now())
    client = signed_in("callback")
    address = f"/complaints/open/?customer={customer.pk}"
    assert f"/complaints/{row.pk}/join/" in page_of(client, address)
    form = FORM | {"outlet": str(cast.outlet_id)}
    refused = client.post(address, form)
    assert refused.status_code == 422
    assert row.number in refused.content.decode()
    send(client, row, "join", words="还没有人联系我")
    assert "还没有人联系我" in page_of(client, f"/complaints/{row.pk}/")
    assert client.post(address, form | {"is_another": "on"}).status_code == 302


def test_a_refused_step_says_why_in_both_languages_and_changes_nothing(signed_in, take_in):
    row = take_in(at=clock.now())
    for language, why in (("en", "This cannot follow"), ("zh-hans", "不能")):
        refused = signed_in("service", language).post(f"/complaints/{row.pk}/resolve/", {"words": "x"})
        assert refused.status_code == 422
        assert why in refused.content.decode()
    assert fresh(row).state == "RECEIVED"


def test_only_what_may_follow_is_offered_to_whoever_may_do_it(signed_in, cast, saleslead, take_in, bring):
    row = take_in(at=clock.now())
    paths = ("contact", "cause", "resolve", "revisit", "hand-over", "join", "answer")
    for who, offered in (
        ("service", {"contact", "hand-over", "join"}), ("advisor", {"join"}), ("callback", {"join"}),
        ("gm", {"contact", "hand-over", "join"}), ("auditor", set()),
    ):  # fmt: skip
        page = page_of(signed_in(who), f"/complaints/{row.pk}/")
        assert {path for path in paths if f"/complaints/{row.pk}/{path}/" in page} == offered, who
    bring(row, "TO_REVISIT", clock.now())
    for who, offered in (("service", {"join", "hand-over"}), ("callback", {"revisit", "join"})):
        page = page_of(signed_in(who), f"/complaints/{row.pk}/")
        assert {path for path in paths if f"/complaints/{row.pk}/{path}/" in page} == offered, who


def test_what_a_customer_wrote_is_taken_in_with_his_words(signed_in, cast, customer):
    db.set_scope(SYSTEM)
    at, words = clock.now(), "提车一周就异响，请给个说法"
    common = {"customer": customer, "channel": "WECHAT", "address": "o1", "kept_at": at}
    reply = Reply.objects.create(words=words, is_stop=False, reference="r1", received_at=at, **common)
    Reply.objects.create(words="TD", is_stop=True, reference="r2", received_at=at, **common)
    old = at - datetime.timedelta(days=31)
    Reply.objects.create(words="上个月的话", is_stop=False, reference="r3", received_at=old, **common)
    crm = signed_in("crm")
    address = f"/complaints/open/?customer={customer.pk}&reply={reply.pk}"
    assert escape(address) in page_of(crm, "/messaging/replies/")
    page = page_of(crm, f"/complaints/open/?customer={customer.pk}")
    assert (escape(address) in page, words in page, "上个月的话" in page, ">TD<" in page) == (True, True, False, False)
    page = page_of(crm, address)
    assert f">{words}</textarea>" in page.replace("\n", "")
    assert 'value="SOCIAL" selected' in page
    somebody = garage.customer("别人", "13600007756", cast.outlet_id)
    assert words not in page_of(crm, f"/complaints/open/?customer={somebody.pk}&reply={reply.pk}")


@pytest.mark.covers("CMP-07")
def test_the_page_of_a_complaint_shows_what_was_before(signed_in, take_in):
    first, second = take_in(words="第一次投诉"), take_in(words="第二次投诉")
    page = page_of(signed_in("service"), f"/complaints/{second.pk}/")
    assert f"/complaints/{first.pk}/" in page
    assert "第一次投诉" in page


def test_a_crisis_and_what_is_late_show_on_the_page(signed_in, take_in):
    row = take_in(words="刹车失灵")  # months ago
    page = page_of(signed_in("gm"), f"/complaints/{row.pk}/")
    assert "Signs of a crisis: Related to safety" in page
    assert "Overdue since" in page
    assert page.count("overdue</span>") == 2  # both tasks


def test_the_list_is_filtered(signed_in, cast, take_in):
    late, fresh_one = take_in(), take_in("gm", angle="SALES", category="DELAY", at=clock.now(), kind="REQUEST")
    client = signed_in("gm")
    assert page_of(client, "/complaints/").count("overdue</span>") == 1
    for query, found in (
        ("late=yes", late), ("late=no", fresh_one), ("category=SALES", fresh_one), ("category=REPAIR_QUALITY", late),
        (f"q={late.number}", late), ("kind=REQUEST", fresh_one), ("angle=SERVICE&state=open", late),
        ("until=2026-06-30", late), (f"since={clock.today().isoformat()}", fresh_one),
        (f"place={cast.branch_id}&late=yes", late), ("state=RECEIVED&level=NORMAL&kind=COMPLAINT", late),
    ):  # fmt: skip
        page = page_of(client, f"/complaints/?{query}")
        assert (page.count("data-row"), found.number in page) == (1, True), query
    assert page_of(client, "/complaints/?q=罗秀英").count("data-row") == 2
    assert page_of(client, "/complaints/?state=CLOSED").count("data-row") == 0
    assert page_of(signed_in("technician"), "/complaints/", 403)


def test_the_list_costs_the_same_for_one_and_for_three(signed_in, take_in):
    take_in()
    client = signed_in("gm")
    page_of(client, "/complaints/")
    one = queries_of(lambda: page_of(client, "/complaints/"))
    take_in(angle="SALES")
    take_in(angle="PRODUCT")
    client = signed_in("gm")
    page_of(client, "/complaints/")
    assert queries_of(lambda: page_of(client, "/complaints/")) == one <= 20


def test_the_export_needs_the_right_and_leaves_a_line(signed_in, take_in):
    row = take_in()
    text = signed_in("gm").get("/complaints/?export=csv").content.decode("utf-8-sig")
    assert row.number in text
    assert signed_in("advisor").get("/complaints/?export=csv").status_code == 403
    db.set_scope(SYSTEM)
    assert AuditEntry.objects.filter(verb="complaints.export").count() == 1


def test_the_customers_page_timeline_and_palette_know_it(signed_in, cast, acting, take_in, customer):
    row = take_in()
    page = page_of(signed_in("gm"), f"/complaints/customer-panel/{customer.pk}/")
    assert f"/complaints/{row.pk}/" in page
    assert f"/complaints/open/?customer={customer.pk}" in page
    gm = acting(cast.gm)
    assert [moment.url for moment in slots.moments(gm, customer.pk, 10) if row.number in moment.title] == [
        f"/complaints/{row.pk}/"
    ]
    assert [hit.url for hit in numbers.find(gm, row.number.lower())] == [f"/complaints/{row.pk}/"]
    assert numbers.find(gm, "TS") == numbers.find(gm, "罗秀英") == []
    other = garage.customer("外人", "13600007700", cast.outlet_id)
    assert "has not complained" in page_of(signed_in("gm"), f"/complaints/customer-panel/{other.pk}/")


@pytest.mark.covers("CMP-07")
def test_the_page_of_a_car_shows_its_complaints_the_open_ones_first(cast, signed_in, acting, take_in, bring, customer):
    car = garage.car(customer, 88, plate="沪A88001")
    old = bring(take_in(words="旧的一件", vehicle_id=car.pk), "CLOSED")
    new = take_in(words="新的一件", category="", vehicle_id=car.pk)
    take_in(words="别的车")
    page = page_of(signed_in("service"), f"/complaints/vehicle-panel/{car.pk}/")
    assert page.index("新的一件") < page.index(f"/complaints/{old.pk}/")
    assert (f"/complaints/{new.pk}/" in page, "别的车" in page) == (True, False)
    assert "complaints/vehicle-panel" in page_of(signed_in("service"), f"/vehicles/{car.pk}/")
    assert signed_in("stranger").get(f"/complaints/vehicle-panel/{car.pk}/").status_code in {403, 404}
    other = garage.car(customer, 89, plate="沪A88002")
    assert "Nobody has complained about this car." in page_of(signed_in("gm"), f"/complaints/vehicle-panel/{other.pk}/")
