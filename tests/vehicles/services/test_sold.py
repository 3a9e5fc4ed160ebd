"""A sale makes an owner of whoever bought, at the outlet that sold."""

import datetime
import json

import pytest
from django.db import connection
from tests import garage

from guanxi.customers import tasks
from guanxi.customers.models import Customer, Quality, Relation
from guanxi.customers.services import relating
from guanxi.foundation import clock, events
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid, NotAllowed
from guanxi.records.models import AuditEntry
from guanxi.vehicles.services import papers
from guanxi.vehicles.services.papers import NewSale

pytestmark = pytest.mark.django_db
SOLD = garage.DAY + datetime.timedelta(days=100)


@pytest.fixture
def sell(cast, acting):
    """Return a function that sells a car to a customer of the outlet, and lets the jobs of the sale run."""

    def of(buyer, number=1, on=SOLD):
        car = garage.car(buyer, number, plate="")
        sale = NewSale(cast.outlet_id, on)
        actor = acting(cast.sales)
        papers.sell(actor=actor, vehicle_id=car.pk, customer_id=buyer.pk, sale=sale, at=clock.now())
        acting(SYSTEM)
        react(car)

    return of


def react(car):
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'events.react' ORDER BY id")
        stored = [json.loads(args) if isinstance(args, str) else args for (args,) in cursor.fetchall()]
    mine = [
        args for args in stored
        if args["values"].get("vehicle_id") == car.pk and "VehicleSold->guanxi.customers" in args["reaction"]
    ]  # fmt: skip
    assert len(mine) == 1
    for args in mine:
        events.react(**args)


def held(buyer, outlet_id):
    rows = Relation.objects.filter(customer=buyer, outlet_id=outlet_id).order_by("since", "pk")
    return [(row.category, row.since, row.ended_on) for row in rows]


@pytest.mark.covers("CLASS-03")
@pytest.mark.parametrize("category", ["POTENTIAL", "BASE", "LOST"])
def test_who_bought_is_an_owner_from_the_day_of_the_sale_on(sell, cast, acting, category):
    buyer = garage.customer("王雪", "13800138000", cast.outlet_id, cast.other_outlet_id, category=category)
    Relation.objects.filter(customer=buyer).update(tags=["VIP"], source="WALK_IN", consultant_name="刘顾问")
    sell(buyer)
    assert held(buyer, cast.outlet_id) == [(category, garage.DAY, SOLD), ("OWNER", SOLD, None)]
    assert held(buyer, cast.other_outlet_id) == [(category, garage.DAY, None)]
    now = Relation.objects.get(customer=buyer, outlet_id=cast.outlet_id, ended_on=None)
    assert (now.tags, now.source, now.consultant_name) == (["VIP"], "WALK_IN", "刘顾问")
    assert "NO_IDENTITY" in Quality.objects.get(customer=buyer).doubts  # asked of owners alone
    line = AuditEntry.objects.get(verb="customers.relate_customer", subject_id=str(buyer.pk))
    assert (line.before["category"], line.after) == (category, {"category": "OWNER", "since": str(SOLD)})
    acting(cast.sales)
    assert held(buyer, cast.outlet_id)[-1] == ("OWNER", SOLD, None)


@pytest.mark.parametrize("days", [0, 30])
def test_a_sale_before_the_relation_dates_it_back(sell, cast, days):
    buyer = garage.customer("王雪", "13800138000", cast.outlet_id, category="POTENTIAL")
    Relation.objects.filter(customer=buyer).update(since=SOLD + datetime.timedelta(days=days))
    sell(buyer)
    assert held(buyer, cast.outlet_id) == [("OWNER", SOLD, None)]


def test_an_owner_stays_what_he_is(sell, cast):
    buyer = garage.customer("王雪", "13800138000", cast.outlet_id)
    sell(buyer)
    sell(buyer, 2, SOLD + datetime.timedelta(days=9))
    assert held(buyer, cast.outlet_id) == [("OWNER", garage.DAY, None)]
    assert not AuditEntry.objects.filter(verb="customers.relate_customer", subject_id=str(buyer.pk)).exists()


def test_the_job_done_twice_and_late_does_it_once(sell, cast):
    buyer = garage.customer("王雪", "13800138000", cast.outlet_id, category="BASE")
    sell(buyer)
    first = held(buyer, cast.outlet_id)
    tasks.follow_sale(customer_id=buyer.pk, outlet_id=cast.outlet_id, sold_on=SOLD.isoformat())
    assert held(buyer, cast.outlet_id) == first
    Relation.objects.filter(customer=buyer).update(ended_on=SOLD)
    tasks.follow_sale(customer_id=buyer.pk, outlet_id=cast.outlet_id, sold_on=SOLD.isoformat())
    assert not Relation.objects.filter(customer=buyer, ended_on=None).exists()  # somebody ended it since: it stays so


def test_a_buyer_merged_meanwhile_is_the_record_that_stayed(cast, acting):
    acting(SYSTEM)
    gone, between = garage.customer("王雪", "13800138000"), garage.customer("王雪", "13800138002")
    kept = garage.customer("王雪", "13800138001", cast.outlet_id, category="BASE")
    Customer.objects.filter(pk=gone.pk).update(merged_into=between)
    Customer.objects.filter(pk=between.pk).update(merged_into=kept)
    tasks.follow_sale(customer_id=gone.pk, outlet_id=cast.outlet_id, sold_on=SOLD.isoformat())
    assert held(kept, cast.outlet_id)[-1] == ("OWNER", SOLD, None)


def test_who_may_not_decide_makes_nobody_an_owner(cast, acting):
    buyer = garage.customer("王雪", "13800138000", cast.outlet_id, category="BASE")

    def become(actor, outlet_id):
        relating.become_owner(
            actor=acting(actor), customer_id=buyer.pk, outlet_id=outlet_id, day=SOLD, at=clock.now()
        )  # fmt: skip

    with pytest.raises(NotAllowed):
        become(cast.auditor, cast.outlet_id)
    with pytest.raises(Invalid):
        become(cast.hq, cast.branch_id)
    acting(SYSTEM)
    assert held(buyer, cast.outlet_id) == [("BASE", garage.DAY, None)]
