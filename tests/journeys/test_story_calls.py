"""An agent makes ten calls by keyboard alone: each ends in its own way, and each leads to what has to follow."""

import datetime
import re

import pytest
from playwright.sync_api import expect

from tests.journeys import calls, looking
from tests.journeys.calls import FULL, calls_of, customer_of, task_of
from tests.journeys.steps import choose, sign_in, tab_to, user_id, wait_settled

pytestmark = pytest.mark.journey

KEYS = (
    "content", "busy", "wrong", "later", "problem", "correction", "silent", "off", "stranger", "refuses",
)  # fmt: skip
NEXT = "button[name=then][value=next]:not(.vh)"
WAITS = "SELECT wake_at > now() AND state = 'CLAIMED' FROM worklist_task WHERE id = %s"


@pytest.fixture(scope="module")
def written(site):
    return dict(zip(KEYS, calls.to_make(site, *KEYS), strict=True))


def say(page, **answers):
    """Answer the questions of the script in their order."""
    for key, answer in (FULL | answers).items():
        choose(page, f"answers.{key}", answer)


def write(page, name, words):
    tab_to(page, f"[name={name}]")
    page.keyboard.type(words)


def save(page, following):
    """Press the button for the next call and wait for it."""
    tab_to(page, NEXT)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/contact-centre/call/{following}/$"))


def type_moment(page, at):
    """Type a moment into the field of a promise, part by part, in the order in which the browser asks for them."""
    tab_to(page, "[name=promised_at]")
    for order in ("%m %d %Y> %I %M %p", "%Y> %m %d %H %M", "%d %m %Y> %H %M"):
        for part in at.strftime(order).split():
            page.keyboard.type(part.rstrip(">"))
            if part.endswith(">"):  # a year may have more digits, so the browser waits
                page.keyboard.press("ArrowRight")
        if page.locator("[name=promised_at]").input_value() == f"{at:%Y-%m-%dT%H:%M}":
            return
        for _part in range(6):
            page.keyboard.press("Backspace")
            page.keyboard.press("ArrowLeft")
    pytest.fail("no order of year, month and day suits the browser")


def reach_the_first(page, written):
    """The number is shown and dialled, a branch is taken, the call is complete."""
    page.goto(f"/worklist/{written['content']}/")
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile(rf"/contact-centre/call/{written['content']}/"))
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
    for key in ("store", "discontent", "plate"):
        choose(page, f"answers.{key}", FULL[key])
    choose(page, "outcome", "REACHED")
    write(page, "note", "很满意")
    save(page, written["busy"])


def make_the_others(page, written, promised):
    """Nine more calls, without the mouse."""
    choose(page, "outcome", "BUSY")
    page.keyboard.press("Enter")  # in a field, Enter saves and goes on
    expect(page).to_have_url(re.compile(rf"/contact-centre/call/{written['wrong']}/$"))
    choose(page, "outcome", "WRONG_NUMBER")
    save(page, written["later"])
    choose(page, "outcome", "CALL_LATER")
    type_moment(page, promised)
    write(page, "promised_to", "太太")
    save(page, written["problem"])
    say(page, discontent="yes")
    tab_to(page, "[name=problem]")
    page.keyboard.press("ArrowDown")
    write(page, "problem_words", "交车等了两个小时")
    page.locator("[name='answers.discontent_what']").focus()
    page.keyboard.type("等太久")
    choose(page, "outcome", "REACHED")
    save(page, written["correction"])
    say(page)
    choose(page, "outcome", "REACHED")
    write(page, "correction", "地址搬到世纪大道1号")
    save(page, written["silent"])
    for outcome, following in (("NO_ANSWER", "off"), ("SWITCHED_OFF", "stranger"), ("NOT_THE_OWNER", "refuses")):
        choose(page, "outcome", outcome)
        save(page, written[following])
    choose(page, "outcome", "REFUSED")
    tab_to(page, "button[name=then][value=back]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/worklist/$"))


