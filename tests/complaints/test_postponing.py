"""The clock of a complaint stands still only for a stated reason: what is owed, the round and the history say so."""

import datetime

import pytest
from tests.complaints.conftest import AT, LATER, fresh

from guanxi.complaints import tasks
from guanxi.complaints.models import Deed, Round
from guanxi.complaints.services import postponing
from guanxi.complaints.services.postponing import Postponed
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed
from guanxi.worklist.events import TaskPostponed
from guanxi.worklist.models import Task
from guanxi.worklist.services import working

WHY = "配件在途，周五到货"


@pytest.fixture
def postpone(cast, acting, published):
    """A function that postpones the living task of a step as the service manager, and brings the news."""

    def go(row, step, to):
        actor = acting(cast.service)
        task = Task.objects.get(key=row.key(step), finished_at=None)
        working.postpone(actor=actor, task_id=task.pk, to=to, reason=WHY, at=LATER)
        (news,) = [event for event in published if isinstance(event, TaskPostponed)]
        db.set_scope(SYSTEM)
        tasks.follow_postponed(**vars(news))
        return news

    return go


@pytest.mark.covers("CMP-42")
def test_a_solution_that_waits_for_a_stated_reason_is_not_overdue(cast, take_in, bring, postpone):
    row = bring(take_in(), "RESOLVING")
    later = row.solve_due_at + datetime.timedelta(days=2)
    news = postpone(row, "complaints.solve", later)
    held = fresh(row)
    assert (held.due_at, held.solve_due_at) == (later, row.solve_due_at)
    assert not held.is_late(later - datetime.timedelta(minutes=1))
    assert Round.objects.get(complaint=row, number=1).due_at == later
    note = Deed.objects.get(complaint=row, act="POSTPONED")
    assert (note.words, note.person_id, note.person_name) == (WHY, cast.service.user_id, cast.service.name)
    tasks.follow_postponed(**vars(news))
    assert Deed.objects.filter(complaint=row, act="POSTPONED").count() == 1


def test_what_is_owed_next_is_what_comes_first(take_in, postpone):
    row = take_in()
    postpone(row, "complaints.contact", row.solve_due_at + datetime.timedelta(days=1))
    held = fresh(row)
    assert (held.due_at, held.contact_due_at) == (row.solve_due_at, row.contact_due_at)
    assert Round.objects.get(complaint=row, number=1).due_at == row.solve_due_at


def test_news_about_a_closed_complaint_or_another_thing_change_nothing(cast, take_in, bring):
    row = bring(take_in(), "CLOSED")
    later = AT + datetime.timedelta(days=30)
    told = Postponed(row.key("complaints.solve"), later, WHY, None, "x")
    db.set_scope(SYSTEM)
    assert not postponing.follow(actor=SYSTEM, complaint_id=row.pk, postponed=told, at=LATER)
    with pytest.raises(NotAllowed):
        postponing.follow(actor=cast.service, complaint_id=row.pk, postponed=told, at=LATER)
    tasks.follow_postponed(
        key="x", subject_type="customer", subject_id=row.pk, due_at=later.isoformat(), reason=WHY, person_id=None,
        person_name="x",
    )  # fmt: skip
    assert not Deed.objects.filter(act="POSTPONED").exists()
