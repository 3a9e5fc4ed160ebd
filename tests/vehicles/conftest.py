"""What the tests of vehicles share: an owner with a car at the cast's outlet, and places where nobody knows them."""

import pytest
from tests import garage


@pytest.fixture
def owner(cast):
    return garage.customer("王雪", "13800138000", cast.outlet_id)


@pytest.fixture
def car(owner):
    return garage.car(owner)


@pytest.fixture
def other(cast):
    """Somebody known to another outlet alone."""
    return garage.customer("李强", "13900139000", cast.other_outlet_id)


@pytest.fixture
def trim(cast):
    return garage.trim()
