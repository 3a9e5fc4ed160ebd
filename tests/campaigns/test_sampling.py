"""The count of many customers by a sample: within its margin as often as it says, exact when few and at the submission."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from tests.campaigns.conftest import AT, DAY, values
from tests.counting import queries_of

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign, Kind
from guanxi.campaigns.queries import audience, counting
from guanxi.campaigns.services import deciding
from guanxi.customers.models import ContactPoint, Customer, Relation
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.privacy.models import Consent

FIRST, MANY, OPEN, FEW = 70_000_001, 3000, 1200, 30  # fixed numbers: the sample is the same in each run


@pytest.fixture
def crowd(world):
    """Three thousand customers of an outlet: so many may be addressed, a few refuse, nobody else has a number."""
    db.set_scope(SYSTEM)
    ids = range(FIRST, FIRST + MANY)
    made = {"created_at": AT, "touched_at": AT}
    Relation.objects.bulk_create(
        Relation(customer_id=pk, outlet_id=world.outlet_id, category="OWNER", since=DAY, touched_at=AT) for pk in ids
    )
    Customer.objects.bulk_create(Customer(pk=pk, kind="PERSON", name=f"客户{pk}", **made) for pk in ids)
    ContactPoint.objects.bulk_create(
        ContactPoint(
            customer_id=pk, channel="MOBILE", value=str(13_000_000_000 + pk), is_primary=True, touched_at=AT,
            state="VALID" if pk < FIRST + OPEN else "DO_NOT_CONTACT",
        )
        for pk in ids[: OPEN + FEW]
    )  # fmt: skip
    Consent.objects.bulk_create(
        Consent(
            customer_id=pk, purpose="SERVICE", medium="SMS", recipient_id=world.outlet_id, standing="GIVEN", proof="测试",
            given_at=AT - datetime.timedelta(days=400), recorded_by="test",
        )
        for pk in ids[:OPEN]
    )  # fmt: skip
    return world


@pytest.fixture
def small(monkeypatch):
    """A sample is taken beyond a thousand, of about three hundred."""
    monkeypatch.setattr(policy, "LARGE", 1000)
    monkeypatch.setattr(policy, "SAMPLED", 300)


def campaign(world, **more):
    return Campaign(kind=Kind.objects.get(pk="SERVICE_VISITS"), **values(world.outlet_id, **more))


@pytest.mark.covers("DBM-07")
def test_the_margin_holds_as_often_as_it_says(crowd, small, acting, monkeypatch):
    """Sixty samples of the whole statement: of the audience, of the many who may be addressed, of the few who refuse."""
    row, true = campaign(crowd), {"audience": MANY, "open": OPEN, "DO_NOT_CONTACT": FEW}
    held, sizes = dict.fromkeys(true, 0), []
    real = policy.sample_of
    for key in range(60):
        monkeypatch.setattr(policy, "sample_of", lambda size, _key, key=key: real(size, key))
        found = counting.count(acting(SYSTEM), row, AT)
        assert found.is_sample
        sizes.append(found.audience)
        shown = {"audience": found.audience, "open": found.open} | dict(found.excluded)
        for name, truth in true.items():
            held[name] += abs(shown.get(name, 0) - truth) <= found.margins.get(name, policy.about(0, 0.1).margin)
    assert all(many >= 54 for many in held.values()), held
    assert len(set(sizes)) > 30  # samples differ, and so do their figures
    assert abs(sum(sizes) / 60 - MANY) < 60  # and none lies on one side


def test_a_hash_is_even_over_keys(world):
    """Of three thousand numbers that follow one another, with a thousand keys: found spreads as the binomial does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.key, count(*) FROM generate_series(1, 1000) AS k (key), generate_series(70000001, 70003000) AS n (id)"
            " WHERE hashint8extended(n.id::bigint, k.key::bigint) & 4294967295 < %s GROUP BY 1",
            [policy.SPREAD // 10],
        )
        found = [many for _key, many in cursor.fetchall()]
    mean = sum(found) / len(found)
    spread = sum((many - mean) ** 2 for many in found) / len(found)
    assert abs(mean - 300) < 3
    assert 0.85 < spread / (3000 * 0.1 * 0.9) < 1.15
    held = sum(policy.about(many, 0.1).low <= 3000 <= policy.about(many, 0.1).high for many in found)
    assert 0.93 <= held / 1000 <= 0.97


