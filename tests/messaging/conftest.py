"""What the tests of messaging share: a quiet world, customers who agreed, templates, and carriers that only listen."""

import datetime

import pytest
from django.utils import translation
from tests import garage

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.messaging.channels import choosing
from guanxi.messaging.channels.outgoing import OneWay, Taken
from guanxi.messaging.models import Message, Template
from guanxi.messaging.services import queueing, sending
from guanxi.privacy.models import Consent

AT = datetime.datetime(2026, 6, 10, 2, 0, tzinfo=datetime.UTC)  # ten in the morning in Shanghai


def days(number):
    return datetime.timedelta(days=number)


def consent(customer, recipient, purpose="CARE", medium="SMS", standing="GIVEN", given=None):
    return Consent.objects.create(
        customer=customer, purpose=purpose, medium=medium, recipient_id=recipient, standing=standing, proof="测试",
        given_at=given or AT - days(400), recorded_by="test",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def english():
    """Refusals are read in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def quiet(empty_world, cast, acting):
    """The network without customers; in the scope of SYSTEM."""
    from guanxi.access.models import Membership

    Membership.objects.update(valid_from=datetime.date(2020, 1, 1))
    acting(SYSTEM)
    return cast


@pytest.fixture
def person(quiet):
    """Return a function that makes a customer of the outlet who agreed to care by text message."""
    made = []

    def make(name="王雪", mobile=None, *, agreed=True, outlet=None):
        number = f"1380013{len(made) + 8000}" if mobile is None else mobile
        row = garage.customer(name, number, outlet or quiet.outlet_id)
        made.append(row)
        if agreed:
            consent(row, outlet or quiet.outlet_id)
        return row

    return make


@pytest.fixture
def template(quiet):
    """Return a function that writes an approved template: for care by text message, unless said otherwise."""

    def write(code="hello", body="{salutation}，您好", **more):
        values = {
            "channel": "SMS", "purpose": "CARE", "name_zh": code, "name_en": code, "body_zh": body, "body_en": "Hello {customer}",
            "state": "APPROVED", "valid_from": datetime.date(2020, 1, 1), "version": 1, "written_by": "a",
            "written_at": AT, "approved_at": AT, "approved_by": "b",
        }  # fmt: skip
        return Template.objects.create(code=code, **(values | more))

    return write


@pytest.fixture
def write(quiet, template):
    """Return a function that writes to customers from the template ``hello``, as the system unless said otherwise."""
    template()

    def queue(*people, key="test", at=AT, actor=SYSTEM, code="hello", node=None, **more):
        return queueing.queue_messages(
            actor=actor, template=code, node_id=node or quiet.outlet_id, customer_ids=[row.pk for row in people], key=key,
            at=at, **more,
        )  # fmt: skip

    return queue


@pytest.fixture
def carrier(monkeypatch):
    """A carrier that writes down what it is given, in place of all; ``carrier.act`` may do something else."""

    class Carrier(list):
        act = None

        def __call__(self, outgoing):
            self.append(outgoing)
            if self.act:
                self.act(outgoing)
            return Taken(f"n-{outgoing.message_id}")

    made = Carrier()
    monkeypatch.setattr(choosing, "CARRIERS", dict.fromkeys(("browser", "smtp"), lambda: OneWay(made)))
    return made


def send(at=AT):
    db.set_scope(SYSTEM)
    return dict(sending.send_waiting(actor=SYSTEM, now=lambda: at))


def states():
    return sorted(Message.objects.values_list("state", "reason"))
