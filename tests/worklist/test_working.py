"""Working on tasks: take, give back, try, postpone, finish, skip; and who may not."""

import pytest
from django.db import transaction
from tests.worklist.conftest import AT, hours, shanghai

from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.worklist.models import Attempt, Task
from guanxi.worklist.services import working
from guanxi.worklist.services.working import Ending


def test_who_claims_has_it_and_a_second_is_refused(cast, acting, add):
    task = add()
    actor = acting(cast.callback)
    claimed = working.claim(actor=actor, task_id=task.pk)
    assert (claimed.state, claimed.owner_id) == ("CLAIMED", actor.user_id)
    assert working.claim(actor=actor, task_id=task.pk).state == "CLAIMED"
    with pytest.raises(Conflict):
        working.claim(actor=acting(cast.gm), task_id=task.pk)


def test_a_released_task_waits_for_its_role_again(cast, acting, add):
    task = add()
    actor = acting(cast.callback)
    working.claim(actor=actor, task_id=task.pk)
    released = working.release(actor=actor, task_id=task.pk)
    assert (released.state, released.owner_id) == ("OPEN", None)
    with pytest.raises(Conflict):
        working.release(actor=actor, task_id=task.pk)


def test_what_belongs_to_no_role_cannot_be_released(cast, acting, add):
    task = add(role=None, owner_id=cast.callback.user_id)
    with pytest.raises(Conflict):
        working.release(actor=acting(cast.callback), task_id=task.pk)


@pytest.mark.covers("FUP-30")
def test_an_attempt_is_kept_and_brings_the_next_try(cast, acting, add):
    task = add()
    actor = acting(cast.callback)
    working.record_attempt(
        actor=actor, task_id=task.pk, outcome="NO_ANSWER", note="响铃无人", next_try_at=AT + hours(2), at=AT
    )
    working.record_attempt(actor=actor, task_id=task.pk, outcome="REACHED", at=AT + hours(2))
    task.refresh_from_db()
    assert (task.state, task.owner_id, task.tries, task.wake_at) == ("CLAIMED", actor.user_id, 2, None)
    kept = list(Attempt.objects.filter(task=task).order_by("at").values_list("outcome", "person_name", "note"))
    assert kept == [("NO_ANSWER", actor.name, "响铃无人"), ("REACHED", actor.name, "")]


def test_attempts_can_be_neither_changed_nor_removed(cast, acting, add):
    task = add()
    working.record_attempt(actor=acting(cast.callback), task_id=task.pk, outcome="BUSY", at=AT)
    acting(SYSTEM)
    assert Attempt.objects.filter(task=task).update(outcome="REACHED") == 0
    assert Attempt.objects.filter(task=task).delete()[0] == 0
    assert Attempt.objects.get(task=task).outcome == "BUSY"


@pytest.mark.parametrize("next_try", [AT, AT - hours(1), AT + hours(24 * 61)])
def test_a_next_try_lies_in_the_near_future(cast, acting, add, next_try):
    task = add()
    with pytest.raises(Invalid):
        working.record_attempt(
            actor=acting(cast.callback), task_id=task.pk, outcome="BUSY", next_try_at=next_try, at=AT
        )


def test_a_task_is_postponed_three_times_at_most_and_not_far(cast, acting, add):
    task = add(due=shanghai("2026-11-24 17:00"))
    actor = acting(cast.callback)
    working.claim(actor=actor, task_id=task.pk)
    with pytest.raises(Invalid):
        working.postpone(actor=actor, task_id=task.pk, to=shanghai("2026-12-08 18:01"), reason="出差", at=AT)
    for day in (25, 26, 27):
        moved = working.postpone(
            actor=actor, task_id=task.pk, to=shanghai(f"2026-11-{day} 10:00"), reason="出差", at=AT
        )
    assert moved.due_at == shanghai("2026-11-27 10:00")
    assert moved.first_due_at == shanghai("2026-11-24 17:00")
    assert moved.next_rung_at == shanghai("2026-11-27 09:00")
    assert list(Attempt.objects.filter(task=task).values_list("outcome", flat=True)) == ["POSTPONED"] * 3
    with pytest.raises(Conflict):
        working.postpone(actor=actor, task_id=task.pk, to=shanghai("2026-11-30 10:00"), reason="出差", at=AT)


