"""What the tests of complaints share."""

import datetime

import pytest
from django.utils import translation
from tests import garage
from tests.cast import actor_of

from guanxi.access.models import Membership
from guanxi.complaints.models import Complaint
from guanxi.complaints.services import handling, intake, revisit
from guanxi.complaints.services.intake import NewComplaint
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM

AT = datetime.datetime(2026, 6, 3, 2, 0, tzinfo=datetime.UTC)  # a Wednesday, ten o'clock in Shanghai
LATER = AT + datetime.timedelta(hours=1)
WORDS = "空调修了两次还不凉"


def hours(number):
    return datetime.timedelta(hours=number)


def fresh(row):
    """Return a complaint as it stands now, in the scope of SYSTEM."""
    db.set_scope(SYSTEM)
    return Complaint.objects.get(pk=row.pk)


@pytest.fixture(autouse=True)
def long_employed(cast):
    """The people of the demonstration have worked since long before the days of these tests."""
    Membership.objects.update(valid_from=datetime.date(2020, 1, 1))


@pytest.fixture(autouse=True)
def in_english():
    """Refusals are read in English, unless a page is asked for in another language."""
    with translation.override("en"):
        yield


@pytest.fixture
def customer(cast):
    return garage.customer("罗秀英", "13600007701", cast.outlet_id)


@pytest.fixture
def saleslead(cast):
    """The sales manager of the outlet."""
    return actor_of("saleslead")


@pytest.fixture
def take_in(cast, acting, customer):
    """A function that takes a complaint in as one of the cast."""

    def make(who="crm", *, words=WORDS, angle="SERVICE", at=AT, **more):
        actor = SYSTEM if who == "system" else acting(getattr(cast, who))
        more.setdefault("token", f"form-{who}-{angle}-{Complaint.objects.count()}")
        more.setdefault("customer_id", customer.pk)
        more.setdefault("category", "REPEATED")
        more.setdefault("is_another", True)
        new = NewComplaint(more.pop("outlet", cast.outlet_id), angle, words, **more)
        return intake.open_complaint(actor=actor, new=new, at=at)

    return make


@pytest.fixture
def bring(cast, acting):
    """A function that brings a complaint as far as a state, by the service manager and the follow-up agent."""

    def go(row, to, at=LATER):
        service, pk = acting(cast.service), row.pk
        handling.record_contact(actor=service, complaint_id=pk, words="已致歉", at=at)
        if to == "ANALYSING":
            return fresh(row)
        handling.decide_validity(actor=service, complaint_id=pk, is_valid=True, words="属实", at=at)
        find_and_resolve(service, pk, at, only_cause=to == "RESOLVING")
        if to == "CLOSED":
            revisit.record_revisit(
                actor=acting(cast.callback), complaint_id=pk, is_satisfied=True, words="满意", at=at + hours(24)
            )
        return fresh(row)

    return go


def find_and_resolve(actor, pk, at, *, cause="BADLY_DONE", only_cause=False):
    """Name a cause, agree a plan and resolve."""
    where = handling.Where("AIR_CONDITIONING" if cause == "MATERIAL" else "")
    handling.name_cause(actor=actor, complaint_id=pk, cause=cause, words="检查了压缩机", where=where, at=at)
    if not only_cause:
        handling.agree_plan(actor=actor, complaint_id=pk, words="周五前更换压缩机", at=at)
        handling.resolve(actor=actor, complaint_id=pk, words="已更换", at=at)


@pytest.fixture
def published(monkeypatch):
    """What was told to the world, in order."""
    from guanxi.foundation import events

    told = []
    monkeypatch.setattr(events, "publish", told.append)
    return told
