"""What the tests of the workshop share: a car of a customer of the cast's outlet, and visits as people record them."""

import datetime
from decimal import Decimal

import pytest
from tests import garage

from guanxi.foundation import clock
from guanxi.workshop.services import recording

DAY = datetime.date(2026, 5, 11)


@pytest.fixture
def owner(cast):
    return garage.customer("王雪", "13800138000", cast.outlet_id)


@pytest.fixture
def car(owner):
    return garage.car(owner)


@pytest.fixture
def other(cast):
    return garage.customer("李强", "13900139000", cast.other_outlet_id)


def report(number=1, **more):
    values = {
        "order_no": f"WO-{number}", "category": "PERIODIC_MAINTENANCE", "entered_on": DAY, "km": 12_000,
        "total": Decimal("680.00"), "words": "刹车有异响",
    }  # fmt: skip
    return recording.Report(**(values | more))


@pytest.fixture
def record(cast, acting, car):
    """Return a function that records a visit as the service advisor of the cast's outlet unless said otherwise."""

    def new(number=1, *, actor=None, at=None, vehicle=None, **more):
        return recording.record_visit(
            actor=acting(actor or cast.advisor), outlet_id=at or cast.outlet_id, vehicle_id=(vehicle or car).pk,
            report=report(number, **more), at=clock.now(),
        )  # fmt: skip

    return new
