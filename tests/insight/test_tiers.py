"""Tiers by what was paid: one by one and all at once, their bounds, the night, the daily stream, an upgrade."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import garage
from tests.insight.worlds import DAY, World, compute

from guanxi.care.models import OwnerState, StateCount, TierBound, TierTerms
from guanxi.care.policy import tiers as policy
from guanxi.care.queries import tiers as queries
from guanxi.foundation import clock, columnar
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.values.months import later
from guanxi.insight import engine
from guanxi.insight.measures import owners, tiers
from guanxi.insight.models import Mark
from guanxi.insight.services import following, night, working
from guanxi.workshop.models import Visit

TODAY = clock.today()
STATES = (
    "CREATE OR REPLACE TABLE owner_states (customer_id BIGINT, outlet_id INTEGER, state VARCHAR, since DATE,"
    " visits BIGINT, last_visit DATE, kpi_lost BOOLEAN, paid BIGINT)"
)
SLOW = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
amounts = st.integers(0, 40) | st.integers(0, 2_000_000_000)


def paid_rows(duck, amounts):
    columnar.run(duck, STATES)
    for number, amount in enumerate(amounts):
        for outlet in (None, 7):
            columnar.run(
                duck, "INSERT INTO owner_states VALUES (?, ?, 'LOST', NULL, 0, NULL, true, ?)",
                [number, outlet, amount if outlet is None else 0],
            )  # fmt: skip


@SLOW
@pytest.mark.covers("CLASS-36")
@given(paid=st.lists(amounts, max_size=30), percents=st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True))
def test_bounds_and_tiers_are_alike_one_by_one_and_all_at_once(tmp_path, paid, percents):
    shares = dict(zip(("SILVER", "GOLD", "DIAMOND", "VIP"), sorted(percents, reverse=True), strict=False))
    with columnar.connected(tmp_path) as duck:
        paid_rows(duck, paid)
        working.fill(duck, "shares", tiers.SHARES, list(shares.items()))
        found = {code: (amount, payers) for code, amount, payers in columnar.run(duck, engine.sql(tiers.found_bounds))}
        payers = sum(amount > 0 for amount in paid)
        wanted = {code: (policy.bound_of_share(paid, share), payers) for code, share in shares.items() if payers}
        assert found == wanted
        bounds = {code: amount for code, (amount, _payers) in wanted.items()}
        working.fill(duck, "bounds", tiers.BOUNDS, list(bounds.items()))
        rows = columnar.run(duck, f"SELECT customer_id, outlet_id, tier FROM ({engine.sql(tiers.tiered)})")
    assert {(row[0], row[1]): row[2] for row in rows} == {
        (number, outlet): policy.tier(amount if outlet is None else 0, bounds)
        for number, amount in enumerate(paid)
        for outlet in (None, 7)
    }


@pytest.mark.covers("CLASS-36")
def test_a_tier_takes_what_the_first_of_those_who_paid_had_paid():
    paid = [0, 0, 0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]
    assert policy.bound_of_share(paid, 20) == 900
    assert policy.bound_of_share(paid, 1) == 1000
    assert policy.bound_of_share([0, 0], 50) is None
    bounds = {"SILVER": 500, "GOLD": 900, "VIP": 1000}
    assert [policy.tier(amount, bounds) for amount in (0, 499, 500, 899, 900, 1000)] == [
        "NORMAL", "NORMAL", "SILVER", "SILVER", "GOLD", "VIP",
    ]  # fmt: skip


def test_what_was_paid_counts_for_a_year_at_the_outlet_and_anywhere(tmp_path):
    world = World()
    world.owner(1, 1, DAY - datetime.timedelta(days=900))
    year_ago = later(DAY, -12)
    world.visit(1, 1, year_ago, paid=1)
    world.visit(1, 1, year_ago + datetime.timedelta(days=1), paid=20)
    world.visit(1, 1, DAY, paid=300, counts=False)  # not a valid visit, and paid all the same
    world.visit(1, 2, DAY, paid=4000)
    world.visit(1, 1, DAY + datetime.timedelta(days=1), paid=50_000)
    found = {row["outlet_id"]: row for row in compute(world, owners.owners, tmp_path)}
    assert {outlet: row["paid"] for outlet, row in found.items()} == {1: 320, None: 4320}
    assert (found[1]["visits"], found[1]["last_visit"]) == (1, year_ago + datetime.timedelta(days=1))


def run(day=TODAY):
    return night.pass_night(actor=SYSTEM, day=day, at=clock.now())


def pay(owner, car, outlet, amount, number, currency="CNY"):
    return Visit.objects.create(
        outlet_id=outlet, vehicle=car, customer=owner, order_no=f"T-{number}", category="MINOR_REPAIR", counts=True,
        entered_on=TODAY, total=Decimal(amount), currency=currency, touched_at=clock.now(),
    )  # fmt: skip


@pytest.fixture
def owner(cast):
    row = garage.customer("钱多", "13700000911", cast.outlet_id)
    return row, garage.car(row, 911, plate="沪N91101", since=TODAY - datetime.timedelta(days=900))


def state(owner, outlet):
    return OwnerState.objects.get(customer=owner[0], outlet=outlet)


@pytest.mark.django_db
@pytest.mark.covers("CLASS-36")
def test_the_night_gives_tiers_and_the_month_keeps_its_bounds(cast, owner):
    run()
    bounds = queries.bounds_on(TODAY)
    assert list(bounds) == ["VIP", "DIAMOND", "GOLD", "SILVER"]
    taken = [bound.amount for bound in bounds.values()]
    assert taken == sorted(taken, reverse=True)
    assert state(owner, cast.outlet_id).tier == "NORMAL"
    visit = pay(*owner, cast.outlet_id, bounds["DIAMOND"].amount, 1)
    run()
    row = state(owner, cast.outlet_id)
    assert (row.tier, row.tier_before, row.tier_since, row.paid) == (
        "DIAMOND", "NORMAL", TODAY, bounds["DIAMOND"].amount,
    )  # fmt: skip
    counted = dict(StateCount.objects.filter(day=TODAY, kind="TIER", outlet=None).values_list("code", "count"))
    assert counted["DIAMOND"] == OwnerState.objects.filter(outlet=None, tier="DIAMOND").count() > 0
    visit.delete()
    run()
    row = state(owner, cast.outlet_id)
    assert (row.tier, row.tier_before, row.paid) == ("NORMAL", "DIAMOND", 0)
    assert {tier: bound.pk for tier, bound in queries.bounds_on(TODAY).items()} == {
        tier: bound.pk for tier, bound in bounds.items()
    }


@pytest.mark.django_db
def test_a_payment_of_the_day_moves_a_customer_up_at_once_and_other_currencies_do_not_count(cast, owner):
    run()
    amount = queries.bounds_on(TODAY)["GOLD"].amount
    pay(*owner, cast.outlet_id, amount, 2)
    pay(*owner, cast.outlet_id, 10_000_000, 3, currency="EUR")
    following.touch(customers=[owner[0].pk])
    following.follow(day=TODAY)
    row = state(owner, cast.outlet_id)
    assert (row.tier, row.paid) == ("GOLD", amount)


@pytest.mark.django_db
def test_limits_of_a_carmaker_go_before_and_are_bounded_in_the_next_night(cast, owner):
    run()
    before = queries.bounds_on(TODAY)
    TierTerms.objects.create(source="brand", tier="GOLD", valid_from=TODAY, amount=before["GOLD"].amount + 7)
    assert [row.source for row in queries.without_bound(TODAY)] == ["brand"]
    assert "GOLD" not in queries.bounds_on(TODAY)
    run()
    assert queries.bounds_on(TODAY)["GOLD"].amount == before["GOLD"].amount + 7
    assert queries.without_bound(TODAY) == []
    assert TierBound.objects.filter(terms__source="base", terms__tier="GOLD", month=TODAY.replace(day=1)).exists()


@pytest.mark.django_db
def test_a_dataset_with_other_columns_is_read_anew(cast):
    run()
    mark = Mark.objects.get(dataset="visits")
    filenode, _shape, _transaction = mark.origin.split("/")
    assert run().read == 0
    with connection.cursor() as cursor:  # what an older version, which read other columns, would have left
        cursor.execute(
            "UPDATE insight_mark SET origin = %s || '/aaaaaaaa/' || pg_current_xact_id()::xid::text WHERE id = %s",
            [filenode, mark.pk],
        )  # fmt: skip
    assert run().read == Visit.objects.count() > 0
