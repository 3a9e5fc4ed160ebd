"""Whom rules find: each anchor, the audience, and consent as the ledger decides it."""

import datetime

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import garage
from tests.care.conftest import DAY, at, consent, days, is_state, stands

from guanxi.care.models import OwnerState, Rule
from guanxi.care.queries import facts, matching, previews
from guanxi.contact_centre.models import PurchaseIntention
from guanxi.customers.models import Association, Customer, FamilyMember, Quality, Relation
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.privacy import queries as privacy
from guanxi.privacy.models import Consent
from guanxi.vehicles.models import Sale
from guanxi.workshop.models import Visit


def found(rule, first=DAY, last=DAY, **more):
    asked = matching.Asked(first, last, DAY, **more)
    query = matching.compiled(rule, asked)
    return sorted((row["customer_id"], row["anchor_on"], row["opens_on"], row["closes_on"]) for row in query.rows())


def whom(rule, first=DAY, last=DAY, **more):
    return {row[0] for row in found(rule, first, last, **more)}


def visit(customer, left_on, category="MINOR_REPAIR", *, counts=True, number=1, **more):
    return Visit.objects.create(
        outlet=customer.relations.first().outlet, vehicle=customer.car, customer=customer, order_no=f"W{customer.pk}-{number}",
        category=category, counts=counts, entered_on=left_on, left_on=left_on, touched_at=at(), **more,
    )  # fmt: skip


@pytest.mark.covers("CARE-20", "FUP-27")
def test_a_delivery_opens_its_window_on_the_right_day(rule, buyer):
    bought = buyer(DAY - days(1))
    buyer(DAY - days(2))
    assert found(rule(opens=1, due=3)) == [(bought.pk, DAY - days(1), DAY, DAY + days(2))]


@pytest.mark.covers("FUP-14")
def test_a_month_after_delivery(rule, buyer):
    bought = buyer(datetime.date(2026, 5, 10))
    assert whom(rule(months=1, opens=0, due=3)) == {bought.pk}


@pytest.mark.covers("FUP-16", "FUP-17", "FUP-18", "FUP-19", "LIFE-14", "LIFE-08")
def test_each_visit_has_one_phase(rule, buyer):
    new = buyer(DAY - days(60), warranty_until=DAY + days(900))
    old = buyer(DAY - days(500), warranty_until=DAY + days(500))
    out = buyer(DAY - days(1500), warranty_until=DAY - days(100))
    far = buyer(DAY - days(500), warranty_until=DAY + days(500), warranty_km=60_000)
    unknown = buyer(DAY - days(200))
    for customer in (new, old, out, unknown):
        visit(customer, DAY - days(1))
    visit(far, DAY - days(1), km=70_000)
    phases = {
        phase: whom(rule(f"x_{phase.lower()}", anchor="VISIT", phase=phase))
        for phase in ("NEW_CAR", "IN_WARRANTY", "OUT_OF_WARRANTY")
    }
    assert phases == {
        "NEW_CAR": {new.pk}, "IN_WARRANTY": {old.pk, unknown.pk}, "OUT_OF_WARRANTY": {out.pk, far.pk},
    }  # fmt: skip


@pytest.mark.covers("CLASS-35")
def test_only_valid_visits_count_unless_categories_are_named(rule, buyer):
    valid, free = buyer(DAY - days(90)), buyer(DAY - days(90))
    visit(valid, DAY - days(1))
    visit(free, DAY - days(1), "FREE_CHECK", counts=False)
    assert whom(rule(anchor="VISIT")) == {valid.pk}
    assert whom(rule("x_free", anchor="VISIT", of=["FREE_CHECK"])) == {free.pk}


@pytest.mark.covers("LIFE-04")
def test_the_first_maintenance_is_due_until_it_is_done(rule, buyer):
    trim, sold = garage.trim("CARE"), datetime.date(2026, 1, 10)
    due, done = buyer(sold, trim=trim), buyer(sold, trim=trim)
    stands(due.car, step="FIRST", on=datetime.date(2026, 7, 10), since=sold)
    stands(done.car, step="PERIODIC", on=datetime.date(2026, 7, 10), since=datetime.date(2026, 5, 1))
    row = rule(anchor="FIRST_SERVICE", opens=-30, due=0)
    assert found(row) == [(due.pk, datetime.date(2026, 7, 10), DAY, datetime.date(2026, 7, 10))]
    again = rule("x_again", anchor="PERIODIC_SERVICE", opens=-30, due=0)
    assert [case[0] for case in found(again)] == [done.pk]


