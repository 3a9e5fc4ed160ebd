"""A story of a car: added to a customer, taken into the workshop by somebody else, given to its new owner; and the
pages of cars, visits and consent as everybody can read them.
"""

import re

import pytest
from playwright.sync_api import expect

from tests import garage
from tests.journeys import looking
from tests.journeys.steps import node_id, sign_in

pytestmark = pytest.mark.journey


def customer(page, name, mobile):
    """Write a new customer and return the address of his page."""
    page.goto("/customers/add/")
    page.fill("[name=name]", name)
    page.fill("[name=mobile]", mobile)
    page.click("main form button[type=submit]")
    expect(page).to_have_url(re.compile(r"/customers/\d+/$"))
    return page.url.removeprefix(page.site.url)


def send(page):
    page.click("main form.form-card .form-acts button[type=submit]")


@pytest.mark.covers("INFO-11", "LIFE-18", "SVC-30")
def test_from_the_first_owner_to_the_next(page, site):
    sign_in(page, "service")
    first = customer(page, "车旅人", "13805710001")
    page.click("#panel-vehicles-customer-panel .btn")
    page.fill("[name=vin]", garage.vin(900_001))
    page.fill("[name=plate]", "沪·T90001")
    page.select_option("[name=trim]", index=1)
    send(page)
    expect(page.locator("h1")).to_have_text("沪T90001")
    car = page.url.removeprefix(site.url)

    page.goto("/")
    page.keyboard.press("Control+k")
    page.fill("#palette-q", garage.vin(900_001)[-6:])
    page.locator(f"#palette-hits a[href='{car}']").click()
    page.locator("#panel-workshop-vehicle-panel .btn").click()
    page.fill("[name=order_no]", "STORY-1")
    page.select_option("[name=category]", "PERIODIC_MAINTENANCE")
    page.fill("[name=km]", "12345")
    page.fill("[name=brought_by]", "陆续")
    page.fill("[name=brought_by_phone]", "13905710002")
    page.fill("[name=words]", "空调有异味")
    page.fill("[name=line-0-name]", "保养套餐")
    page.fill("[name=line-0-amount]", "680")
    send(page)
    expect(page.locator("main")).to_contain_text("空调有异味")
    expect(page.locator("main")).to_contain_text("680.00 CNY")

    customer(page, "陆续", "13905710002")
    page.goto(car)
    expect(page.locator("main")).to_contain_text("12,345")
    expect(page.locator("#panel-workshop-vehicle-panel .timeline")).to_contain_text("空调有异味")
    page.click(".note.amber a")
    expect(page.locator("[name=who]")).to_have_value("13905710002")
    send(page)
    expect(page.locator(".people")).to_contain_text("陆续")
    expect(page.locator("main")).to_contain_text("车旅人")  # among those who had it earlier
    looking.look(page)

    page.goto(first)
    page.locator("#panel-privacy-customer-panel .btn").last.click()
    page.check("[name=channels][value=SMS]")
    page.fill("[name=proof]", "表单 9")
    send(page)
    expect(page.locator("#panel-privacy-customer-panel")).to_contain_text("表单 9", use_inner_text=False)


def test_pages_of_cars_visits_and_consent_are_accessible(page, site):
    outlet = node_id(site, "YLHD001")
    car, owner = site.rows(
        "SELECT p.vehicle_id, p.customer_id FROM vehicles_participant p JOIN customers_relation r USING (customer_id)"
        " WHERE r.outlet_id = %s AND r.ended_on IS NULL AND p.until IS NULL AND p.role = 'OWNER' LIMIT 1", outlet,
    )[0]  # fmt: skip
    visit = site.one("SELECT max(id) FROM workshop_visit WHERE outlet_id = %s", outlet)
    series = site.one("SELECT series_id FROM vehicles_carmodel m JOIN vehicles_trim t ON t.model_id = m.id LIMIT 1")
    sign_in(page, "hq")
    forms = ("change", "plate", "dates", "condition", "reading", "sale", "cover", "owner", "participants")
    looking.look_at(page, [
        "/vehicles/", "/vehicles/?q=nothing", f"/vehicles/{car}/", *(f"/vehicles/{car}/{form}/" for form in forms),
        "/vehicles/add/", f"/vehicles/add/?customer={owner}", "/vehicles/doubts/", "/vehicles/catalogue/",
        f"/vehicles/catalogue/{series}/", f"/vehicles/catalogue/step/add/{series}/", ("/vehicles/999999999/", 404),
        "/workshop/", f"/workshop/{visit}/", f"/workshop/{visit}/change/", f"/workshop/record/?vehicle={car}",
        f"/customers/{owner}/", f"/privacy/customers/{owner}/record/", "/privacy/texts/", "/privacy/texts/add/",
    ])  # fmt: skip
