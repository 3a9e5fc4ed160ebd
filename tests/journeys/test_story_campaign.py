"""A campaign from the filter to the effect: counted, approved by a second person, drawn with a control group, counted."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import calls, looking
from tests.journeys.faults import wait_until
from tests.journeys.steps import node_id, sign_in

pytestmark = pytest.mark.journey
COME = """
from guanxi.campaigns.models import Member
from guanxi.campaigns.services import results
from guanxi.workshop.models import Visit
day = clock.day_of(at)
with db.scoped(SYSTEM):
    for arm, of_ten in (("TREATED", 8), ("CONTROL", 1)):
        rows = Member.objects.filter(campaign_id=given, arm=arm).exclude(vehicle=None).order_by("pk")
        Visit.objects.bulk_create(
            Visit(outlet_id=row.outlet_id, customer_id=row.customer_id, vehicle_id=row.vehicle_id, order_no=f"CAMPAIGN-{row.pk}",
                category="X", counts=True, entered_on=day, touched_at=at)
            for number, row in enumerate(rows) if number % 10 < of_ten
        )
    later = datetime.timedelta(days=92)
    results.count_results(actor=SYSTEM, day=day + later, at=at + later)
"""
ARMS = "SELECT count(*) FILTER (WHERE arm = 'TREATED'), count(*) FILTER (WHERE arm = 'CONTROL') FROM campaigns_member WHERE campaign_id = %s"
CAME = "SELECT arm, count(*) FILTER (WHERE visited_on IS NOT NULL) FROM campaigns_member WHERE campaign_id = %s GROUP BY 1 ORDER BY 1"


@pytest.fixture
def left_as_it_was(site):
    """Other stories count visits too."""
    yield
    site.rows("DELETE FROM workshop_visit WHERE order_no LIKE %s", "CAMPAIGN-%")


def word_it(planner, approver):
    """Write the text of the campaign; a second person approves it."""
    planner.goto("/messaging/templates/write/")
    for name, value in {
        "code": "story_autumn", "name_zh": "秋季活动", "name_en": "Autumn", "body_zh": "{salutation}，秋季检测开始。回复TD退订。",
        "body_en": "{salutation}, the autumn check-up begins. Reply TD to stop.",
    }.items():  # fmt: skip
        planner.fill(f"[name={name}]", value)
    planner.select_option("[name=channel]", "SMS")
    planner.select_option("[name=purpose]", "MARKETING")
    planner.click("main form.form-card button[type=submit]")
    expect(planner).to_have_url(re.compile(r"/messaging/templates/\d+/$"))
    expect(planner.locator("form[action$='/approve/']")).to_have_count(0)
    approver.goto(planner.url)
    approver.click("form[action$='/approve/'] button")
    expect(approver.locator("main")).to_contain_text("in use")


def plan_it(page, site):
    """Fill the campaign in, count whom it would address, save and submit it; return its address."""
    today = site.one("SELECT to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')")
    page.goto("/campaigns/add/COMMUNICATION/")
    page.fill("[name=name]", "秋季检测")
    page.select_option("[name=node]", str(node_id(site, "YUNLING")))
    page.select_option("[name=channel]", "SMS")
    page.select_option("[name=purpose]", "MARKETING")
    page.select_option("[name=template]", "story_autumn")
    for name, value in {
        "control": "50", "unit_cost": "0.1", "fixed_cost": "300", "visit_days": "30", "sale_days": "90",
        "wave_on_0": today, "wave_share_0": "100", "value_0": "OWNER",
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", value)
    page.select_option("[name=fact_0]", "category")
    page.select_option("[name=op_0]", "any")
    page.click("main button[name=preview]")
    expect(page.locator("main")).to_contain_text("Meet the conditions")
    expect(page.locator("main")).to_contain_text("Kept out")
    page.click("main form button[type=submit].primary:not([name=preview])")
    expect(page).to_have_url(re.compile(r"/campaigns/\d+/$"))
    page.click("form[action$='/submit/'] button")
    expect(page.locator("form[action$='/submit/']")).to_have_count(0)
    return page.url


def press(page, address, name):
    """Press a button of a campaign; one asks whether one is sure."""
    page.goto(address)
    page.click(f"form[action$='/{name}/'] button")
    if name == "start":
        page.click("#confirm [data-confirmed]")
    expect(page.locator(f"form[action$='/{name}/']")).to_have_count(0)


@pytest.mark.covers("DBM-07", "DBM-08", "CC-26")
@pytest.mark.usefixtures("left_as_it_was")
def test_a_campaign_goes_from_the_filter_to_its_effect(visit, site):
    planner, boss = sign_in(visit(), "planner", language="en"), sign_in(visit(), "hq", language="en")
    word_it(planner, boss)
    address = plan_it(planner, site)
    number = int(address.rstrip("/").rpartition("/")[2])
    expect(planner.locator("form[action$='/approve/']")).to_have_count(0)
    press(boss, address, "approve")
    expect(boss.locator("main")).to_contain_text("Approved")
    press(boss, address, "start")
    wait_until(lambda: site.one("SELECT done_at FROM campaigns_wave WHERE campaign_id = %s", number) is not None)
    treated, control = site.rows(ARMS, number)[0]
    assert min(treated, control) >= 30
    written = "SELECT count(*) FROM messaging_message WHERE key LIKE %s AND state <> 'SKIPPED' AND customer_id IN (SELECT customer_id FROM campaigns_member WHERE campaign_id = %s AND arm = %s)"
    assert site.one(written, "campaign%", number, "TREATED") > 0
    assert site.one(written, "campaign%", number, "CONTROL") == 0

    calls.inside(site, COME, number)
    came = dict(site.rows(CAME, number))
    assert came["TREATED"] > treated // 2 > came["CONTROL"]
    boss.goto(f"{address}effect/")
    visits = boss.locator("section", has_text="Visits to the workshop").last
    expect(visits).to_contain_text("More than by chance")
    expect(visits).to_contain_text(str(came["TREATED"]))
    boss.goto(address)
    expect(boss.locator("main")).to_contain_text("Ended")
    looking.look_at(boss, [address, f"{address}effect/", f"{address}members/"])
