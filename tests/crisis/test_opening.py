"""A crisis opens by itself from a complaint, once; by hand from one or from nothing; whoever has to know is told."""

import pytest
from django.db import IntegrityError, transaction
from tests.crisis.conftest import AT, GRAVE, fresh, hours, log

from guanxi.complaints.events import ComplaintEscalated
from guanxi.config.wiring import REACTIONS
from guanxi.crisis import policy, tasks
from guanxi.crisis.events import CrisisOpened, CrisisTold
from guanxi.crisis.models import Crisis, Link
from guanxi.crisis.queries import rooms
from guanxi.crisis.services import leading, opening, telling
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed
from guanxi.records.models import AuditEntry
from guanxi.workbench.models import Notification
from guanxi.worklist.models import Task


@pytest.mark.covers("CRIS-02")
@pytest.mark.parametrize(
    ("words", "more", "types"),
    [
        ("转向失灵", {}, ["SAFETY"]),
        ("要求赔偿", {"amount": 60000}, ["DAMAGE"]),
        ("修不好", {"parties": ["LAWYER"]}, ["AUTHORITY"]),
        ("再不解决就上热搜", {}, ["EXPOSURE"]),
        ("我要起诉你们", {}, ["JUDICIAL"]),
        ("明天来拉横幅", {}, ["EXTREME"]),
    ],
)
def test_any_one_type_opens_a_crisis_at_the_outlet(cast, complain, words, more, types):
    complaint = complain(words, **more)
    row = opening.open_from_complaint(actor=SYSTEM, complaint_id=complaint.pk, at=AT)
    assert (row.place_id, row.types, row.state, row.owner_id) == (cast.outlet_id, types, "OPEN", cast.gm.user_id)
    assert [item.pk for item in rooms.complaints(cast.gm, row)] == [complaint.pk]
    assert log(row) == [("OPENED", words), ("LINKED", complaint.number)]


def test_a_complaint_opens_a_crisis_once_and_only_if_it_is_one(cast, complain):
    plain, grave = complain("空调不凉"), complain()
    assert opening.open_from_complaint(actor=SYSTEM, complaint_id=plain.pk, at=AT) is None
    first = opening.open_from_complaint(actor=SYSTEM, complaint_id=grave.pk, at=AT)
    assert opening.open_from_complaint(actor=SYSTEM, complaint_id=grave.pk, at=AT) is None
    leading.calm(actor=SYSTEM, crisis_id=first.pk, words="已安抚", at=AT)
    leading.close(actor=SYSTEM, crisis_id=first.pk, words="已解决", at=AT)
    assert opening.open_from_complaint(actor=SYSTEM, complaint_id=grave.pk, at=AT) is None
    assert Crisis.objects.count() == 1


def test_news_of_a_grave_complaint_wakes_it(complain):
    assert any(item.event is ComplaintEscalated and item.react is tasks.follow_escalation for item in REACTIONS)
    assert any(item.event is CrisisOpened and item.react is tasks.follow_opening for item in REACTIONS)
    complaint = complain()
    tasks.follow_escalation(complaint_id=complaint.pk, is_outside=False)
    row = Crisis.objects.get()
    tasks.follow_opening(crisis_id=row.pk, place_id=row.place_id)
    assert [act for act, _words in log(row)] == ["OPENED", "LINKED", "TOLD"]


@pytest.mark.covers("CRIS-06")
def test_the_manager_the_branch_and_headquarters_are_told_at_once_with_a_time(cast, complain, published):
    row = opening.open_from_complaint(actor=SYSTEM, complaint_id=complain().pk, at=AT)
    assert CrisisOpened(row.pk, cast.outlet_id) in published
    published.clear()
    told = telling.tell(actor=SYSTEM, crisis_id=row.pk, at=AT)
    assert {cast.gm.user_id, cast.branch.user_id, cast.planner.user_id} <= set(told)
    assert {event.person_id for event in published if isinstance(event, CrisisTold)} == set(told)
    (entry,) = row.entries.filter(act="TOLD")
    assert (entry.at, cast.gm.name in entry.words) == (AT, True)
    with pytest.raises(NotAllowed):
        telling.tell(actor=cast.gm, crisis_id=row.pk, at=AT)