@pytest.mark.parametrize(
    ("found", "share", "value", "low", "high"),
    [(7, 1.0, 7, 7, 7), (0, 0.1, 0, 0, 35), (100, 0.1, 1000, 830, 1205), (1, 0.5, 2, 1, 8)],
)
def test_what_a_sample_says_of_all(found, share, value, low, high):
    assert policy.about(found, share) == policy.About(value, low, high)


def test_few_are_counted_exactly(crowd, acting):
    found = counting.count(acting(SYSTEM), campaign(crowd), AT)
    assert (found.is_sample, found.audience, found.open, found.margins) == (False, MANY, OPEN, {})
    assert policy.sample_of(policy.LARGE, 1) is None


def test_the_same_key_finds_the_same_and_exact_is_exact(crowd, small, acting):
    row = campaign(crowd)
    one, again = (counting.count(acting(SYSTEM), row, AT) for _number in range(2))
    assert one == again
    exact = counting.count(acting(SYSTEM), row, AT, is_exact=True)
    assert (exact.audience, exact.open, exact.is_sample) == (MANY, OPEN, False)


def test_what_follows_from_a_sample_has_a_margin_too(crowd, small, acting):
    row = campaign(crowd, control=20, unit_cost=Decimal(1), budget=Decimal(100))
    found = counting.count(acting(SYSTEM), row, AT)
    assert (found.addressed, found.cost) == (100, Decimal(100))
    assert "addressed" not in found.margins  # the money holds it, whatever the sample says
    assert found.margins["control"] > 0
    assert found.over_budget == found.open - found.control - 100
    assert 0.7 * found.margins["open"] < found.margins["over_budget"] < 0.9 * found.margins["open"]
    assert sum(many for _name, many, _margin in found.by_outlet) == found.open


def test_a_sample_looks_at_few_and_costs_one_query_more(crowd, small, acting):
    row = campaign(crowd)
    sampled = queries_of(lambda: counting.count(acting(SYSTEM), row, AT))
    exact = queries_of(lambda: counting.count(acting(SYSTEM), row, AT, is_exact=True))
    assert sampled == exact + 1
    begun = audience.found(row, AT, None, policy.sample_of(MANY, row.node_id))
    with connection.cursor() as cursor:
        cursor.execute(begun.sql + " SELECT count(*) FROM cases", begun.values)
        (looked,) = cursor.fetchone()
    assert 200 < looked < 400


def test_the_submission_counts_exactly(crowd, small, plan, acting, world):
    row = plan()
    made = deciding.submit(actor=acting(world.crm), campaign_id=row.pk, at=AT)
    assert made.planned == {"audience": MANY, "open": OPEN, "control": 0, "addressed": OPEN}


def test_the_pages_and_the_api_say_about(crowd, small, plan, signed_in, world):
    from tests.apicalls import caller

    row = plan()
    crm = signed_in("crm")
    page = crm.get(f"/campaigns/{row.pk}/").content.decode()
    assert "about" in page
    assert "±" in page
    assert "Counted by a sample" in page
    page = signed_in("crm", "zh-hans").get(f"/campaigns/{row.pk}/change/").content.decode()
    assert "±" in page
    client = caller(world.crm)
    found = client.get(f"/api/v1/campaigns/campaigns/{row.pk}/count").json()
    assert (found["is_sample"], found["margins"]["audience"] > 0) == (True, True)
    exact = client.get(f"/api/v1/campaigns/campaigns/{row.pk}/count?exact=true").json()
    assert (exact["is_sample"], exact["audience"], exact["margins"]) == (False, MANY, {})
