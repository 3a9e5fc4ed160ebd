"""The ready-made kinds: what each requirement asks for is there, can be counted, and finds whom it is for."""

import datetime
import uuid

import pytest
from django.utils import translation
from tests import garage
from tests.campaigns.conftest import AT, CALL, DAY, days, seen, values

from guanxi.campaigns.forms import begins
from guanxi.campaigns.models import Campaign, Kind, Member
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import characteristics, counting, effects
from guanxi.campaigns.services import results, sending, starting, supporting
from guanxi.campaigns.services.supporting import NewSupport
from guanxi.care.models import OwnerState
from guanxi.contact_centre.models import Enquiry, PurchaseIntention
from guanxi.contact_centre.services import enquiring
from guanxi.contact_centre.services.enquiring import NewEnquiry
from guanxi.customers.models import Customer
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.messaging.models import Message, Template
from guanxi.workshop.models import Visit

CARE = "service_season"
FOR = {
    # promotion, beside the analysis that supports each (SUP-03)
    "ADVERTISING": "PROMOTION", "REGIONAL": "PROMOTION", "ROADSHOW": "PROMOTION", "DOOR_TO_DOOR": "PROMOTION",
    "SHOWROOM": "PROMOTION",
    # sales: follow-up, and the four ways of value development (SUP-05, SUP-09)
    "SALES_FOLLOW_UP": "SALES", "ADDITIONAL": "SALES", "REPLACEMENT": "SALES", "CROSS_PURCHASE": "SALES",
    "RECOMMENDED": "SALES",
    # service: visits, lost customers, referral, key large customers, accident repair (SUP-10, SUP-14)
    "SERVICE_VISITS": "SERVICE", "SERVICE_WIN_BACK": "SERVICE", "SERVICE_REFERRAL": "SERVICE",
    "KEY_CUSTOMERS": "SERVICE", "ACCIDENT_REPAIR": "SERVICE",
    # the activities that DBM-03 names, and those of care (CARE-08, CARE-13, LIFE-09)
    "COMMUNICATION": "ACTIVITY", "THANKS": "ACTIVITY", "RETENTION": "ACTIVITY", "EVENT": "ACTIVITY",
    "SERVICE_ACTIVITY": "ACTIVITY", "SEASONAL_SERVICE": "ACTIVITY",
    "PROSPECTS": "ACQUISITION", "UPGRADE": "LIFECYCLE", "SECOND_PURCHASE": "LOYALTY", "RECOMMENDATION": "LOYALTY",
}  # fmt: skip


@pytest.fixture
def template(world):
    return Template.objects.create(
        code=CARE, version=1, channel="SMS", purpose="SERVICE", name_zh="换季检测", name_en="Season",
        body_zh="{salutation}，入冬了，请来做换季检测。", body_en="{salutation}, winter is near: come for a check-up.",
        state="APPROVED", valid_from=datetime.date(2020, 1, 1), written_by="test", written_at=AT, approved_by="test",
        approved_at=AT,
    )  # fmt: skip


@pytest.fixture
def found(world, acting):
    """Return a function that says whom a ready-made kind finds at the outlet."""

    def ask(code):
        kind = Kind.objects.get(pk=code)
        row = Campaign(kind=kind, **values(world.outlet_id, audience=kind.audience, channel=kind.channel))
        return counting.count(acting(SYSTEM), row, AT).audience

    return ask


@pytest.mark.covers("SUP-03", "SUP-10", "SUP-14", "DBM-03")
def test_each_support_and_each_part_of_database_marketing_has_its_kinds(world):
    rows = {row.pk: row for row in queries.kinds()}
    assert {code: rows[code].group for code in FOR} == FOR
    assert {code for code, row in rows.items() if row.channel == "VISIT"} == {"DOOR_TO_DOOR", "KEY_CUSTOMERS"}


