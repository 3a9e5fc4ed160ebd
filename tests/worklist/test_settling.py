"""Tasks that end from elsewhere, tasks with a page of their own, and the hours of the days of many places."""

import datetime

import pytest
from tests.counting import queries_of
from tests.worklist.conftest import AT, hours, shanghai

from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, NotAllowed
from guanxi.network.models import Node
from guanxi.worklist import states
from guanxi.worklist.events import TaskEnded
from guanxi.worklist.models import SpecialDay
from guanxi.worklist.panels import card
from guanxi.worklist.queries import calendars
from guanxi.worklist.queries import tasks as queries
from guanxi.worklist.services import working


@pytest.mark.parametrize("owner", ["callback", None])
def test_what_was_done_elsewhere_is_settled_whosever_it_is(cast, acting, add, published, owner):
    task = add(owner_id=getattr(cast, owner).user_id if owner else None)
    published.clear()
    assert working.settle(actor=acting(cast.gm), key=task.key, outcome="DONE", at=AT + hours(1))
    task.refresh_from_db()
    assert (task.state, task.outcome, task.finished_by_id) == ("DONE", "DONE", cast.gm.user_id)
    assert [type(event) for event in published] == [TaskEnded]
    assert not working.settle(actor=cast.gm, key=task.key, outcome="DONE", at=AT + hours(2))


def test_what_is_asked_for_no_longer_is_withdrawn_with_its_reason(cast, acting, add):
    task = add()
    assert working.withdraw(actor=acting(cast.gm), key=task.key, reason="改正了", at=AT)
    task.refresh_from_db()
    assert (task.state, task.outcome, task.outcome_note) == ("SKIPPED", "", "改正了")
    assert not working.withdraw(actor=cast.gm, key=task.key, reason="改正了", at=AT)


def test_only_who_works_there_settles(cast, acting, add):
    task = add()
    with pytest.raises(NotAllowed):
        working.settle(actor=acting(cast.auditor), key=task.key, outcome="DONE", at=AT)
    assert not working.settle(actor=acting(cast.stranger), key=task.key, outcome="DONE", at=AT)
    acting(SYSTEM)
    task.refresh_from_db()
    assert task.state == "OPEN"


@pytest.fixture
def paged():
    kind = states.Kind("test.paged", "Paged", attempts=False, page="customers:customer")
    states.register_kinds(kind)
    yield kind
    del states._kinds[kind.key]


def test_a_task_with_a_page_leads_there_and_does_not_end_by_hand(cast, acting, add, paged):
    task = add(kind=paged.key, subject_type="customer", subject_id=7)
    actor = acting(cast.callback)
    with pytest.raises(Conflict):
        working.finish(actor=actor, task_id=task.pk, ending=working.Ending("DONE"), at=AT)
    queries.prepare([task])
    shown = card(actor, task, AT)
    assert (shown.done_url, shown.can_work, shown.can_try) == ("/customers/7/", True, False)
    plain = add(2)
    queries.prepare([plain])
    assert (card(actor, plain, AT).done_url, card(actor, plain, AT).can_try) == ("", True)


def test_the_hours_of_days_are_those_of_the_calendar_of_each_place(cast, acting):
    acting(SYSTEM)
    day = datetime.date(2026, 6, 18)  # a Thursday before the Dragon Boat Festival
    SpecialDay.objects.create(node_id=cast.outlet_id, day=day, hours="10:00-11:00", reason="盘点", made_at=AT)
    last = day + datetime.timedelta(days=4)
    found = calendars.openings([cast.outlet_id, cast.other_outlet_id], day, last)
    own, other = found[cast.outlet_id], found[cast.other_outlet_id]
    assert own[day] == (shanghai("2026-06-18 10:00"), shanghai("2026-06-18 11:00"))
    assert other[day] == (shanghai("2026-06-18 09:00"), shanghai("2026-06-18 18:00"))
    assert list(own) == list(other) == [day, last]


def test_the_hours_of_many_places_cost_as_many_queries_as_those_of_one(cast, acting):
    acting(SYSTEM)
    day = datetime.date(2026, 6, 18)
    outlets = list(Node.objects.filter(kind="OUTLET").values_list("pk", flat=True))
    many = queries_of(lambda: calendars.openings(outlets, day, day))
    assert queries_of(lambda: calendars.openings(outlets[:1], day, day)) == many
    assert len(calendars.openings(outlets, day, day)) == len(outlets) > 50
