"""A customer-relationship manager goes round with a telephone, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import looking
from tests.journeys.looking import PHONE
from tests.journeys.steps import node_id, sign_in

pytestmark = pytest.mark.journey
FILED = """
SELECT missing FROM care_round WHERE code = %s AND outlet_id = %s AND filed_at IS NOT NULL
  AND day = (now() AT TIME ZONE 'Asia/Shanghai')::date
"""


def form_of(site, code):
    return f"/care/rounds/file/{node_id(site, 'YLHD001')}/{code}/"


def test_every_page_of_rounds_is_fit_to_be_seen(page, site):
    outlet = node_id(site, "YLHD001")
    filed = site.one("SELECT id FROM care_round WHERE missing > 0 AND outlet_id = %s ORDER BY day DESC LIMIT 1", outlet)
    missed = site.one("SELECT id FROM care_round WHERE filed_at IS NULL AND day < current_date - 1 LIMIT 1")
    sign_in(page, "hq")
    looking.look_at(
        page,
        [
            "/care/rounds/overview/", "/care/rounds/overview/?list=in_store", "/care/rounds/past/",
            f"/care/rounds/?outlet={outlet}", f"/care/rounds/{filed}/", f"/care/rounds/{missed}/",
        ],
    )  # fmt: skip


def test_the_form_of_a_round_is_fit_to_be_seen(page, site):
    sign_in(page, "crm")
    looking.look_at(page, ["/care/rounds/", form_of(site, "out_of_store")])


@pytest.mark.covers("CARE-17")
@pytest.mark.parametrize(("code", "script"), [("waiting_repair", True), ("waiting_repair_noon", False)])
def test_one_tap_an_item_and_words_only_for_what_is_wanting(visit, site, code, script):
    page = sign_in(visit(viewport=PHONE, has_touch=True, java_script_enabled=script), "crm")
    page.goto(form_of(site, code))
    items = page.locator(".check-item")
    for number in range(items.count()):
        items.nth(number).locator(".seg label").first.tap()
    expect(page.locator(".check-remark:visible")).to_have_count(0)
    items.nth(1).locator(".seg label").nth(1).tap()
    expect(page.locator(".check-remark:visible")).to_have_count(1)
    page.locator(".round-acts button").tap()
    expect(page.locator(".error:visible")).to_have_count(1)
    items.nth(1).locator(".check-remark input").fill("插座没电")
    page.locator(".round-acts button").tap()
    expect(page).to_have_url(re.compile(r"/care/rounds/\d+/$"))
    expect(page.locator("main")).to_contain_text("插座没电")
    assert site.one(FILED, code, node_id(site, "YLHD001")) == 1