@pytest.mark.parametrize("code", sorted(FOR))
def test_each_kind_can_be_counted_and_begins_a_campaign(found, person, code):
    person()
    assert found(code) in {0, 1}
    assert begins(Kind.objects.get(pk=code), 1)["aim"]


@pytest.mark.covers("SUP-10")
def test_key_large_customers_are_companies_with_several_cars(found, person):
    person()
    fleet, small = person("运输公司"), person("小公司")
    Customer.objects.filter(pk__in=[fleet.pk, small.pk]).update(kind="COMPANY")
    for number in (701, 702):
        garage.car(fleet, number, plate=f"沪D{number:05d}")
    assert found("KEY_CUSTOMERS") == 1


@pytest.mark.covers("SUP-10")
def test_retention_lost_customers_and_referral_find_their_owners(found, person, world):
    for state, many in (("ACTIVE", 3), ("SWING_TO_LOST", 1), ("LOST", 2)):
        for _number in range(many):
            OwnerState.objects.create(
                customer=person(), outlet_id=world.outlet_id, state=state, since=DAY, visits=1, kpi_lost=False
            )
    assert (found("SERVICE_REFERRAL"), found("RETENTION"), found("SERVICE_WIN_BACK")) == (3, 3, 2)


@pytest.mark.covers("LIFE-12")
def test_who_expects_to_replace_or_to_add_a_car_gets_policy_product_and_help(found, person, world):
    for kind, many in (("REPLACEMENT", 1), ("ADDITIONAL", 2)):
        for _number in range(many):
            PurchaseIntention.objects.create(
                key=f"{kind}{_number}", customer=person(), place_id=world.outlet_id, outlet_id=world.outlet_id,
                kind=kind, words="想换车", said_at=AT - days(20), task_id=1,
            )  # fmt: skip
    person()
    assert (found("REPLACEMENT"), found("ADDITIONAL")) == (1, 2)
    rows = {row.pk: row for row in queries.kinds()}
    with translation.override("zh-hans"):
        assert "助销" in rows["REPLACEMENT"].aim
        assert all(word in rows["ADDITIONAL"].aim for word in ("政策", "产品信息", "助销"))
    assert {rows[code].role_id for code in ("REPLACEMENT", "ADDITIONAL")} == {"sales_consultant"}


def goes_out(row, world, acting, at=AT):
    starting.start(actor=acting(world.gm), campaign_id=row.pk, at=at)
    sending.send_due(actor=SYSTEM, now=lambda: at)
    seen()
    return Campaign.objects.get(pk=row.pk)


@pytest.mark.covers("CARE-08", "CARE-13", "LIFE-09")
@pytest.mark.parametrize("code", ["SERVICE_ACTIVITY", "SEASONAL_SERVICE"])
def test_a_service_activity_is_told_to_owners_and_brings_them(approved, person, template, world, acting, code):
    owner, other = person("车主"), person("意向", category="POTENTIAL")
    kind = Kind.objects.get(pk=code)
    row = approved(kind=code, audience=kind.audience, template=CARE, control=0, every_months=kind.every_months)
    row = goes_out(row, world, acting)
    assert [(item.customer_id, "换季检测" in item.body) for item in Message.objects.filter(key=row.key)] == [
        (owner.pk, True)
    ]
    assert not Member.objects.filter(customer=other).exists()
    Visit.objects.create(
        outlet_id=world.outlet_id, vehicle=owner.car, customer=owner, order_no="S1", category="FREE_CHECK",
        counts=True, entered_on=DAY + days(3), touched_at=AT,
    )  # fmt: skip
    results.count_results(actor=SYSTEM, day=DAY + days(31), at=AT + days(32))
    assert Member.objects.get(campaign=row).visited_on == DAY + days(3)


