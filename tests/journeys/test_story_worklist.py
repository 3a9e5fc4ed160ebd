"""A manager shares work out; a person does it by keyboard alone; what is late climbs, the clock being a parameter."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.database import ROOT
from tests.journeys import faults, looking
from tests.journeys.steps import node_id, sign_in, user_id, wait_settled

pytestmark = pytest.mark.journey
PATIENT = 25_000

BEGIN = """
import datetime, django
django.setup()
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.network.models import Node
from guanxi.worklist.services import adding, escalating
at = clock.now()
hours = lambda number: datetime.timedelta(hours=number)
"""
WRITE = """
with db.scoped(SYSTEM):
    place = Node.objects.get(code="YLHD001").pk
    adding.add_tasks(actor=SYSTEM, at=at, tasks=[
        adding.NewTask(
            kind="worklist.manual", key=f"story:{n}", node_id=place, reason="Story", note=f"回访 {n}",
            role="follow_up_agent", due=at + hours(30 + n),
        ) for n in range(6)
    ])
"""
SWEEP = """
with db.scoped(SYSTEM):
    while escalating.escalate(actor=SYSTEM, at=at + hours(24 * 20)):
        pass
"""


def inside(site, code):
    """Run a few lines in a process of the site."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code], cwd=ROOT, text=True, capture_output=True, check=False,
        env=site.variables | {"DJANGO_SETTINGS_MODULE": "guanxi.config.settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def state_of(site, key):
    return site.rows("SELECT state, owner_id, level FROM worklist_task WHERE key = %s", key)[0]


def shared_out(page, site, *names):
    """Let the manager share the waiting work out among some people."""
    page.goto(f"/worklist/team/?place={node_id(site, 'YLHD001')}")
    for box in page.locator("input[name=person]").all():
        box.set_checked(box.get_attribute("value") in {str(user_id(site, name)) for name in names})
    page.click("form.table-card button[type=submit]")
    expect(page.locator(".toast")).to_contain_text("6 tasks are shared out")


def clear(site):
    """Wait for what the demonstration does in the background, then leave only the work of this story to be shared."""
    working = (
        "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        " AND (task_name LIKE 'care.%%' OR task_name LIKE 'demo.%%')"
    )
    faults.wait_until(lambda: site.one(working) == 0, 90)
    for table in ("worklist_escalation", "worklist_attempt"):
        site.rows(f"DELETE FROM {table} WHERE task_id IN (SELECT id FROM worklist_task WHERE key LIKE 'care%%')")
    site.rows("DELETE FROM worklist_task WHERE key LIKE 'care%%' RETURNING id")
    others = "finished_at IS NULL AND key NOT LIKE 'story:%%' AND (owner_id IS NULL OR owner_id = ANY(%s))"
    sharing = [user_id(site, "callback"), user_id(site, "crm")]
    site.rows(f"UPDATE worklist_task SET owner_id = %s WHERE {others}", user_id(site, "service"), sharing)


def test_work_is_shared_out_done_by_keyboard_and_what_is_late_climbs(visit, site):
    clear(site)
    inside(site, WRITE)
    agent = sign_in(visit(), "callback", language="en")
    agent.goto("/worklist/")
    waiting = agent.locator("section", has_text="Waits for my role").locator("li[data-row]")
    expect(waiting).to_have_count(6)
    manager = sign_in(visit(), "gm", language="en")
    shared_out(manager, site, "callback", "crm")
    mine = user_id(site, "callback")
    assert site.one("SELECT count(*) FROM worklist_task WHERE key LIKE 'story:%%' AND owner_id = %s", mine) == 3
    expect(waiting).to_have_count(0, timeout=PATIENT)  # without a reload: the bell rang
    expect(agent.locator("[data-row]")).to_have_count(3)

    _by_keyboard(agent, site)

    inside(site, SWEEP)
    late = site.one("SELECT key FROM worklist_task WHERE key LIKE 'story:%%' AND owner_id <> %s LIMIT 1", mine)
    assert state_of(site, late)[2] == 4
    told = site.one(
        "SELECT count(*) FROM worklist_escalation e JOIN worklist_task t ON t.id = e.task_id"
        " WHERE t.key = %s AND e.level = 4 AND %s = ANY (e.told)", late, user_id(site, "planner"),
    )  # fmt: skip
    assert told == 1
    done = site.one("SELECT count(*) FROM worklist_task WHERE key LIKE 'story:%%' AND state = 'DONE' AND level > 0")
    assert done == 0
    expect(manager.locator("[data-unread]").first).not_to_have_attribute("data-unread", "0", timeout=PATIENT)
    manager.click("#bell summary")
    expect(manager.locator("#bell-box")).to_contain_text("late")


def _by_keyboard(page, site):
    """Finish the first task, try the second, postpone it; the mouse stays where it is."""
    mine = user_id(site, "callback")
    page.keyboard.press("j")
    expect(page.locator("[data-row].at")).to_have_count(1)
    page.keyboard.press("d")
    expect(page.locator("input[name=outcome]").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/worklist/$"))
    assert site.rows("SELECT outcome FROM worklist_task WHERE finished_by_id = %s", mine) == [("REACHED",)]
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page).to_have_url(re.compile("/attempt/"))
    expect(page.locator("input[name=outcome]").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/worklist/$"))
    expect(page.locator("[data-row]", has_text="1 attempt")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(page.locator("textarea[name=reason]")).to_be_focused()
    page.keyboard.type("客户出差")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/worklist/$"))
    assert site.one("SELECT count(*) FROM worklist_task WHERE postponed = 1 AND owner_id = %s", mine) == 1
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")


def test_the_day_fits_a_phone(visit, site):
    page = sign_in(visit(viewport={"width": 390, "height": 844}), "callback")
    for path in ("/worklist/", "/worklist/tasks/", "/worklist/absences/", "/worklist/calendar/", "/worklist/add/"):
        page.goto(path)
        wait_settled(page)
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), path


def test_every_page_is_accessible_on_a_desk_and_a_phone(visit, site):
    inside(site, WRITE)
    task = site.one("SELECT max(id) FROM worklist_task")
    outlet = node_id(site, "YLHD001")
    page = sign_in(visit(), "gm")
    looking.look_at(
        page,
        [
            "/worklist/", "/worklist/add/", "/worklist/tasks/", "/worklist/tasks/?q=nothing", "/worklist/team/",
            "/worklist/hand-over/", "/worklist/absences/", "/worklist/absences/add/", f"/worklist/{task}/",
            *(f"/worklist/{task}/{form}/" for form in ("attempt", "postpone", "finish", "skip", "assign")),
            "/worklist/calendar/?year=2027", f"/worklist/calendar/{outlet}/", "/worklist/calendar/0/",
            *(f"/worklist/calendar/{outlet}/{form}/" for form in ("week", "inherit", "days")),
        ],
    )  # fmt: skip