@pytest.mark.parametrize(("to", "reason"), [(AT + hours(8), ""), (AT + hours(4), "x"), (AT - hours(9), "x")])
def test_postponing_needs_a_reason_and_a_later_moment(cast, acting, add, to, reason):
    task = add(owner_id=cast.callback.user_id)
    with pytest.raises(Invalid):
        working.postpone(actor=acting(cast.callback), task_id=task.pk, to=to, reason=reason, at=AT)


def test_a_finished_task_tells_the_world_and_leads_to_the_next(cast, acting, add, published):
    task = add(subject_type="test", subject_id=5)
    actor = acting(cast.callback)
    ending = Ending("APPOINTMENT", "周六来店", "准备接待", AT + hours(48))
    done = working.finish(actor=actor, task_id=task.pk, ending=ending, at=AT)
    assert (done.state, done.outcome, done.finished_by_id, done.next_rung_at) == (
        "DONE",
        "APPOINTMENT",
        actor.user_id,
        None,
    )
    follow = Task.objects.get(parent=task)
    assert (follow.owner_id, follow.note, follow.subject_id, follow.due_at) == (
        actor.user_id,
        "准备接待",
        5,
        AT + hours(48),
    )
    assert [(event.task_id, event.state, event.subject_id) for event in published] == [(task.pk, "DONE", 5)]


@pytest.mark.parametrize(
    "ending", [Ending("NONSENSE"), Ending("DONE", next_due_at=AT + hours(1)), Ending("DONE", "", "x", AT)]
)
def test_an_ending_that_says_nothing_is_refused(cast, acting, add, ending):
    task = add()
    with pytest.raises(Invalid), transaction.atomic():
        working.finish(actor=acting(cast.callback), task_id=task.pk, ending=ending, at=AT)


def test_what_is_over_stays_over(cast, acting, add):
    task = add()
    actor = acting(cast.callback)
    with pytest.raises(Invalid):
        working.skip(actor=actor, task_id=task.pk, reason=" ", at=AT)
    assert working.skip(actor=actor, task_id=task.pk, reason="已转介", at=AT).outcome_note == "已转介"
    for act in (
        lambda: working.claim(actor=actor, task_id=task.pk),
        lambda: working.finish(actor=actor, task_id=task.pk, ending=Ending("DONE"), at=AT),
        lambda: working.skip(actor=actor, task_id=task.pk, reason="x", at=AT),
        lambda: working.record_attempt(actor=actor, task_id=task.pk, outcome="BUSY", at=AT),
    ):
        with pytest.raises(Conflict):
            act()


def test_others_have_no_hand_in_it(cast, acting, add):
    task = add(owner_id=cast.callback.user_id)
    with pytest.raises(NotFound):
        working.finish(actor=acting(cast.stranger), task_id=task.pk, ending=Ending("DONE"), at=AT)
    with pytest.raises(NotFound):
        working.finish(actor=acting(cast.advisor), task_id=task.pk, ending=Ending("DONE"), at=AT)
    with pytest.raises(NotAllowed):
        working.finish(actor=acting(cast.auditor), task_id=task.pk, ending=Ending("DONE"), at=AT)
    assert working.finish(actor=acting(cast.gm), task_id=task.pk, ending=Ending("DONE"), at=AT).state == "DONE"


def test_nothing_expires_before_its_next_try(cast, acting, add):
    task, later = add(expires_at=AT + hours(5)), AT + hours(24 * 20)
    working.record_attempt(
        actor=acting(cast.callback), task_id=task.pk, outcome="CALL_LATER", next_try_at=later, at=AT
    )  # fmt: skip
    task.refresh_from_db()
    assert (task.wake_at, task.expires_at) == (later, later + hours(24))
    working.record_attempt(
        actor=acting(cast.callback), task_id=task.pk, outcome="BUSY", next_try_at=AT + hours(1), at=AT
    )
    task.refresh_from_db()
    assert task.expires_at == later + hours(24)
