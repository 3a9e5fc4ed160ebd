"""The pages of crises without JavaScript, in both languages; the list and its export; the panel of a complaint."""

import pytest
from tests.counting import queries_of
from tests.crisis.conftest import GRAVE, fresh

from guanxi.crisis.models import Crisis
from guanxi.foundation import clock, db, numbers
from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry


def page_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def send(client, row, path, **values):
    answer = client.post(f"/crisis/{row.pk}/{path}/", values)
    assert answer.status_code == 302, answer.content.decode()


@pytest.mark.covers("CRIS-05", "FORM-19")
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_crisis_goes_all_the_way_on_pages(signed_in, cast, complain, language):
    complaint = complain(at=clock.now())
    gm = signed_in("gm", language)
    assert f"/crisis/open/?complaint={complaint.pk}" in page_of(gm, f"/crisis/complaint-panel/{complaint.pk}/")
    form = page_of(gm, f"/crisis/open/?complaint={complaint.pk}")
    assert GRAVE in form
    values = {
        "place": str(cast.outlet_id), "title": "刹车", "words": GRAVE, "types": ["SAFETY"], "risk": "HIGH",
        "owner": str(cast.gm.user_id), "currency": "CNY", "amount": "50000", "spokesperson": "方总", "matter": "BODY",
        "authority": "消费者协会",
    }  # fmt: skip
    opened = gm.post(f"/crisis/open/?complaint={complaint.pk}", values)
    assert opened.status_code == 302, opened.content.decode()
    row = Crisis.objects.get()
    assert opened["Location"] == f"/crisis/{row.pk}/"
    send(gm, row, "note", act="DECIDED", words="总经理上门")
    send(gm, row, "draft", words="我们对此负责。")
    send(gm, row, "assess", **(values | {"risk": "EXTREME", "reason": "记者来电"}))
    send(gm, row, "give-work", person=str(cast.gm.user_id), words="准备材料", due_at="2030-01-01T10:00")
    held = row.statements.get()
    assert f"/crisis/statements/{held.pk}/approve/" not in page_of(gm, f"/crisis/{row.pk}/")
    branch = signed_in("branch", language)
    assert f"/crisis/statements/{held.pk}/approve/" in page_of(branch, f"/crisis/{row.pk}/")
    assert branch.post(f"/crisis/statements/{held.pk}/approve/").status_code == 302
    gm = signed_in("gm", language)
    now = clock.local_now().strftime("%Y-%m-%dT%H:%M:%S")
    assert gm.post(f"/crisis/statements/{held.pk}/say/", {"said_to": "晚报", "said_at": now}).status_code == 302
    send(gm, row, "calm", words="客户满意")
    send(gm, row, "close", words="衬套已更换")
    page = page_of(gm, f"/crisis/{row.pk}/")
    for text in (
        complaint.number,
        "总经理上门",
        "我们对此负责。",
        "晚报",
        "衬套已更换",
        "方总",
        "消费者协会",
        "50000.00 CNY",
        "记者来电",
        "准备材料",
    ):
        assert text in page, text
    assert fresh(row).state == "CLOSED"
    send(gm, row, "reopen", reason="又来了")
    assert "/calm/" in page_of(gm, f"/crisis/{row.pk}/")


def test_only_what_may_follow_is_offered(signed_in, room):
    row = room()
    paths = ("note", "assess", "put-in-charge", "give-work", "link", "draft", "calm", "close", "reopen")
    leads = {"note", "assess", "put-in-charge", "give-work", "link", "draft", "calm"}
    for who, offered in (("gm", leads), ("branch", leads), ("auditor", set())):
        page = page_of(signed_in(who), f"/crisis/{row.pk}/")
        assert {path for path in paths if f"/crisis/{row.pk}/{path}/" in page} == offered, who
    page_of(signed_in("service"), f"/crisis/{row.pk}/", 403)
    page_of(signed_in("service"), "/crisis/", 403)


def test_a_refused_step_says_why(signed_in, room):
    row = room()
    refused = signed_in("gm").post(f"/crisis/{row.pk}/close/", {"words": "x"})
    assert (refused.status_code, "This cannot follow" in refused.content.decode()) == (422, True)
    bad = signed_in("gm").post("/crisis/open/", {"title": "x"})
    assert bad.status_code == 422
    page_of(signed_in("gm"), "/crisis/open/?complaint=x", 404)


def test_the_list_is_filtered_and_found(signed_in, room):
    first, second = room(), room(title="电池起火", types=["EXTREME"], risk="EXTREME", authority="晚报")
    client = signed_in("gm")
    for query, found in (
        ("risk=EXTREME", second), ("type=SAFETY", first), (f"q={first.number}", first), ("q=晚报", second),
    ):  # fmt: skip
        page = page_of(client, f"/crisis/?{query}")
        assert (page.count("data-row"), found.number in page) == (1, True), query
    assert page_of(client, "/crisis/?state=running").count("data-row") == 2
    assert page_of(client, "/crisis/?state=CLOSED").count("data-row") == 0
    db.set_scope(SYSTEM)
    assert [hit.url for hit in numbers.find(SYSTEM, first.number.lower())] == [f"/crisis/{first.pk}/"]
    assert numbers.find(SYSTEM, "WJ") == []


def test_the_list_costs_the_same_for_one_and_for_three(signed_in, room):
    room()
    client = signed_in("gm")
    page_of(client, "/crisis/")
    one = queries_of(lambda: page_of(client, "/crisis/"))
    room()
    room()
    client = signed_in("gm")
    page_of(client, "/crisis/")
    assert queries_of(lambda: page_of(client, "/crisis/")) == one <= 20


def test_the_export_needs_the_right_and_leaves_a_line(signed_in, room):
    row = room()
    text = signed_in("branch").get("/crisis/?export=csv").content.decode("utf-8-sig")
    assert row.number in text
    assert signed_in("gm").get("/crisis/?export=csv").status_code == 403
    db.set_scope(SYSTEM)
    assert AuditEntry.objects.filter(verb="crisis.export").count() == 1


def test_the_page_of_a_complaint_leads_to_its_crisis(signed_in, complain, room):
    complaint = complain(at=clock.now())
    row = room(complaint_id=complaint.pk)
    assert f"/crisis/complaint-panel/{complaint.pk}/" in page_of(signed_in("gm"), f"/complaints/{complaint.pk}/")
    assert f"/crisis/{row.pk}/" in page_of(signed_in("gm"), f"/crisis/complaint-panel/{complaint.pk}/")
    assert "complaint-panel" not in page_of(signed_in("service"), f"/complaints/{complaint.pk}/")
    client = signed_in("gm")
    other = complain("空调不凉", at=clock.now())
    assert f'value="{other.pk}"' in page_of(client, f"/crisis/{row.pk}/link/")
    send(client, row, "link", complaint=str(other.pk))
    send(client, row, f"unlink/{other.pk}", reason="别的事")
