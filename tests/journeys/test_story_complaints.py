"""A complaint from the first word to the second visit: taken in by keyboard, rejected once, closed in round two."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import looking
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey

PHONE = "13900009127"
WORDS = "空调修了两次还不凉，再不解决就找记者"


def step(page, name, **values):
    """Press the button of a step, fill its form in, send it."""
    page.click(f'.page-acts a[href$="/{name}/"]')
    for field, value in values.items():
        control = page.locator(f'main [name="{field}"]')
        if control.first.get_attribute("type") == "radio":
            page.check(f'main [name="{field}"][value="{value}"]')
        elif control.evaluate("node => node.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    page.click("main form[method=post] button[type=submit]")
    expect(page).to_have_url(re.compile(r"/complaints/\d+/$"))


def take_in_by_keyboard(page):
    """Look for a caller who is not on file and write down what he says, without the mouse."""
    page.goto("/complaints/open/")
    expect(page.locator('main [name="q"]')).to_be_focused()
    page.keyboard.type(PHONE)
    page.keyboard.press("Enter")
    expect(page.locator('[name="caller_phone"]')).to_have_value(PHONE)
    expect(page.locator('[name="caller_name"]')).to_be_focused()
    page.keyboard.type("路先生")
    for _field in ("phone", "car", "words"):
        page.keyboard.press("Tab")
    page.keyboard.type(WORDS)
    page.keyboard.press("Tab")  # kind: a complaint, as usual
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")  # a matter of service
    page.locator('[name="words"]').focus()
    page.locator('main form[method=post] button[type="submit"]').focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/complaints/\d+/$"))
    return page.url


@pytest.fixture
def common(site):
    """The common process decides, whatever another story loaded into the same place."""
    (before,) = site.rows("SELECT priority FROM complaints_process WHERE code = 'BASE'")
    site.rows("UPDATE complaints_process SET priority = 30000 WHERE code = 'BASE'")
    yield
    site.rows("UPDATE complaints_process SET priority = %s WHERE code = 'BASE'", *before)


@pytest.mark.covers("CMP-14", "CMP-15", "CMP-22")
@pytest.mark.usefixtures("common")
def test_a_complaint_is_rejected_once_and_closed_in_round_two(visit, site):
    agent, service = (sign_in(visit(), who, language="en") for who in ("callback", "service"))
    address = take_in_by_keyboard(agent)
    number = int(address.rstrip("/").rpartition("/")[2])
    expect(agent.locator("main")).to_contain_text("Signs of a crisis")
    service.goto(address)
    step(service, "contact", words="已致歉，约好下午检查")
    step(service, "validity", is_right="yes", words="属实")
    for round_number, (cause, verdict) in enumerate((("BADLY_DONE", "no"), ("MATERIAL", "yes")), 1):
        service.goto(address)
        step(
            service,
            "cause",
            category="REPEATED",
            cause=cause,
            system="AIR_CONDITIONING",
            words=f"第{round_number}次检查",
        )
        step(service, "plan", words="三天内更换")
        step(service, "resolve", words=f"第{round_number}次更换", compensation="200")
        expect(service.locator(".page-acts")).not_to_contain_text("Ask the customer")
        agent.goto(address)
        step(agent, "revisit", is_satisfied=verdict, words=f"第{round_number}次意见")
    expect(agent.locator("main")).to_contain_text("Closed")
    rows = site.rows(
        "SELECT number, cause_id, is_satisfied FROM complaints_round WHERE complaint_id = %s ORDER BY number", number
    )
    assert [tuple(row) for row in rows] == [(1, "BADLY_DONE", False), (2, "MATERIAL", True)]
    assert site.one("SELECT ending FROM complaints_complaint WHERE id = %s", number) == "CONFIRMED"
    pages = ("/complaints/open/?q=139", "/complaints/week/", "/complaints/figures/", address, f"{address}sheet/")
    looking.look_at(sign_in(visit(), "gm"), ["/complaints/", *pages, f"{address}judge/"])
