"""Whom a campaign would address, as it is built: the audience, what keeps others away, outlets, control group, money."""

import dataclasses
from decimal import Decimal

import pytest
from django.utils import translation
from tests.campaigns.conftest import AT, DAY, consent, days, seen, values

from guanxi.campaigns.models import Campaign, Kind, Member
from guanxi.campaigns.queries import counting
from guanxi.care.models import OwnerState
from guanxi.care.queries import audiences
from guanxi.complaints.services import handling, intake
from guanxi.complaints.services.intake import NewComplaint
from guanxi.customers.models import ContactPoint, Customer
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.messaging.models import Message
from guanxi.rectification.services import issuing
from guanxi.rectification.services.issuing import NewNotice
from guanxi.workshop.models import Visit


@pytest.fixture
def count(world, acting):
    def ask(actor=SYSTEM, node=None, **more):
        row = Campaign(kind=Kind.objects.get(pk="SERVICE_VISITS"), **values(node or world.outlet_id, **more))
        return counting.count(acting(actor), row, AT)

    return ask


@pytest.mark.covers("DBM-07", "CRIS-08", "NFR-01")
def test_each_reason_that_keeps_somebody_away_is_counted_once(count, person, world):
    person()
    person(agreed=False)
    person(mobile="")
    ContactPoint.objects.filter(customer=person("不要")).update(state="DO_NOT_CONTACT")
    person("怨", has_no_grudge=False, agreed=False)
    complaining = person("问题")
    notice = NewNotice(world.outlet_id, "WAITING", "等太久", "complains-1", customer_id=complaining.pk)
    issuing.issue(actor=SYSTEM, notice=notice, at=AT)
    found = count()
    assert (found.audience, found.open) == (6, 1)
    assert found.excluded == {"COMPLAINT": 2, "DO_NOT_CONTACT": 1, "NO_NUMBER": 1, "NO_CONSENT": 1}


@pytest.mark.covers("CRIS-08")
def test_who_has_an_open_complaint_at_any_outlet_is_left_out_until_it_is_closed(count, person, world):
    person()
    angry, praising = person("投诉"), person("表扬")
    for number, (who, kind) in enumerate([(angry, "COMPLAINT"), (praising, "PRAISE")]):
        new = NewComplaint(
            world.other_outlet_id, "SERVICE", "空调不凉", customer_id=who.pk, kind=kind, category="REPEATED",
            token=f"campaign-{number}",
        )  # fmt: skip
        row = intake.open_complaint(actor=SYSTEM, new=new, at=AT)
        row = row if kind == "PRAISE" else _explained(row)
    found = count()
    assert (found.open, found.excluded) == (3, {})
    intake.open_complaint(
        actor=SYSTEM, at=AT, new=dataclasses.replace(new, kind="COMPLAINT", customer_id=angry.pk, token="once more")
    )
    found = count()
    assert (found.open, found.excluded) == (2, {"COMPLAINT": 1})


def _explained(row):
    handling.record_contact(actor=SYSTEM, complaint_id=row.pk, words="已致歉", at=AT)
    return handling.decide_validity(actor=SYSTEM, complaint_id=row.pk, is_valid=False, words="并非故障", at=AT)


def test_who_was_written_to_or_called_lately_for_the_purpose_waits(count, person, plan, world):
    written, called, free = person(), person(), person()
    for who in (written, called, free):
        consent(who, world.outlet_id, purpose="CARE")
    seen()
    Message.objects.create(
        customer=written, node_id=world.outlet_id, purpose="CARE", channel="SMS", address="1", body="x", key="k",
        state="SENT", written_by="x", queued_at=AT - days(3), not_before=AT - days(3), sent_at=AT - days(3),
    )  # fmt: skip
    other = plan(purpose="CARE", template="birthday")
    seen()
    Member.objects.create(
        campaign=other, customer=called, outlet_id=world.outlet_id, wave=1, arm="TREATED", contacted_at=AT - days(3)
    )
    Member.objects.create(campaign=other, customer=free, outlet_id=world.outlet_id, wave=1, arm="CONTROL")
    found = count(purpose="CARE", template="birthday")
    assert (found.open, found.excluded) == (1, {"LATELY": 2})
    Message.objects.update(sent_at=AT - days(8))
    assert count(purpose="CARE", template="birthday").open == 2


