"""Two records of one customer, both in the same crisis, become one, and two again: holds and care list follow."""

import pytest
from django.db import connection
from tests import garage
from tests.crisis.conftest import AT, fresh

from guanxi.config.wiring import REACTIONS
from guanxi.crisis import tasks
from guanxi.crisis.models import Affected
from guanxi.crisis.queries import concerned
from guanxi.crisis.services import leading, leaving_alone
from guanxi.customers.events import CustomersMerged, MergeUndone
from guanxi.customers.services import merging
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed
from guanxi.privacy.models import Hold


def held(*customers):
    """Who of some customers is left alone."""
    db.set_scope(SYSTEM)
    rows = set(Hold.objects.filter(lifted_at=None).values_list("customer_id", flat=True))
    return [row.pk in rows for row in customers]


@pytest.fixture
def twin(cast):
    return garage.customer("罗秀瑛", "13600008809", cast.outlet_id)


@pytest.fixture
def merged(cast, acting, customer, twin):
    """A function that merges the twin into the customer, as the outlet does, and lets the crisis follow."""

    def do():
        made = merging.merge_customers(
            actor=acting(cast.admin), kept_id=customer.pk, gone_id=twin.pk, choices={}, at=clock.now()
        )
        acting(SYSTEM)
        tasks.follow_merge(kept_id=customer.pk, gone_id=twin.pk)
        return made

    return do


def undo(cast, acting, made):
    merging.undo_merge(actor=acting(cast.admin), merge_id=made.pk, at=clock.now())
    acting(SYSTEM)
    tasks.follow_undone_merge(kept_id=made.kept_id, gone_id=made.gone_id)


def test_both_complained_and_one_is_left_alone_until_it_is_over(cast, acting, complain, room, customer, twin, merged):
    row = room(complaint_id=complain().pk)
    second = complain(customer_id=twin.pk)
    leading.link(actor=acting(cast.gm), crisis_id=row.pk, complaint_id=second.pk, at=AT)
    acting(SYSTEM)
    assert leaving_alone.settle(actor=SYSTEM, crisis_id=row.pk, at=AT) == (2, 0)
    made = merged()
    assert concerned.customer_ids(fresh(row)) == [customer.pk]
    assert held(customer, twin) == [True, False]
    undo(cast, acting, made)
    assert held(customer, twin) == [True, True]
    made = merged()
    gm = acting(cast.gm)
    leading.calm(actor=gm, crisis_id=row.pk, words="x", at=clock.now())
    leading.close(actor=gm, crisis_id=row.pk, words="x", at=clock.now())
    acting(SYSTEM)
    leaving_alone.settle(actor=SYSTEM, crisis_id=row.pk, at=clock.now())
    assert held(customer, twin) == [False, False]


def listed(row, *lines):
    """Put owners with a car each on the care list."""
    db.set_scope(SYSTEM)
    for number, (owner, outlet_id) in enumerate(lines):
        car = garage.car(owner, 8800 + number, plate="")
        Affected.objects.create(
            crisis=row, vehicle=car, customer=owner, outlet_id=outlet_id, since=AT, by="test"
        )  # fmt: skip


def owners(row):
    db.set_scope(SYSTEM)
    return list(Affected.objects.filter(crisis=row).order_by("pk").values_list("customer_id", flat=True))


def test_the_care_list_follows_also_where_who_merges_sees_no_crisis(cast, acting, room, customer, twin, merged):
    row = room("planner", place_id=cast.group_id, owner_id=None)
    listed(row, (customer, cast.outlet_id), (twin, cast.outlet_id))
    leaving_alone.settle(actor=SYSTEM, crisis_id=row.pk, at=AT)
    made = merged()
    assert (owners(row), held(customer, twin)) == ([customer.pk, customer.pk], [True, False])
    undo(cast, acting, made)
    assert (owners(row), held(customer, twin)) == ([customer.pk, twin.pk], [True, True])


def test_who_stays_is_left_alone_when_only_the_other_was_on_the_list(cast, acting, room, customer, twin, merged):
    row = room("planner", place_id=cast.group_id, owner_id=None)
    listed(row, (twin, cast.outlet_id))
    leaving_alone.settle(actor=SYSTEM, crisis_id=row.pk, at=AT)
    assert held(customer, twin) == [False, True]
    made = merged()
    assert (owners(row), held(customer, twin)) == ([customer.pk], [True, False])
    undo(cast, acting, made)
    assert (owners(row), held(customer, twin)) == ([twin.pk], [False, True])


def test_the_list_of_a_closed_crisis_follows_and_holds_nobody(cast, acting, room, customer, twin, merged):
    row = room("planner", place_id=cast.group_id, owner_id=None)
    listed(row, (twin, cast.outlet_id))
    planner = acting(cast.planner)
    leading.calm(actor=planner, crisis_id=row.pk, words="x", at=AT)
    leading.close(actor=planner, crisis_id=row.pk, words="x", at=AT)
    merged()
    assert (owners(row), held(customer, twin)) == ([customer.pk], [False, False])


def test_merging_is_told_to_crises_and_only_the_system_follows(cast, acting):
    followed = {(item.event, item.react) for item in REACTIONS}
    assert {(CustomersMerged, tasks.follow_merge), (MergeUndone, tasks.follow_undone_merge)} <= followed
    with pytest.raises(NotAllowed):
        leaving_alone.follow_merge(actor=acting(cast.gm), kept_id=1, gone_id=2, at=AT)


def test_no_row_of_a_merged_customer_is_left_behind(cast, acting, complain, room, customer, twin, merged):
    row = room(complaint_id=complain().pk)
    listed(row, (twin, cast.outlet_id))
    merged()
    with connection.cursor() as cursor:
        for table in ("crisis_affected", "complaints_complaint"):
            cursor.execute(f"SELECT count(*) FROM {table} WHERE customer_id = %s", [twin.pk])
            assert cursor.fetchone()[0] == 0, table
