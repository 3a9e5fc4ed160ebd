"""One call with words of a crisis: its room opens by itself, a second person approves the statement, it is closed."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.journeys import looking
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey

PHONE = "13900009881"
WORDS = "高速上刹车失灵，明天就找记者曝光"


def step(page, name, **values):
    """Press the button of a step, fill its form in, send it."""
    page.click(f'main a[href$="/{name}/"] >> nth=0')
    for field, value in values.items():
        control = page.locator(f'main [name="{field}"]')
        if control.first.get_attribute("type") == "radio":
            page.check(f'main [name="{field}"][value="{value}"]')
        else:
            control.fill(value)
    page.click("main form[method=post] button[type=submit]")
    expect(page).to_have_url(re.compile(r"/crisis/\d+/$"))


def take_in(page):
    """Write down what a caller says who is not on file."""
    page.goto(f"/complaints/open/?q={PHONE}")
    page.fill('[name="caller_name"]', "危先生")
    page.fill('[name="words"]', WORDS)
    page.select_option('[name="angle"]', "SERVICE")
    page.click("main form[method=post] button[type=submit]")
    expect(page).to_have_url(re.compile(r"/complaints/\d+/$"))
    return int(page.url.rstrip("/").rpartition("/")[2])


def room_of(site, complaint_id):
    """Wait for the room that the worker opens."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = site.one("SELECT max(crisis_id) FROM crisis_link WHERE complaint_id = %s", complaint_id)
        if found:
            return found
        time.sleep(0.2)
    pytest.fail("no crisis was opened")


@pytest.mark.covers("CRIS-02")
def test_a_call_becomes_a_crisis_with_a_statement_of_two_people(visit, site):
    agent, gm, branch = (sign_in(visit(), who, language="en") for who in ("callback", "gm", "branch"))
    complaint_id = take_in(agent)
    pk = room_of(site, complaint_id)
    address = f"/crisis/{pk}/"
    gm.goto(address)
    expect(gm.locator("main")).to_contain_text(WORDS)
    step(gm, "note", act="DECIDED", words="总经理今天上门")
    step(gm, "draft", words="我们正在检查制动系统，结果将告知车主。")
    expect(gm.locator("main")).not_to_contain_text("Approved by")
    assert gm.locator('form[action*="/approve/"]').count() == 0
    branch.goto(address)
    branch.click('form[action*="/approve/"] button')
    expect(branch.locator("main")).to_contain_text("Approved by")
    gm.goto(address)
    step(gm, "say", said_to="客户本人")
    step(gm, "calm", words="客户同意检测")
    step(gm, "close", words="制动液渗漏，已更换并致歉")
    expect(gm.locator("main")).to_contain_text("制动液渗漏，已更换并致歉")
    state = site.one("SELECT state FROM crisis_crisis WHERE id = %s", pk)
    said = site.one("SELECT said_to FROM crisis_statement WHERE crisis_id = %s AND stage = 'SAID'", pk)
    assert (state, said) == ("CLOSED", "客户本人")
    looking.look_at(
        sign_in(visit(), "gm"), ["/crisis/", address, "/crisis/alarms/", f"{address}care-list/", "/crisis/open/"]
    )
