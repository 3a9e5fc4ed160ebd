"""What the tests of rescue share: a customer with a car, who helps around, and a rescue on its way."""

import datetime
from decimal import Decimal

import pytest
from tests import garage

from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.network.models import Node
from guanxi.rescue.models import Provider
from guanxi.rescue.services import answering, sending, taking
from guanxi.rescue.services.answering import Crew, Report
from guanxi.rescue.services.taking import NewRescue

AT = datetime.datetime(2026, 6, 3, 2, 0, tzinfo=datetime.UTC)  # a Wednesday, ten o'clock in Shanghai
HERE = (Decimal("31.2304"), Decimal("121.4737"))
NEAR = (Decimal("31.2500"), Decimal("121.5000"))  # about 3.3 km away


def minutes(number):
    return datetime.timedelta(minutes=number)


@pytest.fixture(autouse=True)
def nobody_else(cast):
    """Only the providers of the test help."""
    db.set_scope(SYSTEM)
    Provider.objects.all().delete()


@pytest.fixture
def partner_id(cast):
    db.set_scope(SYSTEM)
    return Node.objects.get(kind="PARTNER", function="RESCUE").pk


@pytest.fixture
def helper(cast):
    """A function that keeps somebody who helps day and night."""

    def make(node_id, position=NEAR, helps=("TOW", "JUMP_START"), radius_km=100, **more):
        db.set_scope(SYSTEM)
        values = {"phone": "021-50001234", "is_day_and_night": True, "changed_at": AT} | more
        north, east = position or (None, None)
        return Provider.objects.create(
            node_id=node_id, latitude=north, longitude=east, helps=list(helps), radius_km=radius_km, **values
        )

    return make


@pytest.fixture
def car(cast):
    """A car of a customer of the outlet, sold a year ago."""
    owner = garage.customer("罗秀英", "13600007701", cast.outlet_id)
    row = garage.car(owner, 77, plate="沪A77777")
    row.sold_on, row.odometer_km = datetime.date(2025, 6, 1), 12000
    row.save()
    return row


@pytest.fixture
def take(cast, acting):
    """A function that takes a rescue as one of the cast."""

    def make(who="agent", *, at=AT, place=None, **more):
        actor = acting(getattr(cast, who))
        values = {
            "place_id": place or actor.home_id, "token": f"form-{who}-{at:%H%M%S}", "help": "TOW", "caller": "罗秀英",
            "phone": "13600007701", "where": "G2高速往上海方向128公里", "words": "发动机灯亮后熄火", "is_hurt": False,
            "is_safe": True, "position": HERE,
        }  # fmt: skip
        return taking.take(actor=actor, new=NewRescue(**(values | more)), at=at)

    return make


@pytest.fixture
def on_the_way(cast, acting, take, helper):
    """A function that brings a rescue to a state: sent, accepted, arrived, done."""

    def make(to="ACCEPTED", **more):
        helper(cast.outlet_id)
        row = take(**more)
        sending.send(actor=acting(cast.agent), rescue_id=row.pk, provider_id=cast.outlet_id, at=AT + minutes(2))
        if to != "SENT":
            answering.accept(
                actor=acting(cast.service), rescue_id=row.pk, crew=Crew(30, "李师傅", "13911112222", "沪B12345"),
                at=AT + minutes(4),
            )  # fmt: skip
        if to in {"ARRIVED", "DONE"}:
            answering.arrive(actor=acting(cast.service), rescue_id=row.pk, at=AT + minutes(28))
        if to == "DONE":
            report = Report("TOWED", cast.outlet_id, Decimal(300), Decimal(0))
            answering.finish(actor=acting(cast.service), rescue_id=row.pk, report=report, at=AT + minutes(60))
        db.set_scope(SYSTEM)
        row.refresh_from_db()
        return row

    return make