def test_who_is_told_finds_the_room(cast, acting, room):
    from guanxi.workbench import services

    row = room()
    acting(SYSTEM)
    services.tell_crisis_told(person_id=cast.planner.user_id, crisis_id=row.pk, number=row.number, risk=row.risk)
    acting(cast.planner)
    told = Notification.objects.get(user_id=cast.planner.user_id, kind="crisis.told")
    assert told.url == f"/crisis/{row.pk}/"


@pytest.mark.covers("CRIS-06")
def test_the_first_decision_is_due_within_the_hour_and_climbs(cast, complain):
    row = opening.open_from_complaint(actor=SYSTEM, complaint_id=complain().pk, at=AT)
    task = Task.objects.get(key=row.lead_key)
    assert (task.owner_id, task.due_at, task.subject_id) == (cast.gm.user_id, AT + hours(1), row.pk)
    assert task.next_rung_at is not None
    leading.note(actor=cast.gm, crisis_id=row.pk, act="HEARD", words="客户在店", at=AT)
    assert Task.objects.get(pk=task.pk).state == "OPEN"
    leading.note(actor=cast.gm, crisis_id=row.pk, act="DECIDED", words="总经理出面", at=AT)
    assert Task.objects.get(pk=task.pk).outcome == "DECIDED"


def test_by_hand_it_says_everything_that_is_known(cast, room):
    row = room(
        types=["SAFETY", "AUTHORITY"], risk="EXTREME", amount=120000, currency="EUR", spokesperson="方总",
        authority="市消费者协会", matter_id="BODY",
    )  # fmt: skip
    held = fresh(row)
    assert (held.types, held.risk, held.amount, held.currency, held.spokesperson, held.authority, held.matter_id) == (
        ["SAFETY", "AUTHORITY"], "EXTREME", 120000, "EUR", "方总", "市消费者协会", "BODY",
    )  # fmt: skip
    assert (held.owner_name, held.opened_by) == (cast.gm.name, cast.gm.name)
    assert AuditEntry.objects.filter(verb="crisis.open", subject_id=str(row.pk)).exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"types": []}, "types"), ({"types": ["NONE"]}, "types"), ({"risk": "X"}, "risk"), ({"title": "  "}, "title"),
        ({"amount": -1}, "amount"), ({"currency": "yuan"}, "currency"), ({"owner_id": 1}, "owner"),
        ({"model_id": 0}, "model"), ({"matter_id": "NONE"}, "matter"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(room, more, field):
    with pytest.raises(Invalid) as refused:
        room(**more)
    assert field in {problem.field for problem in refused.value.problems}


def test_a_technician_is_not_in_charge(cast, room):
    with pytest.raises(Invalid):
        room(owner_id=cast.technician.user_id)


def test_a_complaint_is_in_one_open_crisis_only(cast, acting, complain, room):
    complaint = complain()
    first = room(complaint_id=complaint.pk)
    with pytest.raises(Conflict, match="already"):
        room(complaint_id=complaint.pk)
    second = room()
    with pytest.raises(Conflict, match="already"):
        leading.link(actor=acting(cast.gm), crisis_id=second.pk, complaint_id=complaint.pk, at=AT)
    acting(SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.create(crisis=second, complaint=complaint, at=AT, by="x")
    gm = acting(cast.gm)
    leading.unlink(actor=gm, crisis_id=first.pk, complaint_id=complaint.pk, reason="另一件事", at=AT)
    leading.link(actor=gm, crisis_id=second.pk, complaint_id=complaint.pk, at=AT)
    assert rooms.complaints(cast.gm, first) == []
    assert [item.pk for item in rooms.complaints(cast.gm, second)] == [complaint.pk]
    assert ("UNLINKED", f"{complaint.number}: 另一件事") in log(first)


def test_only_those_who_may_open_one_there(cast, room):
    for who in ("service", "advisor", "agent", "auditor", "stranger"):
        with pytest.raises(NotAllowed):
            room(who)
    assert room("branch", owner_id=None).place_id == cast.outlet_id
    with pytest.raises(NotAllowed):
        room("branch", place_id=cast.other_outlet_id)


def test_the_gravity_at_first_comes_from_the_number_of_types():
    assert [policy.risk_of(types) for types in ([], ["SAFETY"], ["SAFETY", "AUTHORITY"])] == [
        "MEDIUM",
        "HIGH",
        "EXTREME",
    ]
    assert GRAVE  # two types: safety, and what may become public
