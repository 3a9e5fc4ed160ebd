"""What the tests of customer care share: a world without customers and rules, and the makers of both."""

import datetime

import pytest
from tests import garage

from guanxi.care.models import CarState, Decision, OwnerState, Rule
from guanxi.care.services import nightly
from guanxi.customers.models import Address
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.values.months import later
from guanxi.privacy.models import Consent
from guanxi.vehicles.models import MaintenanceStep, Sale
from guanxi.worklist.models import Task

DAY = datetime.date(2026, 6, 10)
UTC = datetime.UTC


def at(day=DAY):
    """Return three in the morning of a day in Shanghai."""
    return clock.start_of(day) + datetime.timedelta(hours=3)


def days(number):
    return datetime.timedelta(days=number)


YESTERDAY = DAY - days(1)


@pytest.fixture
def quiet(empty_world, acting, cast):
    """The network without customers, all rules of the base switched off; in the scope of SYSTEM."""
    from guanxi.access.models import Membership

    Rule.objects.update(is_on=False)
    Membership.objects.update(valid_from=datetime.date(2020, 1, 1))
    acting(SYSTEM)
    return cast


@pytest.fixture
def rule(quiet):
    """Return a function that writes a rule: a call on the day after delivery, unless said otherwise."""

    def write(code="x_test", **more):
        values = {
            "name_zh": code, "name_en": code, "since": datetime.date(2020, 1, 1), "anchor": "DELIVERY", "opens": 1,
            "due": 3, "channel": "PHONE", "purpose": "SERVICE", "role_id": "follow_up_agent", "cap_id": "call",
            "made_at": at(),
        }  # fmt: skip
        return Rule.objects.create(code=code, **(values | more))

    return write


def consent(customer, recipient, purpose="SERVICE", medium="PHONE", standing="GIVEN", given=None, withdrawn=None):
    return Consent.objects.create(
        customer=customer, purpose=purpose, medium=medium, recipient_id=recipient, standing=standing, proof="测试",
        given_at=given or at() - days(400), recorded_by="test", withdrawn_at=withdrawn,
        withdrawal_proof="来电" if withdrawn else "",
    )  # fmt: skip


@pytest.fixture
def buyer(quiet):
    """Return a function that makes a customer with a consent, and a car that he bought on a day."""
    made = []

    def make(sold_on=YESTERDAY, *, outlet=None, name="王雪", mobile=None, agreed=True, **car):
        number = len(made) + 1
        place = outlet or quiet.outlet_id
        row = garage.customer(name, mobile or f"1380013{number:04d}", place)
        vehicle = garage.car(row, number, plate=f"沪A1{number:04d}", since=sold_on, sold_on=sold_on, **car)
        Sale.objects.create(vehicle=vehicle, customer=row, outlet_id=place, sold_on=sold_on, touched_at=at())
        if agreed:
            consent(row, place)
        made.append(row)
        row.car = vehicle
        return row

    return make


def stands(vehicle, *, step=None, on=None, since=None, warranty_ends=None):
    """Say what the pass of the night found of a car: which step is due when, nothing done since."""
    found = step and MaintenanceStep.objects.get(series__models__trims=vehicle.trim_id, kind=step)
    values = {"step": found, "due_on": on, "due_from": since, "due_by": "TIME" if on else ""}
    state, _made = CarState.objects.update_or_create(
        vehicle=vehicle, defaults={"phase": "UNKNOWN", "warranty_ends": warranty_ends} | values
    )
    return state


def is_state(customer, state, since, *, outlet, last_visit=None, **more):
    """Say what the pass of the night found of an owner at an outlet."""
    values = {"state": state, "since": since, "visits": 0, "last_visit": last_visit, "kpi_lost": False}
    row, _made = OwnerState.objects.update_or_create(customer=customer, outlet_id=outlet, defaults=values | more)
    return row


@pytest.fixture
def night(quiet):
    """Return a function that runs the night of a day and returns what came of it, by result."""

    def run(day=DAY):
        db.set_scope(SYSTEM)
        return dict(nightly.make_tasks(actor=SYSTEM, day=day, at=at(day)).results)

    return run


def results(customer):
    return sorted(Decision.objects.filter(customer=customer).values_list("code", "result"))


def tasks(customer):
    return list(Task.objects.filter(subject_id=customer.pk, kind__startswith="care.").order_by("pk"))


def address(customer):
    return Address.objects.create(customer=customer, province="31", line="衡山路1号", touched_at=at())


@pytest.fixture
def kinds(quiet):
    """The kinds of lectures of the base, in force since long, each proposed from two people on; by code."""
    from guanxi.care.models import Gathering

    Gathering.objects.update(since=datetime.date(2020, 1, 1), threshold=2)
    return {row.code: row for row in Gathering.objects.all()}


@pytest.fixture
def owner(kinds, buyer):
    """Return a function that makes a customer who may be invited, with a car of an age in months."""

    def make(months=1, *, outlet=None, agreed=True, **more):
        sold_on = later(DAY, -months) - days(3)
        row = buyer(sold_on, outlet=outlet, agreed=False, **more)
        if agreed:
            consent(row, outlet or row.relations.get().outlet_id, "MARKETING", "SMS")
        return row

    return make


@pytest.fixture
def gather(kinds):
    """Return a function that runs the night of the lectures of a day and returns what changed, by kind."""
    from guanxi.care.services import gathering

    def run(day=DAY):
        db.set_scope(SYSTEM)
        return gathering.gather(actor=SYSTEM, day=day, at=at(day))

    return run


@pytest.fixture
def neighbour(cast):
    """The customer-relations manager of the other outlet; ``signed_in("stranger")`` is he."""
    from tests.cast import actor_of

    from guanxi.access.models import Membership, User

    db.set_scope(SYSTEM)
    user = User.objects.get(pk=cast.stranger.user_id)
    Membership.objects.create(
        user=user, role_id="cr_manager", node_id=cast.other_outlet_id, valid_from=datetime.date(2020, 1, 1)
    )
    return actor_of(user.username)
