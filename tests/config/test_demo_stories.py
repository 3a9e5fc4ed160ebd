"""What happened lately in the demonstration is told by the people of its outlet, once, and goes with its customers."""

import datetime
from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction
from tests import garage

from guanxi.campaigns.models import Campaign, Recall, RecallCar
from guanxi.complaints.models import Complaint, Deed
from guanxi.complaints.services import intake
from guanxi.complaints.services.intake import NewComplaint
from guanxi.config.demo.stories import playing
from guanxi.config.demo.world import removing
from guanxi.crisis.models import Affected, Alarm, Crisis, Entry, Statement
from guanxi.crisis.services import leaving_alone, opening, statements
from guanxi.crisis.services.opening import NewCrisis
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.knowledge.models import Confirmation, Reading
from guanxi.privacy.models import Hold
from guanxi.records.models import Attachment
from guanxi.records.services import attaching
from guanxi.records.services.attaching import File
from guanxi.rescue.models import Dispatch, Rescue
from guanxi.verification.models import FalseFile, Order
from guanxi.worklist.models import Task
from guanxi.worklist.services import escalating
from guanxi.worklist.states import LIVE


@pytest.fixture
def told(db):
    from guanxi.foundation import db as scope

    scope.set_scope(SYSTEM)
    playing.play()


@pytest.mark.usefixtures("told")
def test_the_stories_leave_work_in_every_state():
    states = Counter(Complaint.objects.values_list("state", flat=True))
    assert set(states) == {"RECEIVED", "ANALYSING", "RESOLVING", "TO_REVISIT", "CLOSED"}
    assert Complaint.objects.filter(rounds=2, ending="CONFIRMED", liability="RESPONSIBLE").count() == 1
    assert Complaint.objects.filter(ending="EXPLAINED").count() == 1
    assert Complaint.objects.filter(level="CRISIS", state="RECEIVED").count() == 1
    assert not Complaint.objects.filter(owner=None).exists()
    assert set(Deed.objects.values_list("person_name", flat=True)) >= {"彭静怡", "程志强", "沈建国"}
    assert Counter(Rescue.objects.values_list("state", flat=True)) == {"CLOSED": 2, "DONE": 1, "ACCEPTED": 1}
    assert Counter(Dispatch.objects.values_list("state", flat=True)) == {"FINISHED": 3, "REFUSED": 1, "ACCEPTED": 1}
    assert Counter(Order.objects.values_list("state", flat=True)) == {"ISSUED": 2, "DISPUTED": 1}
    assert FalseFile.objects.count() == 1
    assert Counter(Campaign.objects.values_list("state", flat=True)) == {"SUBMITTED": 1, "DRAFT": 1}
    assert RecallCar.objects.count() == 12
    assert Reading.objects.filter(is_current=True).count() == 1
    assert Confirmation.objects.count() > 5


@pytest.mark.usefixtures("told")
def test_told_again_they_add_nothing():
    before = [model.objects.count() for model in (Complaint, Deed, Rescue, Order, Campaign, Recall, Confirmation)]
    playing.play()
    assert [
        model.objects.count() for model in (Complaint, Deed, Rescue, Order, Campaign, Recall, Confirmation)
    ] == before
    assert min(before) > 0


def crisis_of(complaint):
    """Let a complaint become a crisis, as the worker does, with a document, an alarm, a late task, and its holds."""
    row = opening.open_crisis(
        actor=SYSTEM, at=clock.now() - datetime.timedelta(days=3),
        new=NewCrisis(complaint.outlet_id, "x", ["SAFETY"], "x", complaint_id=complaint.pk),
    )  # fmt: skip
    statements.draft(actor=SYSTEM, crisis_id=row.pk, words="x", at=clock.now())
    leaving_alone.settle(actor=SYSTEM, crisis_id=row.pk, at=clock.now())
    file = File("a.pdf", b"%PDF-1.7")
    attaching.attach(actor=SYSTEM, subject_type="crisis.legal", subject_id=row.pk, file=file, at=clock.now())
    Alarm.objects.create(
        cell="OUTLET", key=str(row.pk), label="x", place_id=row.place_id, day=clock.today(), seen=5, before=1,
        exposure=7, exposure_before=84, expected=0.1, chance=1e-6, limit=1e-4, cells=3, window_days=7, base_days=84,
        state="CRISIS", crisis=row, decided_at=clock.now(),
    )  # fmt: skip
    return row


@pytest.mark.usefixtures("told")
def test_no_crisis_of_the_demonstration_is_left_behind_and_one_of_ours_stays_whole(cast):
    theirs = crisis_of(Complaint.objects.get(level="CRISIS"))
    mine = garage.customer("真客户", "13600009901", cast.outlet_id)
    said = NewComplaint(cast.outlet_id, "SERVICE", "刹车失灵", "ours", customer_id=mine.pk)
    ours = crisis_of(intake.open_complaint(actor=SYSTEM, new=said, at=clock.now()))
    listed = garage.car(mine, 9901, plate="")
    Affected.objects.create(
        crisis=theirs, vehicle=listed, customer=mine, outlet_id=cast.outlet_id, since=clock.now(), by="test"
    )
    leaving_alone.settle(actor=SYSTEM, crisis_id=theirs.pk, at=clock.now())
    while escalating.escalate(actor=SYSTEM, at=clock.now()):
        pass
    before = [model.objects.filter(crisis=ours).count() for model in (Entry, Statement, Alarm)]
    removing.remove(day=clock.today(), done=lambda _rows: None)
    db.set_scope(SYSTEM)
    assert list(Crisis.objects.values_list("pk", flat=True)) == [ours.pk]
    assert [model.objects.count() for model in (Entry, Statement, Alarm)] == before
    assert set(Hold.objects.filter(lifted_at=None).values_list("source", flat=True)) == {ours.source}
    assert list(Attachment.objects.values_list("subject_id", flat=True)) == [str(ours.pk)]
    about = Task.objects.filter(subject_type="crisis.crisis", state__in=LIVE)
    assert set(about.values_list("subject_id", flat=True)) == {ours.pk}


def test_the_log_of_a_crisis_goes_in_no_other_transaction(cast):
    db.set_scope(SYSTEM)
    new = NewCrisis(cast.outlet_id, "x", ["SAFETY"], "x")
    row = opening.open_crisis(actor=SYSTEM, at=clock.now(), new=new)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(crisis=row).delete()
    db.set_scope(cast.hq)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('guanxi.forgets', 'on', true)")
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(crisis=row).delete()


@pytest.mark.usefixtures("told")
def test_they_go_with_the_customers_of_the_demonstration():
    removing.remove(day=clock.today(), done=lambda _rows: None)
    db.set_scope(SYSTEM)
    for model in (Complaint, Deed, Rescue, Dispatch, Order, FalseFile, RecallCar):
        assert not model.objects.exists(), model
