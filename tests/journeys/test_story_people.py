"""An outlet's administrator invites a colleague, who comes in by the link and sees the own outlet only."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import fill_in, node_id, sign_in

pytestmark = pytest.mark.journey
WORD = "journey-of-a-thousand-li"


def invite(page, name, role):
    page.goto("/access/invitations/new/")
    page.fill("[name=name]", name)
    page.select_option("[name=role]", role)
    page.select_option("[name=node]", str(node_id(page.site, "YLHD001")))
    page.click("main form button[type=submit]")
    return page.input_value("#address")


def come_in(page, address, username):
    page.goto(address)
    page.fill("[name=username]", username)
    page.fill("[name=password]", WORD)
    page.fill("[name=again]", WORD)
    page.click("main form button[type=submit]")
    expect(page).to_have_url(re.compile(r":\d+/$"))


def test_an_invited_colleague_sees_the_own_outlet_only(visit, site):
    admin, colleague = sign_in(visit(), "admin"), visit()
    address = invite(admin, "万里", "sales_consultant")
    come_in(colleague, address, "wanli")
    expect(colleague.locator(".me-text b")).to_have_text("万里")

    colleague.goto("/network/")
    expect(colleague.locator("html")).to_have_attribute("lang", "zh-Hans")
    rows = colleague.locator("tr[data-row]")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("YLHD001")
    expect(colleague.locator("h1")).to_have_text("网点")
    colleague.click(".top-actions button.lang")
    expect(colleague.locator("html")).to_have_attribute("lang", "en")
    expect(colleague.locator("h1")).to_have_text("Outlets")
    expect(colleague.locator("tr[data-row]")).to_have_count(1)

    other = node_id(site, "YLHN001")
    assert colleague.goto(f"/network/{other}/").status == 404
    expect(colleague.locator("h1")).to_contain_text("This page does not exist")
    assert colleague.goto("/network/import/").status == 403
    assert colleague.goto(f"/network/?q={site.one('SELECT name_zh FROM network_node WHERE id = %s', other)}").ok
    expect(colleague.locator("tr[data-row]")).to_have_count(0)

    admin.goto("/notifications/")
    expect(admin.locator("main")).to_contain_text("万里")


def test_a_link_works_once_and_a_withdrawn_one_never(visit, site):
    admin, stranger = sign_in(visit(), "admin"), visit()
    address = invite(admin, "再来", "sales_consultant")
    come_in(stranger, address, "zailai")
    late = visit()
    assert late.goto(address).status in {404, 409, 410}
    withdrawn = invite(admin, "撤回", "sales_consultant")
    admin.goto("/access/invitations/")
    line = admin.locator("tr, li", has_text="撤回").last
    line.locator("button").click()
    confirm = admin.locator("#confirm [data-confirmed]")
    if confirm.is_visible():
        confirm.click()
    expect(admin.locator("#toasts .toast")).to_be_visible()
    assert late.goto(withdrawn).status in {404, 409, 410}


def test_a_recovery_link_sets_a_new_password(visit, site):
    admin, colleague = sign_in(visit(), "admin"), visit()
    come_in(colleague, invite(admin, "忘了", "service_advisor"), "wangle")
    pk = site.one("SELECT id FROM access_user WHERE username = 'wangle'")
    admin.goto(f"/access/people/{pk}/")
    admin.click("form[action*='recover'] button")
    confirm = admin.locator("#confirm [data-confirmed]")
    if confirm.is_visible():
        confirm.click()
    address = admin.input_value("#address")
    fresh = visit()
    fresh.goto(address)
    fresh.fill("[name=password]", WORD + "-again")
    fresh.fill("[name=again]", WORD + "-again")
    fresh.click("main form button[type=submit]")
    expect(fresh).to_have_url(re.compile("/accounts/login/"))
    fill_in(fresh, "wangle", WORD)
    expect(fresh).to_have_url(re.compile("/accounts/login/"))
    fill_in(fresh, "wangle", WORD + "-again")
    expect(fresh.locator(".me-text b")).to_have_text("忘了")
