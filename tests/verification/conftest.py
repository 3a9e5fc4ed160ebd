"""What the tests of verification share: a new car, a warranty repair, the calls that verify them, what is found."""

import datetime
import uuid

import pytest
from tests import garage

from guanxi.contact_centre.models import Script
from guanxi.contact_centre.services import calling
from guanxi.customers.models import Address
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.vehicles.models import Sale
from guanxi.verification.models import Check
from guanxi.verification.states import Said
from guanxi.worklist.services import adding
from guanxi.worklist.services.adding import NewTask
from guanxi.workshop.models import Visit, VisitLine

AT = clock.start_of(clock.today()) + datetime.timedelta(hours=10, minutes=20)  # people of the demonstration work today
DAY = clock.today()
NEW_CAR = ("NAME", "MOBILE", "ADDRESS", "PLATE", "VIN", "SOLD_ON", "SOLD_AT")
WARRANTY = ("NAME", "MOBILE", "PLATE", "CAME", "CAME_ON", "WORK", "FREE", "MILEAGE")


def hours(number):
    return datetime.timedelta(hours=number)


def days(number):
    return datetime.timedelta(days=number)


def found(codes=NEW_CAR, **wrong):
    """Return every field as right, but for those that are named: wrong with these words, None not asked."""
    said = {code: Said("RIGHT") for code in codes}
    for code, words in wrong.items():
        said[code] = Said("NOT_ASKED") if words is None else Said("WRONG", words)
    return said


@pytest.fixture
def owner(cast):
    row = garage.customer("王雪", "13800138000", cast.outlet_id)
    Address.objects.create(customer=row, city="3101", province="31", line="虹桥路1号", touched_at=AT)
    return row


@pytest.fixture
def car(cast, owner):
    row = garage.car(owner, trim=garage.trim())
    Sale.objects.create(vehicle=row, customer=owner, outlet_id=cast.outlet_id, sold_on=DAY - days(15), touched_at=AT)
    return row


@pytest.fixture
def visit(cast, owner, car):
    row = Visit.objects.create(
        outlet_id=cast.outlet_id, vehicle=car, customer=owner, order_no="WO-77", category="WARRANTY_CLAIM", counts=True,
        entered_on=DAY - days(5), left_on=DAY - days(4), km=8_000, touched_at=AT,
    )  # fmt: skip
    VisitLine.objects.create(visit=row, position=1, kind="PART", name="更换水泵", amount=0, is_warranty=True)
    return row


@pytest.fixture
def task(cast, owner):
    """Return a function that writes a verifying call of the call centre, as the rules of contacts do."""

    def new(rule="centre_welcome", *, number=1, node=None, **values):
        db.set_scope(SYSTEM)
        made = NewTask(
            kind="care.call", key=f"test:{rule}:{number}", node_id=node or cast.agent.home_id, reason="Call",
            due=AT + hours(4), role="call_centre_agent" if node is None else "follow_up_agent", opens_at=AT - hours(1),
            subject_type="customer", subject_id=owner.pk, subject_label=owner.name,
            values={"rules": [rule], "words": "核实"} | values,
        )  # fmt: skip
        return adding.add_task(actor=SYSTEM, task=made, at=AT)

    return new


@pytest.fixture
def call(cast, acting):
    """Return a function that records a call of an agent, with how the record was found; it returns the check."""

    def new(task, said=None, outcome="REACHED", *, actor=None, at=AT, answers=None, **more):
        script = Script.objects.get(code="plain", until=None)
        report = calling.Report(
            token=uuid.uuid4(), script_id=script.pk, outcome=outcome, record=said or {},
            answers=answers or {"said": "好", "content": "yes"}, **more,
        )  # fmt: skip
        made = calling.record_call(actor=acting(actor or cast.agent), task_id=task.pk, report=report, at=at)
        db.set_scope(SYSTEM)
        return Check.objects.filter(call_id=made.pk).first()

    return new


@pytest.fixture
def ordered(task, call, car):
    """A correction order from the call centre: the plate is wrong."""
    return call(task(), found(PLATE="沪B99999")).order


@pytest.fixture
def published(monkeypatch):
    """What was told to the world, in order."""
    from guanxi.foundation import events

    told = []
    monkeypatch.setattr(events, "publish", told.append)
    return told
