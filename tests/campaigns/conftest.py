"""What the tests of campaigns share: a world without customers, people who may be addressed, and planned campaigns."""

import datetime
from decimal import Decimal

import pytest
from tests import garage

from guanxi.campaigns.policy import Wave
from guanxi.campaigns.services import deciding, planning
from guanxi.campaigns.services.planning import Plan
from guanxi.customers.models import Relation
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.messaging.models import Template
from guanxi.privacy.models import Consent

DAY = datetime.date(2026, 6, 10)
AT = clock.start_of(DAY) + datetime.timedelta(hours=10)


def days(number):
    return datetime.timedelta(days=number)


def consent(customer, recipient, purpose="SERVICE", medium="SMS", standing="GIVEN"):
    return Consent.objects.create(
        customer=customer, purpose=purpose, medium=medium, recipient_id=recipient, standing=standing, proof="测试",
        given_at=AT - days(400), recorded_by="test",
    )  # fmt: skip


@pytest.fixture
def world(empty_world, acting, cast):
    """The network and its people since long, without customers; in the scope of SYSTEM."""
    from guanxi.access.models import Membership

    Membership.objects.update(valid_from=datetime.date(2020, 1, 1))
    acting(SYSTEM)
    Template.objects.create(
        code="check_up", version=1, channel="SMS", purpose="SERVICE", name_zh="检测", name_en="Check-up",
        body_zh="{salutation}，请来检测。", body_en="{salutation}, come for a check-up.", state="APPROVED",
        valid_from=datetime.date(2020, 1, 1), written_by="test", written_at=AT, approved_by="test", approved_at=AT,
    )  # fmt: skip
    return cast


@pytest.fixture
def person(world):
    """Return a function that makes a customer of an outlet who agreed to service by text message and telephone."""
    made = []

    def make(name="王雪", *, outlet=None, agreed=True, mobile=None, car=True, **relation):
        number = len(made) + 1
        place = outlet or world.outlet_id
        row = garage.customer(name, f"1380013{number:04d}" if mobile is None else mobile, place)
        if relation:
            Relation.objects.filter(customer=row).update(**relation)
        if car:
            row.car = garage.car(row, number, plate=f"沪A1{number:04d}", sold_on=DAY - days(800), model_text="远航")
        if agreed:
            for medium in ("SMS", "PHONE"):
                consent(row, place, medium=medium)
        made.append(row)
        return row

    return make


def values(node_id, **more):
    """Return what a campaign says: a text message to everybody, without a limit, unless said otherwise."""
    return {
        "name": "夏季检测", "aim": "促进入厂", "node_id": node_id, "audience": [], "channel": "SMS",
        "purpose": "SERVICE", "template": "first_service", "words": "", "role_id": None, "offer": "", "offer_code": "",
        "budget": None, "unit_cost": Decimal(0), "fixed_cost": Decimal(0), "control": 0, "visit_days": 30,
        "sale_days": 90,
    } | more  # fmt: skip


@pytest.fixture
def plan(world, acting):
    """Return a function that writes a campaign as one of the cast; it goes out on the day unless said otherwise."""

    def make(who="crm", *, kind="SERVICE_VISITS", waves=((DAY, 100),), at=AT, node=None, **more):
        actor = acting(SYSTEM if who == "system" else getattr(world, who))
        said = Plan(
            values(node or world.outlet_id, **({"template": "check_up"} | more)),
            [Wave(on, share) for on, share in waves],
        )
        return planning.add_campaign(actor=actor, kind=kind, plan=said, at=at)

    return make


def recall_values(node_id, **more):
    """Return what a recall says: a safety recall by telephone, unless said otherwise."""
    return {
        "name": "制动软管召回", "reference": "R2026-01", "about": "更换制动软管", "node_id": node_id, "is_safety": True,
        "channel": "PHONE", "template": "", "role_id": "follow_up_agent",
    } | more  # fmt: skip


CALL = {"channel": "PHONE", "template": "", "words": "问候并邀请", "role_id": "follow_up_agent"}


@pytest.fixture
def approved(plan, world, acting):
    """Return a function that writes a campaign, submits it, and lets a second person approve it."""

    def make(who="crm", by="gm", **more):
        row = plan(who, **more)
        at = more.get("at", AT)
        deciding.submit(actor=acting(getattr(world, who)), campaign_id=row.pk, at=at)
        return deciding.approve(actor=acting(getattr(world, by)), campaign_id=row.pk, at=at)

    return make


def seen():
    """Look again as the system."""
    db.set_scope(SYSTEM)
