"""Every page that a role can reach: axe-core finds nothing, nothing overflows a phone, no script complains.

Each page is looked at on a desk and on a phone, in light and in dark (tests/journeys/looking.py).
"""

import pytest
from playwright.sync_api import expect

from tests.journeys import looking
from tests.journeys.steps import PASSWORD, node_id, sign_in, upload, user_id, workbook

pytestmark = pytest.mark.journey


def network_pages(site):
    outlet, unit, office = (node_id(site, code) for code in ("YLHD001", "YLHD001-CR", "YL-HD-31"))
    others = (node_id(site, code) for code in ("YUNLING", "YL", "HQ-CS", "CALL", "P-SOS"))
    forms = ("change", "hours", "move", "close")
    return [
        "/network/", "/network/?q=nothing-has-this-name", "/network/?page=2&state=open", "/network/tiles/",
        "/network/tree/", "/network/tree/?on=2001-01-01", "/network/add/", "/network/import/",
        *(f"/network/{pk}/" for pk in (outlet, unit, office, *others)),
        *(f"/network/{outlet}/{form}/" for form in forms), f"/network/{office}/change/",
    ]  # fmt: skip


def people_pages(site):
    person, own = user_id(site, "admin"), user_id(site, "hq")
    membership = site.one("SELECT id FROM access_membership WHERE user_id = %s", person)
    return [
        "/access/people/", f"/access/people/{person}/", f"/access/people/{own}/", f"/access/people/{person}/change/",
        f"/access/people/{person}/grant/", f"/access/memberships/{membership}/end/", "/access/invitations/",
        "/access/invitations/new/", "/access/roles/", "/access/roles/outlet_administrator/",
        "/access/responsibilities/", "/access/tokens/", "/access/integrations/", "/access/integrations/new/",
    ]  # fmt: skip


def records_pages(site):
    entry = site.one("SELECT max(id) FROM records_auditentry")
    process = site.one("SELECT min(process) FROM access_responsibility")
    name, code = site.rows(
        "SELECT l.code, min(c.id) FROM codelists_code c JOIN codelists_codelist l ON l.id = c.list_id"
        " GROUP BY l.code ORDER BY count(*) DESC, l.code LIMIT 1"
    )[0]
    return [
        "/records/audit/", f"/records/audit/{entry}/", "/records/presets/", "/records/presets/base/",
        "/records/presets/toyota/", "/codelists/", f"/codelists/{name}/", f"/codelists/{name}/add/",
        f"/codelists/{name}/{code}/", f"/codelists/{name}/{code}/rename/", f"/codelists/{name}/{code}/retire/",
        f"/access/responsibilities/{process}/",
    ]  # fmt: skip


def other_pages(_site):
    return [
        "/", "/notifications/", "/palette/?q=shang", "/health/", ("/network/999999999/", 404), ("/no-such-page/", 404),
        "/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/", "/api/v1/docs",
    ]  # fmt: skip


@pytest.mark.parametrize("pages", [network_pages, people_pages, records_pages, other_pages])
def test_pages_of_the_headquarters(page, site, pages):
    sign_in(page, "hq")
    looking.look_at(page, pages(site))


@pytest.mark.parametrize("name", ["admin", "sales", "auditor", "agent", "rescue"])
def test_pages_of_other_roles(page, site, name):
    sign_in(page, name)
    page.goto("/")
    found = page.eval_on_selector_all("nav a[href^='/']", "links => links.map((link) => link.getAttribute('href'))")
    paths = list(dict.fromkeys(["/", *found]))
    if name == "sales":
        paths.append(("/network/import/", 403))
    looking.look_at(page, paths)


def test_pages_before_signing_in(page, visit, site):
    looking.look_at(page, ["/accounts/login/", ("/welcome/no-such-link/", 404)])
    page.goto("/accounts/login/")
    page.fill("[name=login]", "nobody")
    page.fill("[name=password]", "wrong")
    page.click("form[name=signin] button[type=submit]")
    expect(page.get_by_role("alert").or_(page.locator(".errorlist, .error")).first).to_be_visible()
    looking.look(page)
    inviter = sign_in(visit(), "hq")
    inviter.goto("/access/invitations/new/")
    inviter.fill("[name=name]", "新同事")
    inviter.select_option("[name=role]", "cr_planner")
    inviter.select_option("[name=node]", str(node_id(site, "HQ-CS")))
    inviter.click("main form button[type=submit]")
    address = inviter.input_value("#address")
    looking.look(inviter)
    looking.look_at(page, [address])


def test_refused_forms_and_findings(page, site):
    sign_in(page, "hq")
    page.goto("/network/add/")
    page.fill("[name=code]", "bad code !")
    page.fill("[name=name_zh]", "门店")
    page.eval_on_selector("main form", "form => { form.noValidate = true; }")
    page.click("main form button[type=submit]")
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    looking.look(page)
    page.goto(f"/network/{node_id(site, 'YLHD001')}/hours/")
    page.fill("[name=SALES_0]", "18:00-09:00")
    page.click("main form button[type=submit]")
    looking.look(page)
    upload(
        page, "findings.xlsx", workbook(["A-1", "网点", "无上级", "", "NONE", "2020-01-01", "是", "是", "31", "上海"])
    )
    expect(page.locator("main")).to_contain_text("NONE")
    looking.look(page)
    upload(page, "not-a-book.xlsx", b"plain text")
    looking.look(page)


def test_second_step_pages(page, site):
    sign_in(page, "parts", fresh=True)
    for path in ("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/"):
        page.goto(path)
        if "reauthenticate" in page.url:
            looking.look(page)
            page.fill("[name=password]", PASSWORD)
            page.click("main form button[type=submit]")
        looking.look_at(page, [path])


@pytest.mark.parametrize("turn", [0, 1])
def test_what_opens_over_a_page(page, site, turn):
    sign_in(page, "hq")
    page.goto("/network/")
    page.keyboard.press("Control+k")
    page.fill("#palette-q", "shang")
    expect(page.locator("#palette-hits [role=option]").first).to_be_visible()
    looking.look(page, turn=turn)
    page.fill("#palette-q", "nothing-has-this-name")
    expect(page.locator("#palette-hits .empty")).to_be_visible()
    looking.look(page, turn=turn)
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.wait_for_timeout(200)  # no person is quicker
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    looking.look(page, turn=turn)
    page.keyboard.press("Escape")
    page.click("[popovertarget=help]")
    looking.look(page, turn=turn)
    page.keyboard.press("Escape")
    page.click("#bell summary")
    page.locator("#bell-box .foot").wait_for()
    looking.look(page, turn=turn)
    page.keyboard.press("Escape")
    page.set_viewport_size(looking.PHONE)
    page.click(".top [data-side]")
    looking.look(page, turn=turn)