@pytest.mark.covers("LIFE-02")
def test_before_the_purchase_somebody_asks_is_invited_and_his_like_is_known(approved, person, found, world, acting):
    """An enquiry about buying, the kind that wins prospects, and what those who have no car of ours are like."""
    enquiry = NewEnquiry(
        uuid.uuid4(), "PURCHASE", "想了解新车价格", is_resolved=True, answer="已介绍", number="13912340000",
        caller="赵新", is_new=True, outlet_id=world.outlet_id,
    )  # fmt: skip
    asked = enquiring.take(actor=SYSTEM, enquiry=enquiry, at=AT)
    assert (Enquiry.objects.get(pk=asked.pk).category_id, asked.customer is not None) == ("PURCHASE", True)
    people = [person(car=False, category="POTENTIAL") for _number in range(6)]
    person()
    assert found("PROSPECTS") == 7  # six, and who asked; not who has a car
    kind = Kind.objects.get(pk="PROSPECTS")
    row = goes_out(approved(kind="PROSPECTS", audience=kind.audience, **CALL), world, acting)
    assert set(Member.objects.filter(campaign=row).values_list("customer_id", flat=True)) == {one.pk for one in people}
    like = characteristics.of(acting(world.gm), row, AT)
    groups = {table.key: {group.code: group.customers.value for group in table.groups} for table in like.tables}
    assert (groups["class"], groups["type"]) == ({"POTENTIAL": 6}, {"": 6})


@pytest.mark.covers("SUP-02", "SUP-10")
@pytest.mark.parametrize("desk", ["PROMOTION", "SERVICE"])
def test_a_department_is_supported_by_information_a_suggestion_and_the_effect(
    approved, person, signed_in, world, acting, desk
):
    """The outlet asks, the branch gives the group's characteristics and suggests a campaign; its effect is read, and
    whoever asked judges by it.
    """
    people = [person() for _number in range(6)]
    for number, who in enumerate(people):
        Visit.objects.create(
            outlet_id=world.outlet_id, vehicle=who.car, customer=who, order_no=f"H{number}", category="ACCIDENT",
            counts=True, entered_on=DAY - days(40), total=3200, touched_at=AT,
        )  # fmt: skip
    now = clock.now()
    asked = {
        kind: supporting.ask_support(
            actor=acting(world.gm), at=now,
            support=NewSupport(world.outlet_id, desk, kind, "夏季活动", clock.today() + days(5), f"{desk}-{kind}"),
        )
        for kind in ("INFORMATION", "SUGGESTION")
    }  # fmt: skip
    row = approved("branch", kind="SHOWROOM" if desk == "PROMOTION" else "SERVICE_VISITS", control=0)
    for kind, support in asked.items():
        supporting.give_support(
            actor=acting(world.branch), support_id=support.pk, answer=f"见活动 {kind}", campaign_id=row.pk, at=now
        )
    seen()
    support = signed_in("gm").get(f"/campaigns/supports/{asked['INFORMATION'].pk}/").content.decode()
    assert f"/campaigns/{row.pk}/" in support
    told = signed_in("gm").get(f"/campaigns/{row.pk}/characteristics/").content.decode()
    assert "Accident" in told
    assert "3,000 to 5,000" in told
    row = goes_out(row, world, acting)
    for number, who in enumerate(people[:4]):
        Visit.objects.create(
            outlet_id=world.outlet_id, vehicle=who.car, customer=who, order_no=f"E{number}", category="MINOR_REPAIR",
            counts=True, entered_on=DAY + days(9), touched_at=AT,
        )  # fmt: skip
    results.count_results(actor=SYSTEM, day=DAY + days(31), at=AT + days(32))
    row.refresh_from_db()
    effect = effects.of(acting(world.gm), row, queries.waves(row))
    assert (effect.addressed, effect.visits.sums.contact_did, effect.visits.treated_share) == (6, 4, 4 / 6)
    judged = supporting.judge_support(
        actor=acting(world.gm), support_id=asked["SUGGESTION"].pk, score=5, outcome="来店4人", at=now
    )
    assert (judged.state, judged.score) == ("JUDGED", 5)
