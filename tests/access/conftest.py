"""What the tests of access share: an invitation taken up, roles by hand, somebody with two jobs."""

import pytest

from guanxi.access.models import Membership, Role, User
from guanxi.access.services import people
from guanxi.foundation import clock, db
from guanxi.foundation.actor import NOBODY, SYSTEM
from guanxi.network.models import Node

PASSWORD = "a-long-enough-secret-7"


@pytest.fixture
def node():
    """Return a function from a code to its id."""
    return lambda code: Node.objects.get(code=code).pk


@pytest.fixture
def hold(acting):
    """Return a function that gives somebody a role at a place, as the system does, and returns the row."""

    def give(username, role, code, **more):
        acting(SYSTEM)
        day = more.pop("valid_from", clock.today())
        user, place = User.objects.get(username=username), Node.objects.get(code=code)
        return Membership.objects.create(user=user, role_id=role, node=place, valid_from=day, **more)

    return give


@pytest.fixture
def role(acting):
    """Return a function that makes a role."""

    def new(code="t_role", kinds=("OUTLET", "UNIT"), reach="OUTLET", verbs=("network.view",)):
        acting(SYSTEM)
        return Role.objects.create(
            code=code, name_zh="试", name_en="Trial", kinds=list(kinds), reach=reach, verbs=verbs
        )

    return new


@pytest.fixture
def accept():
    """Return a function that takes up a link as a stranger does: with nothing but the link."""

    def take(secret, username="newcomer", password=PASSWORD, at=None):
        db.set_scope(NOBODY, identify=True)
        return people.accept_link(secret=secret, username=username, password=password, at=at or clock.now())

    return take