@pytest.mark.covers("CARE-06", "LIFE-10")
def test_a_warranty_ends_by_its_day_or_by_its_mileage(rule, buyer):
    by_day, by_km = (buyer(DAY - days(700), warranty_until=DAY + days(200)) for _number in range(2))
    stands(by_day.car, warranty_ends=DAY + days(200))
    stands(by_km.car, warranty_ends=DAY + days(30))
    assert whom(rule(anchor="WARRANTY_END", opens=-30, due=-7)) == {by_km.pk}


@pytest.mark.covers("CARE-06", "LIFE-10")
@pytest.mark.parametrize(("anchor", "column"), [("INSURANCE", "insured_until"), ("INSPECTION", "inspected_until")])
def test_ends_are_reminded_of_before(rule, buyer, anchor, column):
    ends = buyer(DAY - days(700), **{column: DAY + days(30)})
    buyer(DAY - days(700), **{column: DAY + days(31)})
    assert whom(rule(anchor=anchor, opens=-30, due=-7)) == {ends.pk}


@pytest.mark.covers("CARE-24")
def test_regular_contact_comes_every_two_months(rule, buyer):
    owner = buyer(datetime.date(2026, 1, 10))
    row = rule(anchor="REGULAR", every=2, first_month=1, last_month=7, opens=0, due=7)
    opened = [item[2] for item in found(row, datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))]
    assert opened == [datetime.date(2026, month, 10) for month in (2, 4, 6, 8)]
    assert whom(row) == {owner.pk}


@pytest.mark.covers("CARE-25", "CARE-28")
def test_birthdays_come_every_year_and_leap_days_a_day_early(rule, buyer):
    born, leap = buyer(), buyer()
    Customer.objects.filter(pk=born.pk).update(born_on=datetime.date(1980, 6, 10))
    Customer.objects.filter(pk=leap.pk).update(born_on=datetime.date(1984, 2, 29))
    row = rule(anchor="BIRTHDAY", opens=0, due=0)
    assert whom(row) == {born.pk}
    assert whom(row, datetime.date(2026, 2, 28), datetime.date(2026, 2, 28)) == {leap.pk}
    assert whom(row, datetime.date(2028, 2, 29), datetime.date(2028, 2, 29)) == {leap.pk}


@pytest.mark.covers("INFO-09")
def test_birthdays_of_the_family_are_those_noted_and_those_of_the_household(quiet, rule, buyer):
    told, leap, partner, apart = buyer(), buyer(), buyer(), buyer()
    for row, month, day in ((told, 6, 10), (told, 6, 10), (leap, 2, 29)):
        FamilyMember.objects.get_or_create(
            customer=row, kin="CHILD", name=str(FamilyMember.objects.count()), month=month, day=day, noted_at=at()
        )
    Customer.objects.filter(pk__in=[partner.pk, apart.pk]).update(born_on=datetime.date(1980, 6, 10))
    for other in (partner, apart):
        Association.objects.create(customer=told, other=other, tie="HOUSEHOLD", touched_at=at())
    Association.objects.create(customer=leap, other=partner, tie="REFERRER", touched_at=at())
    row = rule(anchor="FAMILY_BIRTHDAY", opens=0, due=0)
    assert whom(row) == {told.pk}
    assert len(found(row)) == 1  # however many have their birthday
    assert whom(row, datetime.date(2026, 2, 28), datetime.date(2026, 2, 28)) == {leap.pk}
    assert whom(row, datetime.date(2028, 2, 29), datetime.date(2028, 2, 29)) == {leap.pk}
    FamilyMember.objects.all().delete()
    assert whom(row) == {told.pk}  # by his household
    Relation.objects.filter(customer__in=[partner, apart]).update(outlet_id=quiet.other_outlet_id)
    assert whom(row) == set()  # who is no customer of his outlet is not told of there


@pytest.mark.covers("CARE-26")
def test_the_anniversary_begins_a_year_after(rule, buyer):
    owner, new = buyer(datetime.date(2024, 6, 10)), buyer(DAY)
    row = rule(anchor="ANNIVERSARY", opens=0, due=3)
    assert whom(row) == {owner.pk}
    assert new.pk not in whom(row)


