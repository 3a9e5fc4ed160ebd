"""What a customer is to outlets and to others."""

import datetime

import pytest
from tests.counting import queries_of
from tests.customers.conftest import AT, DAY, relation_of

from guanxi.access.models import User
from guanxi.customers import queries
from guanxi.customers.models import Relation
from guanxi.customers.services import relating
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


@pytest.mark.covers("ORG-35")
def test_the_next_outlet_sees_a_customer_only_with_a_relation(add, cast, acting):
    row = add()
    acting(cast.stranger)
    assert queries.find(cast.stranger, "13812345678", 5) == []
    acting(cast.hq)
    relating.relate(actor=cast.hq, customer_id=row.pk, outlet_id=cast.other_outlet_id, category="BASE", day=DAY, at=AT)
    acting(cast.stranger)
    assert [hit.customer.pk for hit in queries.find(cast.stranger, "5678", 5)] == [row.pk]
    assert [held.outlet_id for held in queries.relations(cast.stranger, [row.pk])] == [cast.other_outlet_id]
    relating.end_relation(actor=cast.stranger, relation_id=relation_of(row, cast.other_outlet_id).pk, day=DAY, at=AT)
    assert queries.find(cast.stranger, "5678", 5) == []
    with pytest.raises(NotFound):
        queries.customer(cast.stranger, row.pk)
    acting(cast.admin)
    assert queries.customer(cast.admin, row.pk) == row


def test_one_open_relation_an_outlet(add, cast):
    row = add()
    with pytest.raises(Conflict):
        relating.relate(actor=cast.admin, customer_id=row.pk, outlet_id=cast.outlet_id, category="BASE", day=DAY, at=AT)


@pytest.mark.parametrize("place", ["branch_id", "office_id", "brand_id", "nowhere"])
def test_a_place_that_is_no_outlet_has_no_customers(add, cast, acting, place):
    row = add()
    acting(cast.hq)
    with pytest.raises(Invalid) as refused:
        relating.relate(
            actor=cast.hq, customer_id=row.pk, outlet_id=0 if place == "nowhere" else getattr(cast, place),
            category="BASE", day=DAY, at=AT,
        )  # fmt: skip
    assert [problem.field for problem in refused.value.problems] == ["outlet_id"]
    assert [held.outlet_id for held in Relation.objects.filter(customer=row)] == [cast.outlet_id]


@pytest.mark.covers("CLASS-04")
def test_the_marks_of_a_base_customer_and_tags_are_kept(add, cast):
    row = add(category="POTENTIAL")
    sales = User.objects.get(username="sales")
    values = {
        "category": "BASE", "holds_material": True, "knows_location": True, "has_no_grudge": True,
        "has_contact_plan": False, "tags": ["车队", " VIP ", "车队", ""], "consultant_id": sales.pk,
    }  # fmt: skip
    relating.change_relation(actor=cast.admin, relation_id=relation_of(row, cast.outlet_id).pk, values=values, at=AT)
    held = relation_of(row, cast.outlet_id)
    assert (held.category, held.tags, held.consultant, held.has_contact_plan) == ("BASE", ["VIP", "车队"], sales, False)
    with pytest.raises(Invalid):
        relating.change_relation(actor=cast.admin, relation_id=held.pk, values={"outlet_id": 1}, at=AT)


def test_a_relation_of_another_outlet_is_not_there(elsewhere, cast, acting):
    row = elsewhere()
    pk = relation_of(row, cast.other_outlet_id).pk
    acting(cast.admin)
    with pytest.raises(NotFound):
        relating.end_relation(actor=cast.admin, relation_id=pk, day=DAY, at=AT)


def test_a_relation_does_not_end_before_it_began(add, cast):
    row = add()
    held = relation_of(row, cast.outlet_id)
    with pytest.raises(Invalid):
        relating.end_relation(actor=cast.admin, relation_id=held.pk, day=DAY - datetime.timedelta(days=1), at=AT)
    assert Relation.objects.get(pk=held.pk).ended_on is None


def test_who_may_not_decide_is_refused(add, cast, acting):
    row = add()
    acting(cast.claims if "claims" in cast.actors else cast.auditor)
    with pytest.raises(NotAllowed):
        relating.change_relation(
            actor=cast.auditor, relation_id=relation_of(row, cast.outlet_id).pk, values={"category": "LOST"}, at=AT
        )


@pytest.mark.covers("INFO-11")
def test_ties_join_two_customers_of_ones_own(add, elsewhere, cast, acting):
    company, driver, foreign = add("云顶物流有限公司", "13500000001"), add("司机", "13500000002"), elsewhere()
    acting(cast.admin)
    tie = relating.associate(actor=cast.admin, customer_id=company.pk, other_id=driver.pk, tie="CONTACT", at=AT)
    assert [(other.pk, first) for _tie, other, first in queries.associations(company)] == [(driver.pk, True)]
    assert [(other.pk, first) for _tie, other, first in queries.associations(driver)] == [(company.pk, False)]
    with pytest.raises(Conflict):
        relating.associate(actor=cast.admin, customer_id=company.pk, other_id=driver.pk, tie="CONTACT", at=AT)
    with pytest.raises(Invalid):
        relating.associate(actor=cast.admin, customer_id=company.pk, other_id=company.pk, tie="CONTACT", at=AT)
    with pytest.raises(NotFound):
        relating.associate(actor=cast.admin, customer_id=company.pk, other_id=foreign.pk, tie="HOUSEHOLD", at=AT)
    relating.dissociate(actor=cast.admin, customer_id=company.pk, association_id=tie.pk)
    assert queries.associations(company) == []


def test_many_get_a_consultant_and_a_tag_in_a_constant_number_of_queries(add, elsewhere, cast, acting):
    foreign = elsewhere()
    rows = [add(f"车队{n}号", f"1370001000{n}") for n in range(3)]
    sales = User.objects.get(username="sales")
    change = relating.Many(sales.pk, " 车队 ")

    def act(count):
        ids = [row.pk for row in rows[:count]]
        return relating.change_many(actor=cast.admin, customer_ids=[*ids, foreign.pk], change=change, at=AT)

    acting(cast.admin)
    assert queries_of(lambda: act(1)) == queries_of(lambda: act(3))
    assert act(3) == 3
    for row in rows:
        held = relation_of(row, cast.outlet_id)
        assert (held.consultant, held.tags) == (sales, ["车队"])
    acting(cast.stranger)
    assert relation_of(foreign, cast.other_outlet_id).tags == []
    with pytest.raises(NotAllowed):
        relating.change_many(actor=cast.stranger, customer_ids=[rows[0].pk], change=change, at=AT)
    with pytest.raises(Invalid):
        relating.change_many(actor=cast.stranger, customer_ids=[foreign.pk], change=relating.Many(), at=AT)