@pytest.mark.covers("FUP-30", "FUP-31", "CC-38")
def test_ten_calls_by_keyboard(visit, site, written):
    page = sign_in(visit(), "callback", language="en")
    promised = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1, hours=8)).replace(hour=10, minute=30)
    reach_the_first(page, written)
    make_the_others(page, written, promised)

    assert {key: calls_of(site, task) for key, task in written.items()} == {
        "content": [("REACHED", "1.1", "很满意")], "busy": [("BUSY", "2.2", "")], "wrong": [("WRONG_NUMBER", "4.3", "")],
        "later": [("CALL_LATER", "2.21", "")], "problem": [("REACHED", "1.1", "")],
        "correction": [("REACHED", "1.1", "")], "silent": [("NO_ANSWER", "2.2", "")],
        "off": [("SWITCHED_OFF", "2.2", "")], "stranger": [("NOT_THE_OWNER", "4.7", "")],
        "refuses": [("REFUSED", "2.11", "")],
    }  # fmt: skip
    done = {key: task_of(site, task) for key, task in written.items()}
    assert {key: done[key] for key in ("content", "problem", "correction", "wrong", "stranger", "refuses")} == {
        "content": ("DONE", "REACHED", 1), "problem": ("DONE", "REACHED", 1), "correction": ("DONE", "REACHED", 1),
        "wrong": ("DONE", "NOT_REACHED", 1), "stranger": ("DONE", "NOT_REACHED", 1), "refuses": ("DONE", "REFUSED", 1),
    }  # fmt: skip
    assert all(site.one(WAITS, written[key]) for key in ("busy", "later", "silent", "off"))
    what_followed(site, written, promised)
    call = site.one("SELECT max(id) FROM contact_centre_call WHERE task_id = %s", written["problem"])
    looking.look_at(page, ["/contact-centre/calls/", f"/contact-centre/calls/{call}/"])


def what_followed(site, written, promised):
    """Each finding has become work, the promise holds its moment, the wrong number is marked, the trail knows."""
    answer = "SELECT answers->>%s FROM contact_centre_call WHERE task_id = %s"
    assert site.one(answer, "unclear_what", written["content"]) == "雨刮"
    assert site.one(answer, "discontent_what", written["problem"]) == "等太久"
    notice = "SELECT words, state FROM rectification_notice WHERE customer_id = %s"
    assert site.rows(notice, customer_of(site, written["problem"])) == [("交车等了两个小时", "ISSUED")]
    order = "SELECT words, state FROM verification_order WHERE customer_id = %s"
    assert site.rows(order, customer_of(site, written["correction"])) == [("地址搬到世纪大道1号", "ISSUED")]
    waits = (
        "SELECT to_char(wake_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') FROM worklist_task WHERE id = %s"
    )
    assert site.one(waits, written["later"]) == f"{promised:%Y-%m-%d %H:%M}"
    number = "SELECT state FROM customers_contactpoint WHERE customer_id = %s AND channel = 'MOBILE' AND is_primary"
    states = {key: site.one(number, customer_of(site, task)) for key, task in written.items()}
    assert states == dict.fromkeys(written, "VALID") | {"wrong": "WRONG"}
    told = "SELECT count(*) FROM records_auditentry WHERE verb = 'customers.reveal_phone' AND person_id = %s"
    assert site.one(told, user_id(site, "callback")) == 1


def test_the_call_page_is_accessible_on_a_desk_and_a_phone(visit, site):
    (task,) = calls.to_make(site, "looked_at")
    page = sign_in(visit(), "callback")
    looking.look_at(page, [f"/contact-centre/call/{task}/", "/contact-centre/scripts/"])
    page = sign_in(visit(viewport={"width": 390, "height": 844}), "callback")
    for path in (f"/contact-centre/call/{task}/", "/contact-centre/calls/", "/contact-centre/scripts/"):
        page.goto(path)
        wait_settled(page)
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), path
