"""A script is written without JavaScript, question by question, approved by a second person, and used in a call."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import looking
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey


def fill(page, place, **values):
    for part, value in values.items():
        control = page.locator(f'[name="questions.{place}.{part}"]')
        if control.evaluate("node => node.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


@pytest.mark.covers("FUP-31")
def test_a_script_is_written_approved_and_used(visit, site):
    page = sign_in(visit(java_script_enabled=False), "supervisor", language="en")
    page.goto("/contact-centre/scripts/write/")
    for name, value in {"code": "story", "name_zh": "故事", "name_en": "Story", "fits": "x_story"}.items():
        page.fill(f"[name={name}]", value)
    fill(page, 0, key="why", kind="TEXT", text_zh="为什么不来？", text_en="Why not?")
    page.click("button[name=do][value=add]")
    fill(page, 1, key="comes", kind="YES_NO", text_zh="您来吗？", text_en="Will you come?")
    page.click("button[name=do][value='up.1']")
    fill(page, 1, after="comes", answers="maybe")
    page.click("main form button[type=submit].primary:not([name=do])")
    expect(page.locator('[id="id_questions.1.answers_error"]')).to_contain_text("“maybe” is no answer")
    fill(page, 1, answers="no")
    page.click("button[name=do][value=preview]")
    expect(page.locator("#call")).to_contain_text("Only if “Will you come?” is answered with: No")
    page.click("main form button[type=submit].primary:not([name=do])")
    expect(page).to_have_url(re.compile(r"/contact-centre/scripts/drafts/\d+/$"))
    draft = page.url

    boss = sign_in(visit(), "planner", language="en")
    boss.goto(draft)
    why = boss.locator('[data-after="answers.comes"]')
    expect(why).to_be_hidden()
    boss.check('[name="answers.comes"][value=no]')
    expect(why).to_be_visible()
    looking.look_at(boss, ["/contact-centre/scripts/", "/contact-centre/scripts/write/?code=manager_call", draft])
    boss.goto(draft)
    boss.click("form[action$='/approve/'] button")
    expect(boss).to_have_url(re.compile(r"/contact-centre/scripts/$"))

    customer, script = site.one("SELECT min(customer_id) FROM customers_relation r JOIN network_node n ON n.id = r.outlet_id AND n.code = 'YLHD001' WHERE r.ended_on IS NULL"), site.one("SELECT id FROM contact_centre_script WHERE code = 'story'")  # fmt: skip
    agent = sign_in(visit(), "callback", language="en")
    agent.goto(f"/contact-centre/call-customer/{customer}/?script={script}")
    agent.check('[name="answers.comes"][value=yes]')
    agent.check("[name=outcome][value=REACHED]")
    agent.click("button[name=then][value=back]")
    expect(agent).to_have_url(re.compile(rf"/customers/{customer}/$"))
    assert site.rows("SELECT answers FROM contact_centre_call WHERE script_id = %s", script) == [({"comes": "yes"},)]
