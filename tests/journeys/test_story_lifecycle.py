"""A car is delivered, and a year passes: each contact is on the right desk on its day, once; the owner drifts away, is
asked back and comes; his page tells the story. The clock is a parameter of every step.
"""

import datetime
import json
import os
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from guanxi.foundation import clock
from tests import database
from tests.journeys import looking, servers
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey
OWNERS = 8
DELIVERED = clock.today() - datetime.timedelta(days=380)
TASKS = """
SELECT t.values -> 'rules' ->> 0, (t.opens_at AT TIME ZONE 'Asia/Shanghai')::date, t.role_id, t.state, t.outcome
FROM worklist_task t WHERE t.subject_id = %s AND t.kind LIKE 'care.%%' ORDER BY t.id
"""
STATES = """SELECT was, became FROM care_statechange WHERE customer_id = %s AND outlet_id IS NOT NULL ORDER BY id"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site of its own: a year passes in it."""
    name = database.copy(f"test_years_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}")
    with servers.running(name, tmp_path_factory.mktemp("years")) as site:
        yield site


DESKS = {
    "sales_manager": "saleslead", "call_centre_agent": "agent", "sales_consultant": "sales",
    "service_advisor": "advisor", "follow_up_agent": "callback", "customer_representative": "relations",
}  # fmt: skip


def day(number):
    return DELIVERED + datetime.timedelta(days=number)


def pass_by(site, verb, *words):
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.years", verb, *map(str, words)], cwd=database.ROOT, text=True,
        capture_output=True, check=False, env=site.variables | {"DJANGO_SETTINGS_MODULE": "guanxi.config.settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def desk(visit, site, role):
    """The browser of somebody who holds a role at the outlet or the call centre, at his day."""
    page = sign_in(visit(), DESKS[role], language="en")
    page.goto("/worklist/")
    return page


def on_desk(page, name):
    return page.locator("[data-row]", has_text=name)


def told(site, customer):
    return {(rule, (opened - DELIVERED).days, role) for rule, opened, role, *_rest in site.rows(TASKS, customer)}


def sampled(visit, site, owners):
    """The call centre has those who were drawn, and nobody else."""
    drawn, left = (
        {row[0] for row in site.rows(
            "SELECT customer_id FROM care_decision WHERE code = 'x_day3_sample' AND result = %s", result
        )} for result in ("TASK", "SAMPLE")
    )  # fmt: skip
    assert (drawn | left, drawn & left) == (set(owners), set())
    assert site.rows("SELECT population, drawn FROM care_draw") == [(len(owners), len(drawn))]
    agent = desk(visit, site, "call_centre_agent")
    for number, customer in enumerate(owners):
        expect(on_desk(agent, f"万里{number}")).to_have_count(1 if customer in drawn else 0)


def an_appointment_is_made(advisor, name):
    expect(on_desk(advisor, name)).to_contain_text("First maintenance due on")
    on_desk(advisor, name).get_by_role("link", name="Done").click()
    advisor.check("[name=outcome][value=APPOINTMENT]")
    advisor.click("main form button.primary[type=submit]")
    expect(on_desk(advisor, name)).to_have_count(0)


@pytest.mark.covers("CARE-18", "CARE-19", "CARE-20", "CARE-21", "FUP-12", "FUP-20", "CARE-33", "LIFE-16", "LIFE-19")
def test_a_year_with_an_owner(visit, site):
    owners = pass_by(site, "begin", day(0), OWNERS)
    hero, name = owners[0], "万里0"
    assert told(site, hero) == {
        ("thank_you_letter", 0, "customer_representative"), ("manager_call", 0, "sales_manager"),
    }  # fmt: skip
    manager = desk(visit, site, "sales_manager")
    expect(on_desk(manager, name)).to_contain_text("First call, by the sales manager")
    expect(on_desk(manager, name)).to_contain_text("Thank the customer for choosing us")

    expect(on_desk(desk(visit, site, "customer_representative"), name)).to_contain_text("First thank-you letter")

    pass_by(site, "nights", day(1), day(3))
    assert ("gm_letter", 1, "customer_representative") in told(site, hero)
    sampled(visit, site, owners)

    pass_by(site, "nights", day(5), day(6))
    assert any(rule == "consultant_call" and 3 <= on <= 5 for rule, on, _role in told(site, hero))
    sales = desk(visit, site, "sales_consultant")
    expect(on_desk(sales, name)).to_contain_text("Second call, by the selling consultant")

    due = site.one("SELECT due_on FROM care_carstate k JOIN vehicles_participant p USING (vehicle_id)"
                   " WHERE p.customer_id = %s", hero)  # fmt: skip
    reminded = (due - DELIVERED).days - 30
    pass_by(site, "nights", day(reminded))
    assert ("first_service_reminder", reminded, "service_advisor") in told(site, hero)
    an_appointment_is_made(desk(visit, site, "service_advisor"), name)

    came = (due - DELIVERED).days - 5
    pass_by(site, "visit", day(came), hero, "FIRST_MAINTENANCE")
    pass_by(site, "nights", day(came + 1))
    assert ("repair_call", came + 1, "follow_up_agent") in told(site, hero)

    drifts = came + 94
    pass_by(site, "nights", day(drifts))
    assert ("swing_call", drifts, "follow_up_agent") in told(site, hero)
    asking = desk(visit, site, "follow_up_agent")
    expect(on_desk(asking, name).filter(has_text="Call to a swing owner")).to_have_count(1)

    pass_by(site, "visit", day(drifts + 4), hero, "PERIODIC_MAINTENANCE")
    asking.reload()
    expect(on_desk(asking, name).filter(has_text="Call to a swing owner")).to_have_count(0)
    pass_by(site, "nights", day(drifts + 5), day(380))
    assert site.rows(STATES, hero) == [("NEW", "OBSERVE"), ("OBSERVE", "SWING_TO_LOST"), ("SWING_TO_LOST", "SWING")]
    swing = [row for row in site.rows(TASKS, hero) if row[0] == "swing_call"]
    assert [row[3:] for row in swing] == [("DONE", "CAME")]

    rules = [row[0] for row in site.rows(TASKS, hero)]
    again = {rule for rule in rules if rules.count(rule) > 1}
    assert again <= {"monthly_contact", "regular_contact", "repair_call"}

    planner = sign_in(visit(), "hq", language="en")
    planner.goto(f"/customers/{hero}/")
    page = planner.locator("main")
    for words in ("Swing towards lost → Swing", "Observe → Swing towards lost", "Call to a swing owner"):
        expect(page).to_contain_text(words)
    looking.look_at(planner, [f"/customers/{hero}/"])