@pytest.mark.covers("INFO-10")
def test_industry_and_volume_choose_the_audience_with_words(count, person):
    fleet, shop, quiet = person("运输甲"), person("商铺乙"), person("张三")
    Customer.objects.filter(pk=fleet.pk).update(industry="TRANSPORT")
    Customer.objects.filter(pk=shop.pk).update(industry="批发和零售业")  # as an earlier file said it
    for row, total in ((fleet, 60_000), (quiet, 400)):
        Visit.objects.create(
            outlet_id=row.relations.get().outlet_id, vehicle=row.car, customer=row, order_no=f"W{row.pk}",
            category="MINOR_REPAIR", counts=True, entered_on=DAY - days(5), total=total, touched_at=AT,
        )  # fmt: skip
    asked = [{"fact": "industry", "op": "any", "values": ["TRANSPORT", "TRADE"]}]
    rich = {"fact": "visits_paid", "op": "between", "values": ["10000", ""]}
    assert count(audience=asked).audience == 2
    assert count(audience=[*asked, rich]).audience == 1
    assert count(audience=[{"fact": "industry", "op": "none", "values": ["TRANSPORT"]}]).audience == 2
    with translation.override("en"):
        assert audiences.sentences([*asked, rich]) == [
            "Industry: Transport, storage and post or Wholesale and retail",
            "Paid in the workshop in a year (yuan): 10000 or more",
        ]
        typed = audiences.stored([("industry", "any", "Transport, storage and post, Wholesale and retail")])
    assert typed == [{"fact": "industry", "op": "any", "values": ["TRANSPORT", "TRADE"]}]
    with translation.override("zh-hans"):
        (shown,) = audiences.shown(typed)
        assert shown == ("industry", "any", "交通运输、仓储和邮政业、批发和零售业")
        assert audiences.stored([shown]) == typed


def test_the_audience_is_that_of_the_contact_rules(count, person):
    person()
    old = person()
    old.car.sold_on = DAY - days(3000)
    old.car.save()
    person(car=False)
    young = [{"fact": "age_months", "op": "between", "values": ["", "60"]}]
    assert count(audience=young).audience == 1
    assert count(audience=[{"fact": "cars", "op": "between", "values": ["", "0"]}]).audience == 1
    assert count().audience == 3


def test_a_customer_of_two_outlets_counts_once_where_he_is_an_owner(count, person, world):
    from guanxi.customers.models import Relation

    row = person(outlet=world.outlet_id)
    Relation.objects.create(
        customer=row, outlet_id=world.other_outlet_id, category="POTENTIAL", since=DAY, touched_at=AT
    )
    person(outlet=world.other_outlet_id)
    found = count(node=world.brand_id)
    assert found.open == 2
    assert sorted(many for _name, many in found.outlets) == [1, 1]
    assert count(node=world.other_outlet_id).audience == 2  # there he counts too


def test_an_outlet_counts_its_own_alone(count, person, world):
    person()
    person(outlet=world.other_outlet_id)
    assert count(node=world.brand_id).audience == 2
    assert count(world.crm, node=world.brand_id).audience == 1


def test_the_money_and_the_control_group_leave_people_out(count, person):
    for _number in range(10):
        person()
    found = count(control=20, unit_cost=Decimal("2.50"), fixed_cost=Decimal(10), budget=Decimal(23))
    assert (found.open, found.control, found.addressed, found.over_budget) == (10, 2, 5, 3)
    assert found.cost == Decimal("22.50")
    assert found.excluded == {"OVER_BUDGET": 3}


def test_the_count_costs_the_same_for_one_and_for_three(count, person):
    from tests.counting import queries_of

    person()
    one = queries_of(count)
    person()
    person()
    assert queries_of(count) == one <= 6


def test_today_is_a_day_of_the_business():
    assert clock.day_of(AT) == DAY


@pytest.mark.covers("DBM-01", "CLASS-36")
def test_the_most_valuable_customers_get_a_campaign_of_their_own_and_others_another(count, person, world):
    for name, tier, paid in (
        ("甲", "VIP", 90_000),
        ("乙", "DIAMOND", 30_000),
        ("丙", "SILVER", 900),
        ("丁", "NORMAL", 0),
    ):
        OwnerState.objects.create(
            customer=person(name), outlet_id=world.outlet_id, state="ACTIVE", since=DAY, visits=4, last_visit=DAY,
            kpi_lost=False, tier=tier, paid=paid,
        )  # fmt: skip
    person("新")  # of whom nothing is worked out yet
    best = count(audience=[{"fact": "tier", "op": "any", "values": ["DIAMOND", "VIP"]}])
    rest = count(audience=[{"fact": "tier", "op": "none", "values": ["DIAMOND", "VIP"]}])
    assert (best.audience, rest.audience) == (2, 3)
