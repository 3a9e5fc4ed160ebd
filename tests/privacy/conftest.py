"""What the tests of privacy share: a customer of two outlets, and decisions as people record them."""

import datetime

import pytest
from tests import garage

from guanxi.foundation import clock
from guanxi.privacy.services import consents
from guanxi.privacy.services.consents import Decision

AT = datetime.datetime(2026, 5, 11, 2, 0, tzinfo=datetime.UTC)


@pytest.fixture
def customer(cast):
    return garage.customer("王雪", "13800138000", cast.outlet_id, cast.other_outlet_id)


@pytest.fixture
def decide(cast, acting, customer):
    """Return a function that records a decision, as the service advisor of the cast's outlet unless said otherwise."""

    def new(standing="GIVEN", *, actor=None, day=0, to=None, purpose="CARE", medium="SMS", **more):
        decision = Decision(
            purpose=purpose, medium=medium, recipient_id=to or cast.outlet_id, standing=standing,
            given_at=AT + datetime.timedelta(days=day), **{"proof": "表单 0001", **more},
        )  # fmt: skip
        actor = acting(actor or cast.advisor)
        return consents.record_consent(actor=actor, customer_id=customer.pk, decision=decision, at=clock.now())

    return new
