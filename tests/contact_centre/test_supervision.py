"""Whoever leads a team sees who does what now, and how far the lists are."""

import datetime
import re

import pytest
from tests import garage
from tests.contact_centre.conftest import AT, hours
from tests.counting import queries_of

from guanxi.contact_centre.models import Call
from guanxi.contact_centre.queries import supervision
from guanxi.foundation import clock
from guanxi.worklist.models import Task

pytestmark = pytest.mark.django_db
PATH = "/contact-centre/supervision/"
MORNING = clock.start_of(clock.day_of(AT))
TONIGHT = MORNING + datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def none_yet(cast):
    """Without the calls and tasks of the demonstration."""
    Call.objects.all().delete()
    Task.objects.filter(kind__startswith="care").update(kind="care.letter")


@pytest.fixture
def day(cast, task, record):
    """Three calls of two agents: one complete in six minutes, one busy, one refused; two tasks are left, one is late."""
    record(task(1), started_at=AT - datetime.timedelta(minutes=6))
    record(task(2), "BUSY", started_at=AT - datetime.timedelta(minutes=2))
    record(task(3, role="customer_representative"), "REFUSED", actor=cast.crm)
    task(4, due=AT + hours(1))
    return task(5, at=AT, due=AT + hours(30))


@pytest.mark.covers("CC-40")
def test_who_does_what(cast, acting, day):
    later = AT + hours(2)
    found = {line.pk: line for line in supervision.agents(acting(cast.crm), cast.outlet_id, later, MORNING)}
    agent, lead, nobody = (found[pk] for pk in (cast.callback.user_id, cast.crm.user_id, 0))
    assert (agent.name, agent.open, agent.late, agent.today, agent.week) == (cast.callback.name, 1, 0, 2, 2)
    assert (agent.reached, agent.share, agent.minutes) == (1, 50, 4)
    assert (lead.open, lead.today, lead.share, lead.minutes) == (0, 1, 0, 0)
    assert (nobody.open, nobody.late, nobody.week, nobody.share, nobody.minutes) == (2, 1, 0, None, None)
    tomorrow = supervision.agents(acting(cast.crm), cast.outlet_id, AT + hours(24), TONIGHT)
    assert {line.pk: (line.today, line.week) for line in tomorrow}[cast.callback.user_id] == (0, 2)
    assert supervision.agents(acting(cast.crm), cast.other_outlet_id, later, MORNING) == []
    assert supervision.agents(acting(cast.stranger), cast.outlet_id, later, MORNING) == []
    assert {line.pk for line in supervision.agents(acting(cast.branch), cast.branch_id, later, MORNING)} == set(found)


@pytest.mark.covers("CC-40", "FUP-32")
def test_how_far_the_lists_are(cast, acting, day):
    (line,) = supervision.progress(acting(cast.crm), cast.outlet_id, AT + hours(2), TONIGHT)
    assert (str(line.kind), line.due, line.done, line.reached, line.overdue, line.share) == (
        str(Task(kind="care.call").kind_label), 4, 2, 1, 1, 50,
    )  # fmt: skip
    assert supervision.progress(acting(cast.stranger), cast.outlet_id, AT + hours(2), TONIGHT) == []
    assert supervision.progress(acting(cast.crm), cast.outlet_id, AT + datetime.timedelta(days=40), TONIGHT) == []


def test_the_page(signed_in, cast, day, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT + hours(2))  # at whatever hour this runs
    page = signed_in("crm").get(PATH).content.decode()
    assert page.count("data-agent") == 3
    assert page.count("data-list-line") == 1
    row = re.search(rf'<tr data-agent="{cast.callback.user_id}">.*?</tr>', page, re.DOTALL)[0]
    assert cast.callback.name in row
    assert "50 %" in row
    assert signed_in("crm").get(f"{PATH}?place={cast.other_outlet_id}").content.decode().count("data-agent") == 3
    assert signed_in("branch").get(f"{PATH}?place={cast.branch_id}").content.decode().count("data-agent") == 3
    assert "No call is to be made" in signed_in("stranger").get(PATH).content.decode()
    assert signed_in("callback").get(PATH).status_code == 403
    assert "坐席" in signed_in("crm", "zh-hans").get(PATH).content.decode()


@pytest.mark.parametrize("name", ["crm", "hq"])
def test_the_page_costs_the_same_whatever_the_number_of_calls(signed_in, cast, task, record, name):
    record(task(1), "BUSY")
    client = signed_in(name)
    few = queries_of(lambda: client.get(PATH))
    for number in range(2, 4):
        record(task(number, customer=garage.customer(f"客户{number}", f"1390000000{number}", cast.outlet_id)), "BUSY")
        task(number + 10)
    client = signed_in(name)
    assert queries_of(lambda: client.get(PATH)) == few <= 25
