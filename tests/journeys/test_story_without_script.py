"""The daily work is possible without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import PASSWORD, node_id

pytestmark = pytest.mark.journey


def test_a_working_day_without_javascript(visit, site):
    page = visit(java_script_enabled=False)
    page.goto("/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.click("form[name=signin] button[type=submit]")
    expect(page).to_have_url(re.compile(r":\d+/$"))

    page.goto("/access/people/")
    before = page.locator("tr[data-row]").count()
    page.fill("[name=q]", "吕晨曦")
    page.click("form.filters button[type=submit]")
    expect(page.locator("tr[data-row]")).to_have_count(1)
    assert before > 1

    outlet = node_id(site, "YLHD001")
    page.goto(f"/network/{outlet}/")
    page.click(f"a[href='/network/{outlet}/hours/']")
    page.fill("[name=SERVICE_6]", "10:00-15:30")
    page.click("main form button[type=submit]")
    expect(page).to_have_url(re.compile(f"/network/{outlet}/$"))
    expect(page.locator("table.hours").last).to_contain_text("10:00–15:30")

    page.click("button.lang")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.click("details.me summary")
    page.click("form[action='/accounts/logout/'] button")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.goto("/network/")
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_a_phone_without_javascript_reaches_every_page(visit, site):
    page = visit(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto("/accounts/login/")
    page.fill("[name=login]", "hq")
    page.fill("[name=password]", PASSWORD)
    page.click("form[name=signin] button[type=submit]")
    expect(page).to_have_url(re.compile(r":\d+/$"))
    expect(page.locator("nav a[href='/network/']").first).to_be_visible()
