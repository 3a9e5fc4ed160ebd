"""An agent makes three calls by keyboard alone: one complete, one promised, one that nobody answers."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.database import ROOT
from tests.journeys import looking
from tests.journeys.steps import choose, sign_in, tab_to, user_id, wait_settled

pytestmark = pytest.mark.journey

WRITE = """
import datetime, django
django.setup()
from guanxi.customers.models import Relation
from guanxi.access.models import User
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.network.models import Node
from guanxi.worklist.models import Task
from guanxi.worklist.services import adding
at = clock.now()
with db.scoped(SYSTEM):
    place, person = Node.objects.get(code="YLHD001").pk, User.objects.get(username="callback").pk
    Task.objects.filter(node_id=place, kind__startswith="care", state="OPEN").update(wake_at=at + datetime.timedelta(days=300))
    who = Relation.objects.filter(
        outlet_id=place, ended_on=None, customer__merged_into=None, customer__kind="PERSON",
        customer__points__channel="MOBILE", customer__points__is_primary=True, customer__points__state="VALID",
    ).order_by("customer_id").values_list("customer_id", "customer__name")[:3]
    for number, (pk, name) in enumerate(who):
        adding.add_task(actor=SYSTEM, at=at, task=adding.NewTask(
            kind="care.call", key=f"calls:{number}", node_id=place, reason="Story", role="follow_up_agent",
            owner_id=person, due=at + datetime.timedelta(hours=2 + number), subject_type="customer", subject_id=pk,
            subject_label=name, values={"rules": ["manager_call"], "words": "感谢客户"},
        ))
"""


@pytest.fixture(scope="module")
def written(site):
    done = subprocess.run(
        [sys.executable, "-c", WRITE], cwd=ROOT, text=True, capture_output=True, check=False,
        env=site.variables | {"DJANGO_SETTINGS_MODULE": "guanxi.config.settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [site.one("SELECT id FROM worklist_task WHERE key = %s", f"calls:{number}") for number in range(3)]


def call_of(site, task):
    return site.rows("SELECT outcome, disposition, note FROM contact_centre_call WHERE task_id = %s", task)


@pytest.mark.covers("FUP-31", "CC-38")
def test_three_calls_by_keyboard(visit, site, written):
    first, second, third = written
    page = sign_in(visit(), "callback", language="en")
    page.goto(f"/worklist/{first}/")
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile(rf"/contact-centre/call/{first}/"))

    tab_to(page, "#numbers button")
    page.keyboard.press("Enter")
    expect(page.locator("#numbers a[href^='tel:']")).to_have_count(1)
    what = page.locator('[data-after="answers.unclear"]')
    expect(what).to_be_hidden()
    page.locator("#numbers input[name=point]").first.focus()
    choose(page, "answers.feeling", "9")
    choose(page, "answers.unclear", "yes")
    expect(what).to_be_visible()
    tab_to(page, '[name="answers.unclear_what"]')
    page.keyboard.type("雨刮")
    choose(page, "answers.store", "8")
    choose(page, "answers.discontent", "no")
    choose(page, "answers.plate", "done")
    choose(page, "outcome", "REACHED")
    tab_to(page, "[name=note]")
    page.keyboard.type("很满意")
    tab_to(page, "button[name=then][value=next]:not(.vh)")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/contact-centre/call/{second}/$"))
    assert call_of(site, first) == [("REACHED", "1.1", "很满意")]
    assert site.one("SELECT answers->>'unclear_what' FROM contact_centre_call WHERE task_id = %s", first) == "雨刮"

    choose(page, "outcome", "NO_ANSWER")
    page.keyboard.press("Enter")  # in a field, Enter saves and goes on
    expect(page).to_have_url(re.compile(rf"/contact-centre/call/{third}/$"))
    assert call_of(site, second) == [("NO_ANSWER", "2.2", "")]
    assert site.one("SELECT wake_at > now() FROM worklist_task WHERE id = %s", second)

    choose(page, "outcome", "REFUSED")
    tab_to(page, "button[name=then][value=back]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/worklist/$"))
    rows = site.rows("SELECT state, outcome FROM worklist_task WHERE id = %s", third)
    assert rows == [("DONE", "REFUSED")]
    told = "SELECT count(*) FROM records_auditentry WHERE verb = 'customers.reveal_phone' AND person_id = %s"
    assert site.one(told, user_id(site, "callback")) == 1
    call = site.one("SELECT max(id) FROM contact_centre_call WHERE task_id = %s", third)
    looking.look_at(page, ["/contact-centre/calls/", f"/contact-centre/calls/{call}/"])


def test_the_call_page_is_accessible_on_a_desk_and_a_phone(visit, written):
    page = sign_in(visit(), "callback")
    looking.look_at(page, [f"/contact-centre/call/{written[1]}/", "/contact-centre/scripts/"])
    page = sign_in(visit(viewport={"width": 390, "height": 844}), "callback")
    for path in (f"/contact-centre/call/{written[1]}/", "/contact-centre/calls/", "/contact-centre/scripts/"):
        page.goto(path)
        wait_settled(page)
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), path
