"""A rescue at the roadside: the first who is sent turns it down, the second comes, and whoever waits sees it on his link."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import faults
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey

PHONE = "13900009129"
UPSERT = """
INSERT INTO rescue_provider (node_id, latitude, longitude, radius_km, phone, helps, is_day_and_night, is_active, changed_at)
VALUES (%s, 31.25, 121.50, 100, '021-50001234', '{TOW,JUMP_START,REPAIR}', true, true, now())
ON CONFLICT (node_id) DO UPDATE SET latitude = 31.25, longitude = 121.50, radius_km = 100, is_day_and_night = true,
  helps = '{TOW,JUMP_START,REPAIR}', is_active = true
"""
WHERE = (
    "SELECT m.node_id FROM access_membership m JOIN access_user u ON u.id = m.user_id WHERE u.username = %s"
    " ORDER BY m.id LIMIT 1"
)
HELD = (
    "SELECT latitude, longitude, radius_km, is_day_and_night, helps, is_active FROM rescue_provider WHERE node_id = %s"
)
BACK = """
UPDATE rescue_provider SET latitude = %s, longitude = %s, radius_km = %s, is_day_and_night = %s, helps = %s, is_active = %s
WHERE node_id = %s
"""


@pytest.fixture
def providers(site):
    """The outlet of the service manager and the partner help, both near; afterwards as they were."""
    nodes = [site.one(WHERE, who) for who in ("service", "rescue")]
    before = {node: site.rows(HELD, node) for node in nodes}
    for node in nodes:
        site.rows(UPSERT, node)
    yield nodes
    for node, rows in before.items():
        if rows:
            site.rows(BACK, *rows[0], node)
        else:
            site.rows("DELETE FROM rescue_provider WHERE node_id = %s", node)


def fill(page, **values):
    """Fill the form of the page in and send it."""
    for name, value in values.items():
        control = page.locator(f'main [name="{name}"]')
        if control.first.get_attribute("type") == "radio":
            page.check(f'main [name="{name}"][value="{value}"]')
        elif control.evaluate("node => node.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    page.click("main form[method=post] button[type=submit]")


def act(page, path, **values):
    """Press the button of a step, fill its form in, send it."""
    page.click(f'.page-acts a[href$="/{path}/"]')
    fill(page, **values)
    expect(page).to_have_url(re.compile(r"/rescue/(\d+/)?$"))  # who turned it down sees only the list


def send(page, node):
    page.click(f'form:has(input[name="provider"][value="{node}"]) button')
    expect(page.locator("main")).to_contain_text("Dispatched")


@pytest.mark.covers("RESC-01", "RESC-06")
def test_a_rescue_is_turned_down_sent_again_and_seen_by_whoever_waits(visit, site, providers):
    agent, service, partner = (sign_in(visit(), who, language="en") for who in ("agent", "service", "rescue"))
    agent.goto("/rescue/take/")
    fill(
        agent, is_hurt="no", is_safe="yes", on_expressway="yes", can_move="no", where="G2高速往上海方向128公里",
        position="31.2304, 121.4737", caller="路先生", phone=PHONE, help="REPAIR", words="发动机灯亮后熄火",
    )  # fmt: skip
    expect(agent).to_have_url(re.compile(r"/rescue/\d+/$"))
    address, number = agent.url, int(agent.url.rstrip("/").rpartition("/")[2])
    (link,) = set(re.findall(r"/rescue/follow/[^\s\"<]+", agent.content()))
    owner = visit()  # nobody who signed in
    owner.context.add_cookies([{"name": "django_language", "value": "en", "url": site.url}])

    def sees(*words):
        owner.goto(link)
        for text in words:
            expect(owner.locator("main")).to_contain_text(text)

    sees("To be dispatched", "Stay behind the barrier")
    outlet, other = providers
    send(agent, outlet)
    sees("Waiting for acceptance")
    service.goto(address)
    act(service, "refuse", reason="拖车在外地")
    sees("To be dispatched")
    agent.goto(address)
    expect(agent.locator("main")).to_contain_text("拖车在外地")
    send(agent, other)
    assert service.goto(address).status == 404  # who turned it down sees it no more
    partner.goto(address)
    act(partner, "accept", minutes="25", name="李师傅", phone="13911112222", truck="沪B12345")
    sees("On the way", "minutes", "李师傅", "沪B12345")
    partner.click('form[action$="/arrive/"] button')
    expect(partner.locator("main")).to_contain_text("At the place")
    sees("At the place")
    act(partner, "finish", result="ON_SITE", settled="260", settled_customer="0")
    sees("Helped, to be called back")
    agent.goto(address)
    act(agent, "call-back", score="1", words="等得太久，师傅态度也不好")
    expect(agent.locator("main")).to_contain_text("等得太久")
    sent = site.rows("SELECT state FROM rescue_dispatch WHERE rescue_id = %s ORDER BY number", number)
    assert [row[0] for row in sent] == ["REFUSED", "FINISHED"]
    complained = "SELECT count(*) FROM complaints_complaint WHERE token = %s AND caller_phone = %s"
    faults.wait_until(lambda: site.one(complained, f"rescue-{number}", PHONE) == 1)
