"""My day, the task, the forms about it, the panels: what they show and what they cost."""

import datetime
import re

import pytest
from tests import garage
from tests.counting import queries_of

from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.models import Attempt, Task
from guanxi.worklist.services import working

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def day(add, now):
    """Return a function that writes a task due in some hours, for the follow-up agent unless said otherwise."""

    def write(number, hours=1, **more):
        due = now + hours * HOUR
        return add(number, **({"due": due, "opens_at": min(due, now) - HOUR, "at": now} | more))

    return write


@pytest.fixture
def me(cast):
    return cast.callback.user_id


def rows(html):
    return re.findall(r'id="task-(\d+)"', html)


def test_the_day_shows_what_is_late_first_and_what_waits_for_the_role(signed_in, day, me):
    late, soon, far = day(1, -3, owner_id=me), day(2, 0.01, owner_id=me), day(3, 99, owner_id=me)
    waiting, foreign = day(4), day(5, role="service_advisor")
    html = signed_in("callback").get("/worklist/").content.decode()
    assert rows(html) == [str(row.pk) for row in (late, soon, far, waiting)]
    assert str(foreign.pk) not in rows(html)
    assert html.index(f'id="task-{late.pk}"') < html.index("Do this first") < html.index(f'id="task-{soon.pk}"')
    assert "Call back" in html


def test_a_task_that_waits_for_its_next_try_is_not_the_first(signed_in, cast, acting, day, me, now):
    first, second = day(1, -3, owner_id=me), day(2, -2, owner_id=me)
    working.record_attempt(
        actor=acting(cast.callback), task_id=first.pk, outcome="BUSY", next_try_at=now + HOUR, at=now
    )
    html = signed_in("callback").get("/worklist/").content.decode()
    assert rows(html) == [str(second.pk), str(first.pk)]
    assert re.search(r"Do this first.*?客户2", html, re.DOTALL)


def test_an_empty_day_says_so_in_both_languages(signed_in):
    assert "Nothing is waiting for you" in signed_in("callback").get("/worklist/").content.decode()
    assert signed_in("callback", "zh-hans").get("/worklist/").status_code == 200


def test_the_day_costs_the_same_for_one_task_and_for_many(signed_in, day, me):
    client = signed_in("callback")
    day("a", owner_id=me)
    day("x")
    one = queries_of(lambda: client.get("/worklist/"))
    for number in range(12):
        day(number, number - 5, owner_id=me)
    assert queries_of(lambda: client.get("/worklist/")) == one <= 20


def test_htmx_gets_the_day_alone(signed_in, day, me):
    day(1, owner_id=me)
    html = signed_in("callback").get("/worklist/", headers={"HX-Request": "true"}).content.decode()
    assert html.strip().startswith('<div class="day"')
    assert "<nav" not in html


def test_a_task_is_taken_tried_postponed_and_finished_without_script(signed_in, day, me):
    task, client = day(1, -1), signed_in("callback")
    path = f"/worklist/{task.pk}"
    assert client.post(f"{path}/claim/", {"next": "/worklist/"}).headers["Location"] == "/worklist/"
    answer = client.post(f"{path}/attempt/", {"outcome": "NO_ANSWER", "note": "响铃"})
    assert answer.headers["Location"] == f"{path}/"
    later = clock.local_now() + datetime.timedelta(days=1)
    values = {"to": later.strftime("%Y-%m-%dT%H:%M"), "reason": "客户出差", "next": "https://elsewhere.example/"}
    assert client.post(f"{path}/postpone/", values).headers["Location"] == f"{path}/"
    done = {"outcome": "REACHED", "note": "满意", "next_step": "", "next_due_at": "", "next": "/worklist/"}
    assert client.post(f"{path}/finish/", done).headers["Location"] == "/worklist/"
    task.refresh_from_db()
    assert (task.state, task.outcome, task.owner_id, task.postponed) == ("DONE", "REACHED", me, 1)
    assert Attempt.objects.filter(task=task).count() == 2
    html = client.get(f"{path}/").content.decode()
    assert "响铃" in html
    assert "客户出差" in html


def test_what_is_wrong_is_said_at_its_field(signed_in, day):
    task, client = day(1), signed_in("callback")
    answer = client.post(f"/worklist/{task.pk}/skip/", {"reason": "   "})
    assert answer.status_code == 422
    answer = client.post(f"/worklist/{task.pk}/postpone/", {"to": "2020-01-01T10:00", "reason": "x"})
    assert answer.status_code == 422
    assert "postponed to a later moment" in answer.content.decode()
    assert client.get(f"/worklist/{task.pk}/claim/").status_code == 404


def test_a_manager_gives_a_task_on_and_the_task_page_offers_it(signed_in, day, cast, me):
    task, client = day(1), signed_in("gm")
    assert f"/worklist/{task.pk}/assign/" in client.get(f"/worklist/{task.pk}/").content.decode()
    assert client.post(f"/worklist/{task.pk}/assign/", {"person": me}).status_code == 302
    task.refresh_from_db()
    assert task.owner_id == me
    assert "/assign/" not in signed_in("callback").get(f"/worklist/{task.pk}/").content.decode()


def test_the_page_of_a_customer_shows_open_work_and_takes_a_task(signed_in, cast, acting, day, me):
    acting(SYSTEM)
    owner = garage.customer("王雪", "13800138000", cast.outlet_id)
    day(1, owner_id=me, subject_type="customer", subject_id=owner.pk, subject_label="王雪")
    client = signed_in("crm")
    page = client.get(f"/customers/{owner.pk}/").content.decode()
    assert f"/worklist/customer-panel/{owner.pk}/" in page
    panel = client.get(f"/worklist/customer-panel/{owner.pk}/").content.decode()
    assert "Call back" in panel
    address = re.search(r'href="(/worklist/add/[^"]+)"', panel)[1]
    when = (clock.local_now() + datetime.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    answer = client.post(address, {"note": "周五回电", "owner": me, "due_at": when})
    assert answer.headers["Location"] == f"/customers/{owner.pk}/"
    task = Task.objects.get(note="周五回电")
    assert (task.subject_id, task.subject_label, task.owner_id) == (owner.pk, "王雪", me)
    assert signed_in("stranger").get(address).status_code == 404


def test_a_task_that_was_done_stands_on_the_timeline(signed_in, cast, acting, day, me, now):
    acting(SYSTEM)
    owner = garage.customer("王雪", "13800138000", cast.outlet_id)
    task = day(1, owner_id=me, subject_type="customer", subject_id=owner.pk, subject_label="王雪")
    working.finish(actor=acting(cast.callback), task_id=task.pk, ending=working.Ending("REACHED", "很满意"), at=now)
    html = signed_in("crm").get(f"/customers/{owner.pk}/happened/").content.decode()
    assert "很满意" in html


def test_the_start_page_has_the_tile(signed_in, day, me):
    day(1, -2, owner_id=me)
    assert "/worklist/home-panel/0/" in signed_in("callback").get("/").content.decode()
    assert re.search(r"late <b[^>]*>1</b>", signed_in("callback").get("/worklist/home-panel/0/").content.decode())


def test_the_palette_finds_own_tasks(signed_in, day, me):
    day(1, owner_id=me, subject_label="欧阳雪")
    assert "欧阳雪" in signed_in("callback").get("/palette/?q=欧阳").content.decode()
    assert "欧阳雪" not in signed_in("crm").get("/palette/?q=欧阳").content.decode()
