"""A story of the customer file: written, found by four digits and by pinyin, merged, undone, exported; and what the
next outlet sees of it.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import looking
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey


def add(page, name, mobile, *, anyway=False):
    """Write a new customer and return the address of his page."""
    page.goto("/customers/add/")
    page.fill("[name=name]", name)
    page.fill("[name=mobile]", mobile)
    if anyway:
        expect(page.locator("#alike")).to_contain_text("可能是同一客户")
    page.click("main form button[type=submit]")
    if anyway:
        page.check("[name=confirmed]")
        page.click("main form button[type=submit]")
    expect(page).to_have_url(re.compile(r"/customers/\d+/$"))
    return page.url


def palette(page, text, wanted):
    """Type into the palette and hold that a line of it says what is wanted."""
    page.goto("/")
    page.keyboard.press("Control+k")
    page.fill("#palette-q", text)
    expect(page.locator("#palette-hits a[href^='/customers/']").filter(has_text=wanted).first).to_be_visible()


@pytest.mark.covers("INFO-05", "INFO-23", "ORG-35")
def test_from_the_first_card_to_the_export(page, visit, site):
    sign_in(page, "crm")
    first = add(page, "曾晓旅", "138-0571-4826")
    second = add(page, "曾小旅", "13805714826", anyway=True)
    looking.look(page)

    for text, wanted in (("4826", "旅"), ("zengxiaol", "旅"), ("zxl", "旅"), ("曾小旅", "曾小旅")):
        palette(page, text, wanted)
    page.keyboard.press("Enter")
    expect(page).to_have_url(second)

    page.goto(second)
    page.fill("[name=body]", "周末上午方便接电话")
    page.click(".note-form button")
    expect(page.locator(".timeline")).to_contain_text("周末上午方便接电话")
    expect(page.locator("#contacts")).to_contain_text("138 **** 4826")
    page.click("#contacts form button")
    expect(page.locator("#contacts")).to_contain_text("13805714826")
    expect(page.locator("#toasts")).to_contain_text("操作日志")
    page.reload()
    expect(page.locator("#contacts")).to_contain_text("138 **** 4826")

    page.click("main .note.amber a:has-text('比较并合并')")
    expect(page.locator("table.compare")).to_contain_text("曾晓旅")
    looking.look(page)
    page.click("main form button[type=submit]")
    expect(page.locator(".note.blue")).to_contain_text("曾晓旅")
    assert page.goto(first).status == 404
    page.goto(second)
    page.click(".note.blue button")
    page.click("[data-confirmed]")
    expect(page.locator("#toasts")).to_contain_text("已撤销")
    assert page.goto(first).status == 200

    page.goto("/customers/?q=13805714826")
    expect(page.locator("tbody tr[data-row]")).to_have_count(2)
    page.click(".list-tools [title='导出']")
    with page.expect_download() as download:
        page.click("text=CSV")
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "曾晓旅" in text
    assert "138 **** 4826" in text
    assert "13805714826" not in text

    other = sign_in(visit(), "hq")
    name = other.site.one(
        "SELECT u.username FROM access_user u JOIN access_membership m ON m.user_id = u.id"
        " JOIN network_node n ON n.id = m.node_id WHERE n.code = 'YLHN001' AND m.role_id = 'cr_manager'"
    )
    stranger = sign_in(visit(), name)
    assert stranger.goto(first).status == 404
    stranger.goto("/palette/?q=4826")
    expect(stranger.locator("main")).not_to_contain_text("旅")


def test_pages_of_customers_are_accessible(page, site):
    sign_in(page, "crm")
    address = add(page, "无障碍测试人", "13805714999").removeprefix(site.url)
    held = site.one("SELECT max(id) FROM customers_relation")
    paths = [
        "/customers/", "/customers/?q=nothing", "/customers/add/", "/customers/quality/", address, f"{address}card/",
        f"{address}change/", f"{address}points/", f"{address}address/", f"{address}relate/", f"{address}associate/",
        f"/customers/relations/{held}/", f"/customers/relations/{held}/end/", ("/customers/999999999/", 404),
    ]  # fmt: skip
    looking.look_at(page, paths)
