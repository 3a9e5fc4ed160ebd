"""A problem told on the telephone goes through three roles: refused by one department, put right by another, verified."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import calls, looking
from tests.journeys.calls import FULL, customer_of
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey
WORDS = "提车时右后门有划痕"


def find_a_problem(page, task):
    """Make the call in which the problem is told."""
    page.goto(f"/contact-centre/call/{task}/")
    for key, answer in (FULL | {"discontent": "yes"}).items():
        page.check(f'[name="answers.{key}"][value="{answer}"]')
    page.fill("[name='answers.discontent_what']", WORDS)
    page.check("[name=outcome][value=REACHED]")
    page.select_option("[name=problem]", "SALES_ATTITUDE")
    page.fill("[name=problem_words]", WORDS)
    page.click("button[name=then][value=back]")
    expect(page).to_have_url(re.compile(r"/worklist/$"))


def step(page, name, **values):
    """Press the button of a step on the page of the notice, fill its form in, send it."""
    page.click(f'.page-acts a[href$="/{name}/"]')
    for field, value in values.items():
        control = page.locator(f'main [name="{field}"]').first
        if control.get_attribute("type") == "radio":
            page.check(f'main [name="{field}"][value="{value}"]')
        elif control.evaluate("node => node.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    page.click("main form.form-card button[type=submit]")
    expect(page).to_have_url(re.compile(r"/rectification/\d+/$"))


def open_task(page, site, notice, kind):
    """Go from the task of a notice, which the person has, to its page."""
    task = site.one(
        "SELECT id FROM worklist_task WHERE kind = %s AND subject_id = %s AND state IN ('OPEN', 'CLAIMED')",
        kind, notice,
    )  # fmt: skip
    page.goto(f"/worklist/{task}/")
    page.click(f'main a[href="/rectification/{notice}/"]')
    expect(page).to_have_url(re.compile(rf"/rectification/{notice}/$"))


def call_the_customer(page, customer, note):
    """Make the verifying call: what is open stands beside it."""
    page.goto(f"/contact-centre/call-customer/{customer}/")
    expect(page.locator("main")).to_contain_text("Also open")
    page.check("[name=outcome][value=REACHED]")
    page.fill("[name=note]", note)
    page.click("button[name=then][value=back]")
    expect(page).to_have_url(re.compile(rf"/customers/{customer}/$"))


@pytest.mark.covers("FUP-06", "FUP-07")
def test_a_notice_goes_through_three_roles_to_the_verifying_call(visit, site):
    (task,) = calls.to_make(site, "notice")
    customer = customer_of(site, task)
    agent, sales, service = (sign_in(visit(), who, language="en") for who in ("callback", "saleslead", "service"))
    find_a_problem(agent, task)
    notice = site.one("SELECT id FROM rectification_notice WHERE customer_id = %s AND words = %s", customer, WORDS)

    open_task(sales, site, notice, "rectification.answer")
    step(sales, "refuse", reason="交车检查由售后负责")
    open_task(agent, site, notice, "rectification.decide")
    expect(agent.locator("main")).to_contain_text("交车检查由售后负责")
    step(agent, "insist", department="SERVICE", reason="请售后处理")
    waits = (
        "SELECT role_id FROM worklist_task WHERE kind = 'rectification.answer' AND subject_id = %s AND state = 'OPEN'"
    )
    assert site.rows(waits, notice) == [("service_manager",)]

    for number, (satisfied, words) in enumerate((("no", "颜色不一样"), ("yes", "这次看不出来了")), 1):
        open_task(service, site, notice, "rectification.answer")
        if number == 1:
            service.click("main form[action$='/receive/'] button")
        step(service, "answer", cause="运输时擦碰", measure=f"第{number}次补漆", proof=f"工单W{number}")
        open_task(agent, site, notice, "rectification.verify")
        expect(agent.locator("main")).to_contain_text(f"第{number}次补漆")
        call_the_customer(agent, customer, words)
        agent.goto(f"/rectification/{notice}/")
        step(agent, "verify", is_satisfied=satisfied, words=words)
    expect(agent.locator("main")).to_contain_text("Put right")
    assert site.one("SELECT state FROM rectification_notice WHERE id = %s", notice) == "CLOSED"
    assert site.rows(
        "SELECT number, verdict, is_satisfied FROM rectification_round WHERE notice_id = %s ORDER BY number", notice
    ) == [(1, "颜色不一样", False), (2, "这次看不出来了", True)]
    left = "SELECT count(*) FROM worklist_task WHERE subject_id = %s AND starts_with(kind, 'rectification.') AND state IN ('OPEN', 'CLAIMED')"
    assert site.one(left, notice) == 0
    assert len(site.rows("SELECT id FROM contact_centre_call WHERE customer_id = %s", customer)) == 3
    looking.look_at(agent, [f"/rectification/{notice}/"])
