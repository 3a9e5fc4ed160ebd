"""What the tests of rectification share."""

import datetime

import pytest
from tests import garage

from guanxi.foundation.actor import SYSTEM
from guanxi.rectification.services import issuing
from guanxi.rectification.services.answering import Answer
from guanxi.rectification.services.issuing import NewNotice

AT = datetime.datetime(2026, 6, 3, 2, 0, tzinfo=datetime.UTC)  # a Wednesday, ten o'clock in Shanghai
SAID = Answer("螺丝未拧紧", "重新紧固并路试", "工单 RO-77")


def hours(number):
    return datetime.timedelta(hours=number)


@pytest.fixture
def customer(cast):
    return garage.customer("罗秀英", "13600007701", cast.outlet_id)


@pytest.fixture
def issue(cast, acting, customer):
    """A function that issues a notice as one of the cast."""

    def make(who="crm", *, problem="REPAIR_QUALITY", at=AT, outlet=None, **more):
        actor = SYSTEM if who == "system" else acting(getattr(cast, who))
        more.setdefault("token", f"form-{who}-{problem}-{at:%d%H%M%S}")
        more.setdefault("customer_id", customer.pk)
        notice = NewNotice(outlet or cast.outlet_id, problem, "车修了两次还异响", **more)
        return issuing.issue(actor=actor, notice=notice, at=at)

    return make


@pytest.fixture
def published(monkeypatch):
    """What was told to the world, in order."""
    from guanxi.foundation import events

    told = []
    monkeypatch.setattr(events, "publish", told.append)
    return told
