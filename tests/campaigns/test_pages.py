"""The pages of campaigns, without JavaScript."""

import pytest
from tests.campaigns.conftest import days, seen
from tests.counting import queries_of

from guanxi.campaigns.models import Campaign
from guanxi.foundation import clock
from guanxi.records.models import AuditEntry


def page_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def form(world, **more):
    return {
        "name": "秋季检测", "aim": "促进入厂", "node": str(world.outlet_id), "channel": "SMS", "purpose": "SERVICE",
        "template": "first_service", "unit_cost": "0.1", "fixed_cost": "0", "budget": "100", "control": "10",
        "visit_days": "30", "sale_days": "90", "fact_0": "has_mobile", "op_0": "yes", "offer_code": "qiu-1",
        "wave_on_0": (clock.today() + days(1)).isoformat(), "wave_share_0": "100",
    } | more  # fmt: skip


@pytest.mark.covers("DBM-07")
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Has a valid mobile number: yes", "Approved", "Meet the conditions"))],
)
def test_a_campaign_is_counted_written_submitted_and_approved_on_pages(signed_in, world, person, language, words):
    person()
    crm = signed_in("crm", language)
    assert "/campaigns/add/SERVICE_VISITS/" in page_of(crm, "/campaigns/kinds/")
    address = "/campaigns/add/SERVICE_VISITS/"
    assert 'value="-1"' in page_of(crm, address)  # the condition of the kind: at most one visit
    counted = crm.post(address, form(world) | {"preview": "1"})
    assert counted.status_code == 200
    assert words[2] in counted.content.decode()
    seen()
    assert not Campaign.objects.exists()
    made = crm.post(address, form(world))
    assert made.status_code == 302
    page = page_of(crm, made.url)
    assert words[0] in page
    assert f"{made.url}submit/" in page
    crm.post(f"{made.url}submit/")
    assert f"{made.url}approve/" not in page_of(crm, made.url)
    gm = signed_in("gm", language)
    assert f"{made.url}approve/" in page_of(gm, made.url)
    gm.post(f"{made.url}approve/")
    assert words[1] in page_of(gm, made.url)
    seen()
    assert Campaign.objects.get().state == "APPROVED"


def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(signed_in, world):
    crm = signed_in("crm")
    wrong = form(world, wave_share_0="50", fact_0="age_months", op_0="between", value_0="12-36")
    answer = crm.post("/campaigns/add/SERVICE_VISITS/", wrong)
    assert answer.status_code == 422
    assert "make a hundred percent" in answer.content.decode()
    counted = crm.post("/campaigns/add/SERVICE_VISITS/", wrong | {"preview": "1"})
    assert "Age of the car in months: 12 to 36" in counted.content.decode()
    seen()
    assert not Campaign.objects.exists()
    assert page_of(crm, "/campaigns/add/NOTHING/", 404)


def test_a_draft_is_changed_sent_back_and_called_off(signed_in, world, plan):
    row = plan(at=clock.now(), waves=((clock.today() + days(2), 100),))
    crm, gm, address = signed_in("crm"), signed_in("gm"), f"/campaigns/{row.pk}/"
    assert 'value="100"' in page_of(crm, f"{address}change/")
    assert crm.post(f"{address}change/", form(world, name="改名")).status_code == 302
    crm.post(f"{address}submit/")
    assert gm.post(f"{address}send-back/", {"reason": "再想想"}).status_code == 302
    assert "再想想" in page_of(crm, address)
    assert crm.post(f"{address}cancel/", {"reason": ""}).status_code == 422
    assert crm.post(f"{address}cancel/", {"reason": "不办了"}).status_code == 302
    page = page_of(crm, address)
    assert "Called off: 不办了" in page
    assert "Meet the conditions" not in page


def test_the_list_is_filtered_and_costs_the_same_for_one_and_for_three(signed_in, plan):
    plan(name="第一个")
    client = signed_in("gm")
    page_of(client, "/campaigns/")
    one = queries_of(lambda: page_of(client, "/campaigns/"))
    plan(name="第二个", offer_code="FIND-ME")
    plan(name="第三个", kind="EVENT")
    client = signed_in("gm")
    page_of(client, "/campaigns/")
    assert queries_of(lambda: page_of(client, "/campaigns/")) == one <= 20
    assert page_of(client, "/campaigns/").count("data-row") == 3
    assert page_of(client, "/campaigns/?q=find-me").count("data-row") == 1
    assert page_of(client, "/campaigns/?group=ACTIVITY").count("data-row") == 1
    assert page_of(client, "/campaigns/?state=RUNNING").count("data-row") == 0


def test_the_export_needs_the_right_and_leaves_a_line(signed_in, plan):
    row = plan()
    assert row.number in signed_in("gm").get("/campaigns/?export=csv").content.decode("utf-8-sig")
    assert signed_in("sales").get("/campaigns/?export=csv").status_code == 403
    seen()
    assert AuditEntry.objects.filter(verb="campaigns.export").count() == 1


def test_money_is_shown_to_those_who_plan_or_approve(signed_in, plan):
    row = plan(budget=5000)
    address = f"/campaigns/{row.pk}/"
    assert "Cost per contact" in page_of(signed_in("crm"), address)
    assert "Cost per contact" not in page_of(signed_in("sales"), address)
