"""A call is being recorded when the server dies or the browser closes: afterwards there is one outcome or none, and the
same form sent again makes it one. The server is shot at random but seeded moments (FAULT_SEED) and at chosen ones.
"""

import http.client
import os
import threading
import time
import urllib.parse
import uuid
from contextlib import contextmanager

import psycopg
import pytest
from playwright.sync_api import expect

from guanxi.config import embedded
from tests import database
from tests.journeys import calls, faults, servers
from tests.journeys.calls import FULL, calls_of, customer_of, task_of
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey

SHOTS = 4
WORD = "a" * 32
SESSION = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from guanxi.access.models import User
with db.scoped(SYSTEM):
    user, session = User.objects.get(username="callback"), SessionStore()
    session.update({SESSION_KEY: str(user.pk), HASH_SESSION_KEY: user.get_session_auth_hash(),
                    BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend"})
    session.save()
print(json.dumps(session.session_key))
"""
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
BUSY = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'guanxi_app' AND xact_start < now()"
NOTICES = "SELECT count(*) FROM rectification_notice WHERE customer_id = %s AND words = '等了两个小时'"
TRAIL = "SELECT count(*) FROM records_auditentry WHERE verb = 'contact_centre.call' AND after->>'task' = %s"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A site of its own, whose server may be shot."""
    name = database.copy(f"test_call_faults_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}")
    with servers.running(name, tmp_path_factory.mktemp("shot")) as site:
        yield site


@pytest.fixture(scope="module")
def session(own):
    return calls.inside(own, SESSION)


def form():
    """What the agent fills in: a complete call that finds a problem."""
    return {
        "token": str(uuid.uuid4()), "outcome": "REACHED", "note": "已接通", "problem": "SALES_ATTITUDE",
        "problem_words": "等了两个小时", "then": "back", **{f"answers.{key}": value for key, value in FULL.items()},
    }  # fmt: skip


def send(own, session, task, values):
    """Send the form of a call; return the status, or None when the connection broke."""
    connection = http.client.HTTPConnection("127.0.0.1", own.port, timeout=60)
    try:
        begin(connection, session, task, values | {"script": script(own)})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def begin(connection, session, task, values):
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={WORD}", "X-CSRFToken": WORD,
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    connection.request("POST", f"/contact-centre/call/{task}/", urllib.parse.urlencode(values), headers)


def script(own):
    return own.one("SELECT id FROM contact_centre_script WHERE code = 'manager_call' AND until IS NULL")


def revive(own):
    """Shoot the server and start it again, once what it left behind in the database has ended."""
    faults.kill_group(own.processes["web"])
    faults.wait_until(lambda: own.one(BUSY) == 0)
    own.start_web()


@contextmanager
def held_up(own):
    """Nothing comes past the trail, so that whoever records something stands in the middle of it."""
    with psycopg.connect(embedded.describe(own.home).dsn("owner", own.name)) as connection:
        connection.execute("LOCK TABLE records_auditentry IN EXCLUSIVE MODE")
        yield lambda: faults.wait_until(lambda: own.one(BLOCKED) > 0)
        connection.rollback()


def outcome(own, task):
    """What there is of a call: its rows, its task, the notices it made, its lines on the trail."""
    notices = own.one(NOTICES, customer_of(own, task))
    return calls_of(own, task), task_of(own, task), notices, own.one(TRAIL, str(task))


NONE = ([], ("OPEN", "", 0), 0, 0)
ONE = ([("REACHED", "1.1", "已接通")], ("DONE", "REACHED", 1), 1, 1)


def again(own, session, task, values):
    """Send the same form until it is answered, and once more: it is one outcome."""
    assert [send(own, session, task, values) for _time in range(2)] == [302, 302]
    assert outcome(own, task) == ONE


@pytest.mark.covers("FUP-30", "FUP-31")
def test_a_server_that_dies_in_the_middle_of_an_outcome_leaves_nothing_of_it(own, session):
    (task,) = calls.to_make(own, "middle")
    values = form()
    with held_up(own) as wait:
        sender = threading.Thread(target=send, args=(own, session, task, values))
        sender.start()
        wait()
        faults.kill_group(own.processes["web"])
    sender.join()
    faults.wait_until(lambda: own.one(BUSY) == 0)
    own.start_web()
    assert outcome(own, task) == NONE
    again(own, session, task, values)


@pytest.mark.covers("FUP-30", "FUP-31")
def test_an_outcome_whose_answer_never_came_is_there_once(own, session):
    (task,) = calls.to_make(own, "answer")
    values = form() | {"script": script(own)}
    connection = http.client.HTTPConnection("127.0.0.1", own.port, timeout=60)
    begin(connection, session, task, values)
    faults.wait_until(lambda: calls_of(own, task) != [])
    connection.close()
    revive(own)
    assert outcome(own, task) == ONE
    again(own, session, task, values)


@pytest.mark.covers("FUP-30", "FUP-31")
def test_shot_at_any_moment_it_is_one_outcome_and_none_is_lost(own, session):
    tasks = calls.to_make(own, "measure", *(f"shot_{number}" for number in range(SHOTS)))
    began = time.monotonic()
    assert send(own, session, tasks[0], form()) == 302
    length = time.monotonic() - began
    for task, moment in zip(tasks[1:], faults.moments("call", SHOTS, 1.2 * length), strict=True):
        values = form()
        sender = threading.Thread(target=send, args=(own, session, task, values))
        sender.start()
        time.sleep(moment)
        revive(own)
        sender.join()
        assert outcome(own, task) in (NONE, ONE)
        again(own, session, task, values)


def fill_in(page, task):
    page.goto(f"/contact-centre/call/{task}/")
    for key, answer in FULL.items():
        page.check(f'[name="answers.{key}"][value="{answer}"]')
    page.check("[name=outcome][value=REACHED]")
    page.fill("[name=note]", "已接通")
    page.select_option("[name=problem]", "SALES_ATTITUDE")
    page.fill("[name=problem_words]", "等了两个小时")


@pytest.mark.covers("FUP-30", "FUP-31")
def test_a_browser_that_closes_during_the_call_leaves_the_call_to_be_made(visit, own):
    (task,) = calls.to_make(own, "closed")
    page = sign_in(visit(own.url), "callback", fresh=True, language="en")
    fill_in(page, task)
    page.click("#numbers button")
    expect(page.locator("#numbers a[href^='tel:']")).to_have_count(1)
    page.context.close()
    assert outcome(own, task) == NONE
    page = sign_in(visit(own.url), "callback", fresh=True, language="en")
    fill_in(page, task)
    page.click("button[name=then][value=back]")
    expect(page).not_to_have_url(f"{own.url}/contact-centre/call/{task}/")
    assert outcome(own, task) == ONE


@pytest.mark.covers("FUP-30", "FUP-31")
def test_a_browser_that_closes_while_it_saves_loses_nothing(visit, own):
    (task,) = calls.to_make(own, "saving")
    page = sign_in(visit(own.url), "callback", fresh=True, language="en")
    fill_in(page, task)
    with held_up(own) as wait:
        page.click("button[name=then][value=back]", no_wait_after=True)
        wait()
        page.context.close()
    faults.wait_until(lambda: own.one(BUSY) == 0)
    assert outcome(own, task) == ONE
    page = sign_in(visit(own.url), "callback", fresh=True, language="en")
    page.goto(f"/contact-centre/call/{task}/")
    expect(page.locator("main")).to_contain_text("The task is over")
    expect(page.locator("form#call")).to_have_count(0)
