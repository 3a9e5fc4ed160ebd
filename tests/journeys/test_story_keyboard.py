"""By keys alone; and what stays after a reload."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import node_id, sign_in, wait_settled

pytestmark = pytest.mark.journey


def test_the_palette_finds_a_place_by_name_and_a_page_by_pinyin(page, site):
    sign_in(page, "hq")
    page.goto("/")
    name = site.one("SELECT name_zh FROM network_node WHERE code = 'YLHD001'")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-q")).to_be_focused()
    page.keyboard.type(name)
    expect(page.locator("#palette-hits [role=option][aria-selected=true]")).to_contain_text(name)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/network/{node_id(site, 'YLHD001')}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("sjrz")
    expect(page.locator("#palette-hits")).not_to_contain_text(name)
    page.keyboard.press("Control+a")
    page.keyboard.type("zzs")
    expect(page.locator("#palette-hits [role=option]").first).to_contain_text("组织树")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/network/tree/")


def test_escape_gives_the_focus_back(page):
    sign_in(page, "hq")
    page.goto("/")
    page.locator(".opener").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#palette-q")).to_be_focused()
    page.keyboard.type("typed")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator(".opener")).to_be_focused()


def test_a_list_is_walked_and_opened_without_a_mouse(page):
    sign_in(page, "hq")
    page.goto("/network/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#list-q")).to_be_focused()
    page.keyboard.type("YLHD00")
    expect(page).to_have_url(re.compile("q=YLHD00"))
    with page.expect_response(re.compile("q=YLHD00")):
        page.keyboard.press("Enter")
    expect(page.locator("tr[data-row] code").first).to_have_text(re.compile("^YLHD00"))
    page.evaluate("() => document.activeElement.blur()")
    for key in "jjk":
        page.keyboard.press(key)
    first = page.locator("tr[data-row]").first
    expect(first).to_have_class(re.compile(r"\bat\b"))
    address = first.locator("a").first.get_attribute("href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(address)))
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile("/network/tree/"))


def test_the_marked_row_survives_a_late_answer(page):
    sign_in(page, "hq")
    page.goto("/network/?q=YLHD&sort=code")
    held = []

    def hold(route):
        held.append(route)

    page.route(re.compile(r"[?&]q=YLHD00"), hold)
    page.locator("#list-q").fill("YLHD00")
    page.wait_for_function("() => document.querySelector('#list').classList.contains('htmx-request')")
    page.evaluate("() => document.activeElement.blur()")
    wanted = page.locator("tr[data-row]", has_text="YLHD002")
    for _press in range(page.locator("tr[data-row]").count()):
        page.keyboard.press("j")
        if "at" in (wanted.get_attribute("class") or ""):
            break
    expect(wanted).to_have_class(re.compile(r"\bat\b"))
    held[0].continue_()  # only now come the rows that were asked for
    expect(page).to_have_url(re.compile("q=YLHD00"))
    wait_settled(page)
    expect(page.locator("tr[data-row].at")).to_have_count(1)
    expect(wanted).to_have_class(re.compile(r"\bat\b"))
    assert wanted.locator("a").first.evaluate("(link) => link === document.activeElement")
    page.keyboard.press("k")
    expect(page.locator("tr[data-row].at code")).to_have_text("YLHD001")


def test_a_marked_row_that_is_gone_leaves_no_mark(page):
    sign_in(page, "hq")
    page.goto("/network/")
    page.keyboard.press("j")
    gone = page.locator("tr[data-row].at code").inner_text()
    other = "YLHN" if gone.startswith("YLHD") else "YLHD"
    page.locator("#list-q").fill(other)
    expect(page.locator("tr[data-row] code").first).to_have_text(re.compile(f"^{other}"))
    expect(page.locator("tr[data-row].at")).to_have_count(0)
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("j")
    expect(page.locator("tr[data-row]").first).to_have_class(re.compile(r"\bat\b"))


def test_the_first_tab_leads_past_the_menu(page):
    sign_in(page, "hq")
    page.goto("/network/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_letters_typed_into_a_field_are_no_commands(page):
    sign_in(page, "hq")
    page.goto("/network/add/")
    page.click("[name=name_zh]")
    page.keyboard.type("gh?/j")
    assert page.input_value("[name=name_zh]") == "gh?/j"
    assert page.url.endswith("/network/add/")


def test_language_and_theme_stay(visit, site):
    page = sign_in(visit(color_scheme="light"), "agent", fresh=True)
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.click("button.lang")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    with page.expect_response(lambda answer: answer.url.endswith("/theme/")):
        page.click("[data-theme-toggle]")
    theme = page.locator("html").get_attribute("data-theme")
    assert theme in {"light", "dark"}
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    assert site.rows("SELECT language, theme FROM access_user WHERE username = 'agent'") == [("en", theme)]

    elsewhere = visit()
    elsewhere.context.add_cookies([item for item in page.context.cookies() if item["name"] == "sessionid"])
    elsewhere.goto("/")
    expect(elsewhere.locator("html")).to_have_attribute("lang", "en")
    expect(elsewhere.locator("html")).to_have_attribute("data-theme", theme)


def test_the_first_press_on_the_theme_switch_changes_what_is_seen(visit):
    """On a device that prefers dark, with no choice made yet, the first press must lead to light."""
    page = sign_in(visit(color_scheme="dark"), "hq")
    page.goto("/")
    before = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    page.click("[data-theme-toggle]")
    page.wait_for_timeout(100)
    assert page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor") != before
