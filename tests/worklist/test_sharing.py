"""Sharing work out: to one, among many, to a colleague; and absences."""

import datetime

import pytest
from tests.worklist.conftest import AT, hours

from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.worklist.models import Absence, Task
from guanxi.worklist.services import absences, sharing, working

TODAY = datetime.date(2026, 11, 24)


@pytest.fixture
def away(cast, acting):
    """Return a function that writes an absence, as the person unless said otherwise."""

    def write(person, deputy=None, *, actor=None, first=TODAY, last=TODAY):
        return absences.add_absence(
            actor=acting(actor or person), person_id=person.user_id, first_day=first, last_day=last,
            deputy_id=deputy.user_id if deputy else None, note="休假", at=AT,
        )  # fmt: skip

    return write


def owners():
    return dict(Task.objects.order_by("pk").values_list("key", "owner_id"))


def test_a_manager_gives_a_task_to_a_person_and_to_another(cast, acting, add, published):
    task = add()
    sharing.assign(actor=acting(cast.gm), task_id=task.pk, person_id=cast.callback.user_id, at=AT)
    working.claim(actor=acting(cast.callback), task_id=task.pk)
    moved = sharing.assign(actor=acting(cast.gm), task_id=task.pk, person_id=cast.crm.user_id, at=AT)
    assert (moved.owner_id, moved.state) == (cast.crm.user_id, "OPEN")
    assert [event.person_id for event in published] == [cast.callback.user_id, cast.crm.user_id]


def test_only_who_works_there_gets_it_and_only_managers_give(cast, acting, add):
    task = add()
    with pytest.raises(Invalid):
        sharing.assign(actor=acting(cast.gm), task_id=task.pk, person_id=cast.stranger.user_id, at=AT)
    with pytest.raises(NotAllowed):
        sharing.assign(actor=acting(cast.callback), task_id=task.pk, person_id=cast.crm.user_id, at=AT)
    with pytest.raises(NotFound):
        sharing.assign(actor=acting(cast.stranger), task_id=task.pk, person_id=cast.stranger.user_id, at=AT)


def test_work_is_shared_out_by_open_weight_and_again_the_same(cast, acting, add, published):
    for number in range(4):
        add(f"old{number}", owner_id=cast.crm.user_id)
    for number in range(6):
        add(number)
    people = [cast.crm.user_id, cast.callback.user_id]
    count = sharing.assign_by_load(actor=acting(cast.gm), node_id=cast.outlet_id, task_ids=[], person_ids=people, at=AT)
    found = list(Task.objects.filter(owner__isnull=False).values_list("owner_id", flat=True))
    assert count == 6
    assert [found.count(person) for person in people] == [5, 5]
    assert AuditEntry.objects.filter(verb="worklist.assign_task", subject_type="task").count() == 6
    assert sharing.assign_by_load(
        actor=cast.gm, node_id=cast.outlet_id, task_ids=[], person_ids=people, at=AT
    ) == 0  # fmt: skip
    told = {event.person_id: event.count for event in published if event.by == cast.gm.name}
    assert told == {people[0]: 1, people[1]: 5}


def test_who_is_away_gets_no_share(cast, acting, add, away):
    add(1)
    away(cast.crm)
    with pytest.raises(Invalid):
        sharing.assign_by_load(
            actor=acting(cast.gm), node_id=cast.outlet_id, task_ids=[], person_ids=[cast.crm.user_id], at=AT
        )
    sharing.assign_by_load(
        actor=cast.gm, node_id=cast.outlet_id, task_ids=[],
        person_ids=[cast.crm.user_id, cast.callback.user_id], at=AT,
    )  # fmt: skip
    assert owners() == {"test:1": cast.callback.user_id}


def test_sharing_needs_the_right_at_the_place(cast, acting, add):
    add(1)
    with pytest.raises(NotAllowed):
        sharing.assign_by_load(
            actor=acting(cast.stranger), node_id=cast.outlet_id, task_ids=[], person_ids=[cast.stranger.user_id], at=AT
        )


