"""What happened lately in the demonstration is told by the people of its outlet, once, and goes with its customers."""

from collections import Counter

import pytest

from guanxi.campaigns.models import Campaign, Recall, RecallCar
from guanxi.complaints.models import Complaint, Deed
from guanxi.config.demo.stories import playing
from guanxi.config.demo.world import removing
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.rescue.models import Dispatch, Rescue
from guanxi.verification.models import FalseFile, Order


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


@pytest.mark.usefixtures("told")
def test_told_again_they_add_nothing():
    before = [model.objects.count() for model in (Complaint, Deed, Rescue, Order, Campaign, Recall)]
    playing.play()
    assert [model.objects.count() for model in (Complaint, Deed, Rescue, Order, Campaign, Recall)] == before
    assert min(before) > 0


@pytest.mark.usefixtures("told")
def test_they_go_with_the_customers_of_the_demonstration():
    removing.remove(day=clock.today(), done=lambda _rows: None)
    db.set_scope(SYSTEM)
    for model in (Complaint, Deed, Rescue, Dispatch, Order, FalseFile, RecallCar):
        assert not model.objects.exists(), model
