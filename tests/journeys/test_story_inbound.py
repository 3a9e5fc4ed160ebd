"""Somebody calls: by keyboard alone from the number to the next caller; the department answers, the customer is told."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import looking
from tests.journeys.steps import choose, sign_in, tab_to

pytestmark = pytest.mark.journey
NUMBER = """
SELECT p.value, p.customer_id FROM customers_contactpoint p
JOIN customers_relation r ON r.customer_id = p.customer_id AND r.ended_on IS NULL
JOIN network_node n ON n.id = r.outlet_id AND n.code = 'YLHD001'
JOIN customers_customer c ON c.id = p.customer_id AND c.merged_into_id IS NULL
WHERE p.channel = 'MOBILE' AND p.is_primary ORDER BY p.customer_id LIMIT 1
"""


@pytest.mark.covers("CC-02", "CC-36", "CC-38")
def test_a_call_comes_in_and_is_told_later(visit, site):
    ((number, customer),) = site.rows(NUMBER)
    page = sign_in(visit(), "callback", language="en")
    page.goto("/contact-centre/inbound/")
    expect(page.locator("[name=number]")).to_be_focused()
    page.keyboard.type(f"+86 {number[:3]}-{number[3:]}")
    page.keyboard.press("Enter")
    expect(page.locator("form#enquiry")).to_have_count(1)
    expect(page.locator("[name=category]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=words]")
    page.keyboard.type("周末能不能来保养")
    choose(page, "is_resolved", "no")
    tab_to(page, "button[name=then][value=next]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/contact-centre/inbound/$"))
    ((enquiry, state),) = site.rows(
        "SELECT id, state FROM contact_centre_enquiry WHERE customer_id = %s AND words = '周末能不能来保养'", customer
    )
    assert state == "WITH_DEPARTMENT"

    task = site.one(
        "SELECT role_id FROM worklist_task WHERE subject_type = 'contact_centre.enquiry' AND subject_id = %s", enquiry
    )
    assert task is not None
    desk = sign_in(visit(), "hq", language="en")
    desk.goto(f"/contact-centre/enquiries/{enquiry}/answer/")
    desk.fill("[name=words]", "周六上午可以")
    desk.click("form.form-card button[type=submit]")
    expect(desk).to_have_url(re.compile(rf"/contact-centre/enquiries/{enquiry}/$"))

    page.goto(f"/contact-centre/enquiries/{enquiry}/")
    tab_to(page, "form[action$='/reply/'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Customer was told").first).to_be_visible()
    assert site.one("SELECT state FROM contact_centre_enquiry WHERE id = %s", enquiry) == "CLOSED"
    looking.look(page)


def test_every_page_is_accessible_on_a_desk_and_a_phone(visit, site):
    ((number, customer),) = site.rows(NUMBER)
    paths = [
        "/contact-centre/inbound/",
        f"/contact-centre/inbound/?number={number}",
        "/contact-centre/inbound/?customer=0",
        "/contact-centre/enquiries/",
        "/contact-centre/enquiries/figures/",
        f"/contact-centre/call-customer/{customer}/",
        "/contact-centre/supervision/",
        "/contact-centre/reviews/",
        "/contact-centre/reviews/draw/",
        "/contact-centre/reviews/scores/",
    ]
    looking.look_at(sign_in(visit(), "crm"), paths)
