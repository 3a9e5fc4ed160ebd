"""A list: search while typing, filters, sort order, columns, saved views, export."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import sheet_of, sign_in

pytestmark = pytest.mark.journey


def count_of(page):
    return int(re.sub(r"\D", "", page.locator(".list-count").inner_text()))


def test_searching_while_typing_keeps_the_caret(page):
    sign_in(page, "hq")
    page.goto("/network/")
    total = count_of(page)
    field = page.locator("#list-q")
    field.click()
    field.press_sequentially("YLHD", delay=60)
    expect(page).to_have_url(re.compile("q=YLHD"))
    expect(page.locator("tr[data-row] code").first).to_have_text(re.compile("^YLHD"))
    assert 0 < count_of(page) < total
    assert page.evaluate("() => document.activeElement.id") == "list-q"
    field.press_sequentially("001", delay=60)
    expect(page.locator("tr[data-row]")).to_have_count(1)
    assert page.evaluate("() => [document.activeElement.id, document.activeElement.selectionStart]") == ["list-q", 7]
    page.go_back()
    expect(page.locator("#list-q")).to_have_value("YLHD" if "q=YLHD" in page.url else "")


def test_filter_sort_columns_view_and_export(page, tmp_path):
    sign_in(page, "hq", language="en")
    page.goto("/network/")
    page.select_option("#list-branch", index=1)
    expect(page).to_have_url(re.compile("branch="))
    page.select_option("#list-does", "service")
    expect(page).to_have_url(re.compile("does=service"))
    chosen = count_of(page)
    assert chosen > 1

    for direction in ("descending", "ascending"):
        page.click("thead a:has-text('Code')")
        expect(page.locator(f"th[aria-sort={direction}]")).to_contain_text("Code")
        codes = page.locator("tr[data-row] code").all_inner_texts()
        assert codes == sorted(codes, reverse=direction == "descending")

    page.click(".list-tools summary[aria-label='Columns']")
    page.click(".menu-box a:has-text('Address')")
    expect(page.locator("thead")).to_contain_text("Address")
    assert count_of(page) == chosen

    page.click("[data-dialog='list-save']")
    page.fill("#list-view-name", "Service here")
    page.click("#list-save button[type=submit]")
    expect(page.locator(".tabs-bar [aria-current=page]")).to_have_text("Service here")
    page.goto("/network/")
    page.click(".tabs-bar a:has-text('Service here')")
    expect(page.locator("thead")).to_contain_text("Address")
    assert count_of(page) == chosen
    assert page.input_value("#list-does") == "service"

    page.click(".list-tools summary[aria-label='Export']")
    with page.expect_download() as found:
        page.click(".menu-box a:has-text('Excel')")
    path = tmp_path / "outlets.xlsx"
    found.value.save_as(path)
    lines = sheet_of(path)
    assert lines[0][:2] == ["Outlet", "Code"]
    assert len(lines) == chosen + 2
    assert "陈思敏" in lines[-1][0]

    page.click("form[action*='/views/'] button[aria-label='Delete this view']")
    page.click("#confirm [data-confirmed]")
    expect(page.locator(".tabs-bar a:has-text('Service here')")).to_have_count(0)


def test_an_export_is_on_record_with_its_filter(page, site):
    sign_in(page, "hq")
    page.goto("/network/?q=YLHD")
    chosen = count_of(page)
    page.click(".list-tools summary >> nth=1")
    with page.expect_download():
        page.click(".menu-box a[href*='export=csv']")
    page.goto("/records/audit/")
    line = page.locator("tr[data-row]").first
    expect(line).to_contain_text("陈思敏")
    after = site.one("SELECT after FROM records_auditentry WHERE verb = 'network.export' ORDER BY id DESC LIMIT 1")
    assert after["rows"] == chosen
    assert "q=YLHD" in after["query"]


def test_nothing_found_says_so_and_offers_the_way_back(page):
    sign_in(page, "hq")
    page.goto("/network/?q=no-such-outlet-anywhere")
    expect(page.locator(".empty")).to_be_visible()
    page.click(".empty a")
    expect(page.locator("tr[data-row]").first).to_be_visible()