def test_own_work_is_handed_over_until_a_day(cast, acting, add):
    me, colleague = cast.callback, cast.crm
    add(1, owner_id=me.user_id)
    add(2, owner_id=me.user_id, due=AT + hours(48))
    add(3)
    count = sharing.hand_over(actor=acting(me), from_id=me.user_id, to_id=colleague.user_id, until=TODAY, at=AT)
    assert count == 1
    assert owners() == {"test:1": colleague.user_id, "test:2": me.user_id, "test:3": None}
    assert sharing.hand_over(actor=me, from_id=me.user_id, to_id=colleague.user_id, until=None, at=AT) == 1


def test_anothers_work_is_handed_over_by_who_shares_it_out(cast, acting, add):
    add(1, owner_id=cast.callback.user_id)
    with pytest.raises(NotAllowed):
        sharing.hand_over(
            actor=acting(cast.advisor), from_id=cast.callback.user_id, to_id=cast.advisor.user_id, until=None, at=AT
        )
    with pytest.raises(Invalid):
        sharing.hand_over(
            actor=acting(cast.gm), from_id=cast.callback.user_id, to_id=cast.callback.user_id, until=None, at=AT
        )
    assert sharing.hand_over(
        actor=cast.gm, from_id=cast.callback.user_id, to_id=cast.crm.user_id, until=None, at=AT
    ) == 1  # fmt: skip


def test_new_work_goes_to_the_deputy_and_comes_back(cast, acting, add, away, published):
    me, deputy = cast.callback, cast.crm
    add(1, owner_id=me.user_id)
    away(me, deputy)
    waiting, taken = add(2, owner_id=me.user_id), add(3, owner_id=me.user_id)
    assert owners() == {"test:1": me.user_id, "test:2": deputy.user_id, "test:3": deputy.user_id}
    working.claim(actor=acting(deputy), task_id=taken.pk)
    acting(SYSTEM)
    assert absences.return_work(actor=SYSTEM, day=TODAY) == 0
    assert absences.return_work(actor=SYSTEM, day=TODAY + datetime.timedelta(1)) == 1
    assert owners() == {"test:1": me.user_id, "test:2": me.user_id, "test:3": deputy.user_id}
    assert absences.return_work(actor=SYSTEM, day=TODAY + datetime.timedelta(1)) == 0
    waiting.refresh_from_db()
    assert waiting.meant_for_id is None
    assert published[-1].person_id == me.user_id


def test_without_a_deputy_new_work_waits_for_the_role_or_stays(cast, add, away):
    away(cast.callback)
    assert add(1, owner_id=cast.callback.user_id).owner_id is None
    assert add(2, owner_id=cast.callback.user_id, role=None).owner_id == cast.callback.user_id


def test_an_absence_ends_early_and_then_work_comes_again(cast, acting, add, away):
    row = away(cast.callback, cast.crm, last=TODAY + datetime.timedelta(9))
    add(1, owner_id=cast.callback.user_id)
    assert absences.end_absence(actor=acting(cast.callback), absence_id=row.pk, day=TODAY) == 1
    assert add(2, owner_id=cast.callback.user_id).owner_id == cast.callback.user_id
    assert owners()["test:1"] == cast.callback.user_id
    with pytest.raises(NotFound):
        absences.end_absence(actor=cast.callback, absence_id=row.pk, day=TODAY)


def test_absences_are_kept_by_the_person_and_by_managers(cast, acting, away):
    away(cast.callback, actor=cast.gm)
    with pytest.raises(Conflict):
        away(cast.callback)
    for actor in (cast.advisor, cast.stranger):
        with pytest.raises(NotAllowed):
            away(cast.crm, actor=actor)
    with pytest.raises(Invalid):
        away(cast.crm, cast.crm)
    with pytest.raises(Invalid):
        away(cast.crm, last=TODAY - datetime.timedelta(1))
    acting(cast.stranger)
    assert Absence.objects.count() == 0  # another outlet does not even see it
