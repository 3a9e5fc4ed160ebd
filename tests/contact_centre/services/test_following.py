"""What follows for the task of a call: it ends, is given up, or waits for the next try or the promise."""

import datetime

import pytest
from django.utils import timezone
from tests.contact_centre.conftest import AT, hours

from guanxi.customers.models import ContactPoint
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.models import Attempt, SpecialDay
from guanxi.worklist.queries import calendars
from guanxi.worklist.services import escalating

pytestmark = pytest.mark.django_db


def point(owner):
    return ContactPoint.objects.filter(customer=owner).order_by("pk").first()


def state(task):
    db.set_scope(SYSTEM)
    task.refresh_from_db()
    return task.state, task.outcome


@pytest.mark.covers("FUP-30")
@pytest.mark.parametrize(
    ("outcome", "attempt", "ends", "counts"),
    [
        ("NO_ANSWER", "NO_ANSWER", ("CLAIMED", ""), "2.2"), ("BUSY", "BUSY", ("CLAIMED", ""), "2.2"),
        ("SWITCHED_OFF", "SWITCHED_OFF", ("CLAIMED", ""), "2.2"), ("CALL_LATER", "CALL_LATER", ("CLAIMED", ""), "2.21"),
        ("WRONG_NUMBER", "WRONG_NUMBER", ("DONE", "NOT_REACHED"), "4.3"),
        ("NOT_THE_OWNER", "NOT_THE_OWNER", ("DONE", "NOT_REACHED"), "4.7"),
        ("REFUSED", "REFUSED", ("DONE", "REFUSED"), "2.11"),
    ],
)  # fmt: skip
def test_each_outcome_leaves_an_attempt_and_ends_the_task_or_lets_it_wait(
    cast, owner, task, record, outcome, attempt, ends, counts
):
    made = task()
    call = record(made, outcome, point_id=point(owner).pk)
    assert (call.disposition, state(made)) == (counts, ends)
    assert Attempt.objects.get(task=made).outcome == attempt
    assert made.owner_id == cast.callback.user_id
    assert (made.wake_at is not None and made.wake_at > AT) == (ends[0] == "CLAIMED")


@pytest.mark.covers("FUP-30")
def test_who_was_not_reached_is_tried_again_when_the_outlet_works(cast, task, record):
    """The outlet is closed for three days, so the next try waits for the fourth."""
    made = task()
    db.set_scope(SYSTEM)
    days = [timezone.localtime(AT).date() + datetime.timedelta(days=number) for number in (1, 2, 3)]
    for day in days:
        SpecialDay.objects.create(node_id=cast.outlet_id, day=day, reason="盘点", made_at=AT)
    record(made, "NO_ANSWER")
    db.set_scope(SYSTEM)
    made.refresh_from_db()
    here = timezone.localtime(made.wake_at)
    assert here.date() > days[-1]
    first, last = calendars.openings([cast.outlet_id], here.date(), here.date())[cast.outlet_id][here.date()]
    assert first <= made.wake_at < last


def test_a_wrong_number_is_marked_and_another_is_tried_at_once(owner, task, record):
    db.set_scope(SYSTEM)
    other = ContactPoint.objects.create(customer=owner, channel="MOBILE", value="13900139000", touched_at=AT)
    made = task()
    record(made, "WRONG_NUMBER", point_id=point(owner).pk)
    assert (point(owner).state, state(made), made.wake_at) == ("WRONG", ("CLAIMED", ""), None)
    record(made, "WRONG_NUMBER", point_id=other.pk)
    assert state(made) == ("DONE", "NOT_REACHED")


def test_who_is_not_reached_is_tried_until_the_most_and_then_given_up(task, record):
    made, at = task(expires_at=AT + hours(30)), AT
    for number in range(1, 5):
        record(made, "NO_ANSWER", at=at)
        assert (state(made)[0], made.tries) == ("CLAIMED", number)
        assert made.expires_at > made.wake_at > at
        assert timezone.localtime(made.wake_at).date() > timezone.localtime(at).date()
        assert timezone.localtime(made.wake_at).hour != timezone.localtime(at).hour
        at = made.wake_at
    record(made, "NO_ANSWER", at=at)
    assert state(made) == ("DONE", "NOT_REACHED")


def test_a_promised_call_waits_for_its_moment_and_is_not_lost(task, record):
    made = task(expires_at=AT + hours(20))
    later = AT + datetime.timedelta(days=20)
    call = record(made, "CALL_LATER", promised_at=later, promised_to="王先生")
    assert (call.promised_at, call.promised_to) == (later, "王先生")
    assert (state(made)[0], made.wake_at) == ("CLAIMED", later)
    while escalating.expire(actor=SYSTEM, at=AT + datetime.timedelta(days=20)):
        pass
    assert state(made)[0] == "CLAIMED"


def test_a_promise_moves_the_deadline_as_far_as_deadlines_move(task, record):
    near, far = task(1), task(2)
    tomorrow = AT + hours(24)
    record(near, "CALL_LATER", promised_at=tomorrow)
    record(far, "CALL_LATER", promised_at=AT + datetime.timedelta(days=50))
    state(near), state(far)
    assert (near.due_at, near.wake_at, near.postponed) == (tomorrow, tomorrow, 1)
    assert (far.due_at, far.wake_at, far.postponed) == (AT + hours(4), AT + datetime.timedelta(days=50), 0)