@pytest.mark.covers("CARE-07", "CARE-12")
def test_festivals_and_solar_terms_reach_those_who_were_customers_then(rule, buyer):
    old, new = buyer(), buyer()
    Relation.objects.filter(customer=new).update(since=datetime.date(2026, 12, 1))
    spring = rule(anchor="FESTIVAL", of=["SPRING", "DRAGON_BOAT"], opens=-1, due=0)
    assert found(spring, datetime.date(2026, 6, 1), datetime.date(2026, 6, 30)) == [
        (old.pk, datetime.date(2026, 6, 19), datetime.date(2026, 6, 18), datetime.date(2026, 6, 19))
    ]
    summer = rule("x_summer", anchor="SOLAR_TERM", of=["LIXIA"], opens=0, due=7)
    assert {item[1] for item in found(summer, datetime.date(2026, 1, 1), DAY)} == {datetime.date(2026, 5, 5)}


AUDIENCES = [
    ("kind", "any", ["PERSON"], True), ("kind", "none", ["PERSON"], False), ("gender", "any", ["F"], True),
    ("gender", "any", ["M"], False), ("verification", "any", ["UNVERIFIED"], True), ("category", "any", ["OWNER"], True),
    ("category", "any", ["POTENTIAL"], False), ("tags", "any", ["老客户"], True), ("tags", "none", ["老客户"], False),
    ("province", "any", ["31", "32"], True), ("province", "none", ["31"], False), ("series", "any", ["AUD-S"], True),
    ("series", "none", ["AUD-S"], False), ("powertrain", "any", ["HYBRID"], True), ("use", "any", ["FAMILY"], True),
    ("use", "none", ["FAMILY"], False), ("age_months", "between", ["12", "36"], True),
    ("age_months", "between", ["26", ""], False), ("cars", "between", ["1", "1"], True),
    ("visits_year", "between", ["2", ""], True), ("visits_year", "between", ["", "1"], False),
    ("last_visit", "any", ["OVERHAUL"], True), ("has_mobile", "yes", [], True), ("has_mobile", "no", [], False),
    ("state", "any", ["SWING"], True), ("state", "none", ["SWING"], False),
    ("tier", "any", ["DIAMOND", "VIP"], True), ("tier", "none", ["DIAMOND", "VIP"], False),
    ("age", "between", ["40", "50"], True), ("age", "between", ["", "40"], False),
    ("industry", "any", ["MANUFACTURING"], True), ("industry", "none", ["MANUFACTURING"], False),
    ("industry", "any", ["TRANSPORT"], False), ("doubts", "any", ["PHONE_DEAD", "NO_PHONE"], True),
    ("doubts", "none", ["PHONE_DEAD"], False), ("doubts", "any", ["STALE"], False),
    ("visits_paid", "between", ["1500", ""], True), ("visits_paid", "between", ["1501", ""], False),
    ("purchases_year", "between", ["1", "1"], True), ("purchases_year", "between", ["2", ""], False),
    ("purchases_paid", "between", ["2000000", ""], True), ("purchases_paid", "between", ["", "1999999"], False),
    ("intention", "any", ["CROSS"], True), ("intention", "any", ["REPLACEMENT"], False),
    ("consent", "any", ["SERVICE"], True), ("consent", "any", ["MARKETING"], False),
    ("open_complaint", "yes", [], False), ("open_complaint", "no", [], True),
]  # fmt: skip


@pytest.mark.covers("CARE-04", "CARE-33", "INFO-10")
def test_every_fact_is_compared(rule, buyer, quiet):
    owner = buyer(DAY - days(730), trim=garage.trim("AUD"), insured_until=DAY + days(30))
    Customer.objects.filter(pk=owner.pk).update(gender="F", born_on=datetime.date(1981, 3, 1), industry="制造业")
    Quality.objects.create(
        customer=owner, complete=50, valid=20, fresh=0, unique=100, proven=0, score=30, doubts=["PHONE_DEAD"], as_of=DAY
    )
    for number, (kind, ago) in enumerate((("CROSS", 30), ("REPLACEMENT", 400), ("", 20))):
        PurchaseIntention.objects.create(
            key=f"test:{number}", customer=owner, place_id=quiet.outlet_id, outlet_id=quiet.outlet_id, kind=kind,
            words="想买", said_at=at() - days(ago), task_id=0,
        )  # fmt: skip
    Sale.objects.create(
        vehicle=owner.car, customer=owner, outlet_id=quiet.other_outlet_id, sold_on=DAY - days(20), price=2_000_000,
        touched_at=at(),
    )  # fmt: skip
    Relation.objects.filter(customer=owner).update(tags=["老客户"])
    owner.addresses.create(province="31", line="衡山路1号", touched_at=at())
    owner.purchases.update(use="FAMILY")
    is_state(owner, "SWING", DAY, outlet=quiet.outlet_id)
    OwnerState.objects.filter(customer=owner).update(tier="DIAMOND")
    visit(owner, DAY - days(400), number=4, total=9000)
    visit(owner, DAY - days(200), number=1, total=300)
    visit(owner, DAY - days(30), "OVERHAUL", number=2, total=1200)
    visit(owner, DAY - days(10), "FREE_CHECK", counts=False, number=3)
    assert {fact for fact, *_rest in AUDIENCES} == set(facts.FACTS)
    wrong = []
    for number, (fact, op, values, expected) in enumerate(AUDIENCES):
        row = Rule(
            code=f"x_{number}", anchor="INSURANCE", opens=-30, due=-7, unit="DAYS", channel="PHONE", purpose="SERVICE",
            audience=[{"fact": fact, "op": op, "values": values}],
        )  # fmt: skip
        if (owner.pk in whom(row)) != expected:
            wrong.append((fact, op, values))
    assert wrong == []


