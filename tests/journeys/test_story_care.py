"""A planner looks at the contact rules, sees what a change would do before saving it, and asks why somebody is missing."""

import pytest
from playwright.sync_api import expect

from tests.journeys import looking
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey


def test_every_page_of_contact_rules_is_fit_to_be_seen(page, site):
    ahead = site.one("SELECT id FROM care_rule WHERE code = 'insurance_renewal' AND until IS NULL")
    behind = site.one("SELECT id FROM care_rule WHERE code = 'repair_call' AND until IS NULL")
    customer = site.one(
        "SELECT p.customer_id FROM vehicles_participant p JOIN vehicles_vehicle v ON v.id = p.vehicle_id"
        " WHERE v.insured_until > current_date + 40 AND p.role = 'OWNER' AND p.until IS NULL LIMIT 1"
    )
    sign_in(page, "hq")
    looking.look_at(
        page,
        [
            "/care/rules/", f"/care/rules/{ahead}/", f"/care/rules/{behind}/", f"/care/rules/{ahead}/change/", "/care/rules/add/", f"/care/rules/{ahead}/why/",
            f"/care/rules/{ahead}/why/?customer={customer}",
        ],
    )  # fmt: skip


@pytest.mark.covers("CARE-33")
def test_the_preview_follows_the_hand(page, site):
    rule = site.one("SELECT id FROM care_rule WHERE code = 'birthday' AND until IS NULL")
    sign_in(page, "planner")
    page.goto(f"/care/rules/{rule}/change/")
    preview = page.locator("#preview")
    everybody = preview.inner_text()
    page.locator("#id_fact_1").select_option("gender")
    page.locator("#id_value_1").fill("F")
    page.locator("#id_value_1").blur()
    expect(preview).not_to_have_text(everybody, timeout=10_000)
    assert site.one("SELECT count(*) FROM care_rule WHERE code = 'birthday'") == 1
