"""What the tests of customers share: a moment, a day, and customers made as people make them."""

import datetime

import pytest

from guanxi.customers.models import Relation
from guanxi.customers.services import recording
from guanxi.foundation import clock

DAY = clock.today()  # the demonstration ends today: its people are touched no later
AT = clock.start_of(DAY) + datetime.timedelta(hours=10)


@pytest.fixture
def add(cast, acting):
    """Return a function that adds a customer to an outlet, as the outlet's administrator unless said otherwise."""

    def new(name="王小明", mobile="13812345678", *, actor=None, outlet=None, category="OWNER", **more):
        actor = acting(actor or cast.admin)
        fields = {"name": name, **more.pop("fields", {})}
        newcomer = recording.Newcomer(fields, mobile=mobile, category=category, **more)
        return recording.add_customer(
            actor=actor, outlet_id=outlet or cast.outlet_id, newcomer=newcomer, at=AT, day=DAY
        )

    return new


@pytest.fixture
def elsewhere(cast, add):
    """Return a function that adds a customer to another outlet, as its administrator."""

    def new(name="李四海", mobile="13900001111", **more):
        return add(name, mobile, actor=cast.stranger, outlet=cast.other_outlet_id, **more)

    return new


def relation_of(customer, outlet_id):
    return Relation.objects.get(customer=customer, outlet_id=outlet_id, ended_on__isnull=True)
