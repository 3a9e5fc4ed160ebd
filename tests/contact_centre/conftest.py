"""What the tests of the contact centre share: a customer with a call to be made, and the reports of agents."""

import datetime
import uuid

import pytest
from tests import garage

from guanxi.contact_centre.models import Script
from guanxi.contact_centre.services import calling, enquiring
from guanxi.contact_centre.services.calling import Report
from guanxi.contact_centre.services.enquiring import NewEnquiry
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.services import adding
from guanxi.worklist.services.adding import NewTask

AT = clock.start_of(clock.today()) + datetime.timedelta(hours=10, minutes=20)  # people of the demonstration work today
FULL = {
    "feeling": "9", "unclear": "no", "store": "8", "discontent": "no", "plate": "help",
}  # fmt: skip


def hours(number):
    return datetime.timedelta(hours=number)


@pytest.fixture
def owner(cast):
    return garage.customer("王雪", "13800138000", cast.outlet_id)


@pytest.fixture
def car(owner):
    return garage.car(owner)


@pytest.fixture
def task(cast, owner):
    """Return a function that writes a call to be made at the cast's outlet, by its follow-up agents."""

    def new(number=1, *, customer=None, node=None, at=AT, **more):
        db.set_scope(SYSTEM)
        who = customer or owner
        values = {
            "kind": "care.call", "key": f"test:{number}", "node_id": node or cast.outlet_id, "reason": "Call back",
            "due": at + hours(4), "role": "follow_up_agent", "opens_at": at - hours(1), "subject_type": "customer",
            "subject_id": who.pk, "subject_label": who.name, "values": {"rules": ["manager_call"], "words": "问候"},
        }  # fmt: skip
        return adding.add_task(actor=SYSTEM, task=NewTask(**(values | more)), at=at)

    return new


def script(code="manager_call"):
    return Script.objects.get(code=code, until=None)


def report(outcome="REACHED", *, code="manager_call", **more):
    values = {"token": uuid.uuid4(), "script_id": script(code).pk, "outcome": outcome}
    if outcome == "REACHED" and code == "manager_call":
        values["answers"] = FULL
    return Report(**(values | more))


@pytest.fixture
def record(cast, acting):
    """Return a function that records a call as the outlet's follow-up agent unless said otherwise."""

    def new(task, outcome="REACHED", *, actor=None, at=AT, said=None, **more):
        return calling.record_call(
            actor=acting(actor or cast.callback), task_id=task.pk, report=said or report(outcome, **more), at=at
        )

    return new


@pytest.fixture
def published(monkeypatch):
    """What was told to the world, in order."""
    from guanxi.foundation import events

    told = []
    monkeypatch.setattr(events, "publish", told.append)
    return told


@pytest.fixture
def take(cast, acting):
    """Return a function that takes an enquiry as the outlet's follow-up agent unless said otherwise."""

    def new(who="callback", *, at=None, **more):
        values = {
            "token": uuid.uuid4(), "category": "MAINTENANCE", "words": "多久保养一次", "is_resolved": True,
            "answer": "半年或五千公里", "outlet_id": cast.outlet_id,
        }  # fmt: skip
        moment = at or datetime.datetime(2026, 6, 3, 2, 0, tzinfo=datetime.UTC)  # a Wednesday morning
        return enquiring.take(actor=acting(getattr(cast, who)), enquiry=NewEnquiry(**(values | more)), at=moment)

    return new