def test_words_of_people_are_parameters(rule, buyer):
    evil = "'); DROP TABLE care_rule; --"
    row = rule(audience=[{"fact": "tags", "op": "any", "values": [evil]}])
    query = matching.compiled(row, matching.Asked(DAY, DAY, DAY))
    assert evil not in query.sql
    assert list(query.rows()) == []


def test_a_rule_of_a_place_finds_only_below_it(rule, buyer, quiet):
    here, there = buyer(), buyer(outlet=quiet.other_outlet_id)
    assert whom(rule("x_all")) == {here.pk, there.pk}
    assert whom(rule("x_branch", node_id=quiet.branch_id)) == {here.pk}
    assert whom(rule("x_one"), outlets=frozenset({quiet.other_outlet_id})) == {there.pk}


MOMENTS = [at() - days(number) for number in (300, 200, 100)]
lines = st.lists(
    st.tuples(st.sampled_from(["outlet", "group"]), st.sampled_from(["GIVEN", "REFUSED", "WITHDRAWN"]), st.sampled_from(MOMENTS)),
    max_size=4, unique_by=lambda line: (line[0], line[2]),
)  # fmt: skip


@pytest.mark.covers("NFR-01")
def test_consent_is_that_of_the_ledger(rule, buyer, quiet):
    owner = buyer(agreed=False)
    row, today = rule(), clock.today()
    places = {"outlet": quiet.outlet_id, "group": quiet.group_id}

    @settings(
        deadline=None,
        max_examples=60,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(lines)
    def same(held):
        Consent.objects.filter(customer=owner).delete()
        standing = set()
        for place, state, moment in sorted(held, key=lambda line: line[2], reverse=True):
            if state != "WITHDRAWN" and place in standing:
                continue  # one line of a place stands; the earlier ones are withdrawn
            standing.add(place)
            withdrawn = moment + days(1) if state == "WITHDRAWN" else None
            consent(owner, places[place], standing=state, given=moment, withdrawn=withdrawn)
        expected = privacy.standing(SYSTEM, owner.pk, "SERVICE", "PHONE", outlet_id=quiet.outlet_id, day=today)
        (case,) = matching.listed(row, matching.Asked(DAY, DAY, today), 5)
        assert (case["obstacle"] == "") == (expected == "GIVEN")

    same()


@pytest.mark.covers("LIFE-19")
def test_why_not_says_each_condition_with_its_value(rule, buyer):
    owner = buyer(DAY - days(1), agreed=False)
    row = rule(audience=[{"fact": "kind", "op": "any", "values": ["COMPANY"]}])
    steps = previews.why(SYSTEM, row, owner.pk, DAY)
    assert [step.value for step in steps][:2] == ["2026-06-09", "2026-06-10 – 2026-06-12"]
    assert [step.holds for step in steps] == [True, True, False, False]
    assert previews.why(SYSTEM, rule("x_other", anchor="INSURANCE"), owner.pk, DAY)[0].holds is False


def test_heavy_questions_start_from_an_index(rule, buyer):
    """One customer is looked up, not searched for among all."""
    owner = buyer()
    query = matching.compiled(rule(anchor="INSURANCE", opens=-30, due=0), matching.Asked(DAY, DAY, DAY, owner.pk))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query.sql}", query.values)
        assert any("Index" in line for (line,) in cursor.fetchall())


def test_a_part_is_a_part_of_the_whole(rule, buyer):
    owners = {buyer(mobile=f"132{number:08d}").pk for number in range(24)}
    row = rule()
    part = whom(row, part=3)
    assert part < owners
    assert matching.counts(row, matching.Asked(DAY, DAY, DAY, part=3), "day") == {DAY: 3 * len(part)}
