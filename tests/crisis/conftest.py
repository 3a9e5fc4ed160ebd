"""What the tests of crises share: complaints with signs of one, and rooms that are open."""

import datetime

import pytest
from django.utils import translation
from tests import garage

from guanxi.access.models import Membership
from guanxi.complaints.models import Complaint
from guanxi.complaints.services import intake
from guanxi.complaints.services.intake import NewComplaint
from guanxi.crisis.models import Crisis
from guanxi.crisis.services import opening
from guanxi.crisis.services.opening import NewCrisis
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM

AT = datetime.datetime(2026, 6, 3, 2, 0, tzinfo=datetime.UTC)  # a Wednesday, ten o'clock in Shanghai
GRAVE = "高速上刹车失灵，我要找记者曝光"


def hours(number):
    return datetime.timedelta(hours=number)


def fresh(row):
    """Return a crisis as it stands now, in the scope of SYSTEM."""
    db.set_scope(SYSTEM)
    return Crisis.objects.get(pk=row.pk)


def log(row):
    """Return the log of a crisis in its order: what and in which words."""
    db.set_scope(SYSTEM)
    return [(entry.act, entry.words) for entry in row.entries.order_by("pk")]


@pytest.fixture(autouse=True)
def long_employed(cast):
    """The people of the demonstration have worked since long before the days of these tests."""
    Membership.objects.update(valid_from=datetime.date(2020, 1, 1))


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def customer(cast):
    return garage.customer("罗秀英", "13600008801", cast.outlet_id)


@pytest.fixture
def complain(cast, acting, customer):
    """A function that takes a complaint in."""

    def make(words=GRAVE, *, at=AT, **more):
        actor = acting(SYSTEM)
        new = NewComplaint(
            more.pop("outlet", cast.outlet_id), "SERVICE", words, more.pop("token", f"crisis-{Complaint.objects.count()}"),
            customer_id=more.pop("customer_id", customer.pk), is_another=True, **more,
        )  # fmt: skip
        return intake.open_complaint(actor=actor, new=new, at=at)

    return make


@pytest.fixture
def room(cast, acting):
    """A function that opens a crisis at the outlet, by the general manager unless said otherwise."""

    def make(who="gm", *, at=AT, **more):
        actor = acting(SYSTEM if who == "system" else getattr(cast, who))
        values = {
            "title": "制动踏板异响",
            "types": ["SAFETY"],
            "words": "三位车主同一天到店",
            "owner_id": cast.gm.user_id,
        }
        new = NewCrisis(more.pop("place_id", cast.outlet_id), **(values | more))
        return opening.open_crisis(actor=actor, new=new, at=at)

    return make


@pytest.fixture
def published(monkeypatch):
    """What was told to the world, in order."""
    from guanxi.foundation import events

    told = []
    monkeypatch.setattr(events, "publish", told.append)
    return told
