"""Headquarters brings a network sheet, mends it, applies it, and moves a market office from a day on."""

import datetime

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import node_id, sign_in, upload, workbook

pytestmark = pytest.mark.journey

DAY = datetime.date.today() + datetime.timedelta(days=30)  # noqa: DTZ011 -- any day to come
OFFICE = ["J-31", "市场部", "旅程市场部", "Journey market office", "YL-HD", "2020-01-01", "", "", "", ""]


def outlet(code, parent):
    return [code, "网点", f"旅程店{code}", f"Journey outlet {code}", parent, "2020-01-01", "是", "是", "31", "上海"]


def open_line(page, code):
    """Open one line of the tree and return it."""
    name = page.site.one("SELECT name_zh FROM network_node WHERE code = %s", code)
    line = page.locator("details.tree-node", has=page.locator(f"> summary span:text-is('{name}')"))
    if line.get_attribute("open") is None:
        line.locator("> summary").click()
    expect(line.locator("> div > .tree-wait")).to_have_count(0)
    return line


@pytest.mark.covers("ORG-10")
def test_a_network_sheet_is_mended_applied_and_an_office_moved(page, site):
    sign_in(page, "hq")
    upload(page, "journey.xlsx", workbook(OFFICE, outlet("J-101", "J-31"), outlet("J-102", "J-13")))
    main = page.locator("main")
    expect(main.locator(".problems li")).to_have_count(1)
    expect(main.locator(".problems li")).to_contain_text("J-13")
    expect(main.locator(".problems .where")).to_contain_text("4")
    assert page.locator("form[action*='apply']").count() == 0
    assert site.one("SELECT count(*) FROM network_node WHERE code LIKE 'J-%%'") == 0

    other = page.context.new_page()
    other.goto(site.url)
    other.evaluate("() => { window.untouched = true; }")
    bell = other.locator("[data-unread]")
    before = int(bell.get_attribute("data-unread"))
    other.wait_for_timeout(300)  # the stream opens

    upload(page, "journey.xlsx", workbook(OFFICE, outlet("J-101", "J-31"), outlet("J-102", "J-31")))
    expect(page.locator(".problems")).to_have_count(0)
    page.click("form[action*='apply'] button")
    expect(page.locator(".note.green")).to_contain_text("3")

    expect(bell).to_have_attribute("data-unread", str(before + 1), timeout=5000)
    assert other.evaluate("() => window.untouched"), "the page was loaded again"
    other.click("#bell summary")
    expect(other.locator("#bell-box")).to_contain_text("journey.xlsx")

    page.goto("/network/?q=J-10")
    expect(page.locator("tr[data-row]")).to_have_count(2)
    expect(page.locator("tr[data-row]").first).to_contain_text("旅程市场部")

    page.goto(f"/network/{node_id(site, 'J-31')}/move/")
    page.select_option("[name=parent]", str(node_id(site, "YL-HN")))
    page.fill("[name=effective_on]", DAY.isoformat())
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text(DAY.isoformat())

    for day, here, gone in ((datetime.date.today(), "YL-HD", "YL-HN"), (DAY, "YL-HN", "YL-HD")):  # noqa: DTZ011
        page.goto(f"/network/tree/?on={day}")
        open_line(page, "YUNLING")
        open_line(page, "YL")
        expect(open_line(page, here)).to_contain_text("旅程市场部")
        expect(open_line(page, gone)).not_to_contain_text("旅程市场部")


def test_an_import_that_was_dropped_leaves_nothing(page, site):
    sign_in(page, "hq")
    upload(page, "dropped.xlsx", workbook(["J-D1", "市场部", "弃用市场部", "", "YL-HD", "2020-01-01", "", "", "", ""]))
    page.click("form[action*='drop'] button")
    expect(page).to_have_url(f"{site.url}/network/import/")
    assert site.one("SELECT count(*) FROM network_node WHERE code = 'J-D1'") == 0
    assert site.one("SELECT count(*) FROM network_importrun WHERE name = 'dropped.xlsx'") == 0
