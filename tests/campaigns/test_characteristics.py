"""What the group of a campaign is like: class and grade, purchases, visits; small groups are not told."""

import datetime
import itertools
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests import garage
from tests.apicalls import caller
from tests.campaigns.conftest import AT, DAY, days, seen, values
from tests.counting import queries_of

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign, Kind
from guanxi.campaigns.queries import characteristics
from guanxi.campaigns.services import starting
from guanxi.care.models import OwnerState
from guanxi.contact_centre.models import PurchaseIntention
from guanxi.customers.models import Relation
from guanxi.foundation.actor import SYSTEM
from guanxi.records.models import AuditEntry
from guanxi.vehicles.models import Participant, Sale
from guanxi.workshop.models import Visit

NUMBERS = itertools.count(1)


def bought(who, car, on, *, price=180_000, use="PRIVATE", outlet=None):
    return Sale.objects.create(
        vehicle=car, customer=who, outlet_id=outlet or who.relations.first().outlet_id, sold_on=on, price=price,
        use=use, touched_at=AT,
    )  # fmt: skip


def another(who, on, *, until=None, plate=None):
    """Return one more car of a customer, bought on a day, given away on another perhaps."""
    number = 500 + next(NUMBERS)
    car = garage.car(who, number, plate=plate or f"沪C{number:05d}", since=on, sold_on=on)
    if until:
        Participant.objects.filter(vehicle=car, customer=who).update(until=until)
    return car


def came(who, category="MINOR_REPAIR", *, counts=True, ago=5, total=700, outlet=None):
    return Visit.objects.create(
        outlet_id=outlet or who.relations.first().outlet_id, vehicle=who.car, customer=who,
        order_no=f"G{next(NUMBERS)}", category=category, counts=counts, entered_on=DAY - days(ago), total=total,
        touched_at=AT,
    )  # fmt: skip


@pytest.fixture
def of(world, acting):
    def ask(actor=SYSTEM, node=None, **more):
        row = Campaign(kind=Kind.objects.get(pk="SERVICE_VISITS"), **values(node or world.outlet_id, **more))
        with translation.override("en"):
            return characteristics.of(acting(actor), row, AT)

    return ask


def told(found, key):
    """Return the groups of a dimension with how many customers each has; None: not told."""
    table = next(table for table in found.tables if table.key == key)
    return {group.code: group.customers.value if group.customers else None for group in table.groups}


@pytest.mark.covers("SUP-07")
def test_class_grade_and_intention_of_the_group(of, person, world):
    people = [person() for _number in range(18)]
    Relation.objects.filter(customer__in=people[:6]).update(category="POTENTIAL")
    for who in people[6:11]:
        OwnerState.objects.create(
            customer=who, outlet_id=world.outlet_id, state="SWING", since=DAY, visits=1, kpi_lost=False
        )
    for who in people[:7]:
        PurchaseIntention.objects.create(
            key=f"k{who.pk}", customer=who, place_id=world.outlet_id, outlet_id=world.outlet_id, kind="ADDITIONAL",
            words="想再买一辆", said_at=AT - days(30), task_id=1,
        )  # fmt: skip
    found = of()
    assert (found.customers.value, found.is_sample, found.is_frozen) == (18, False, False)
    assert told(found, "class") == {"POTENTIAL": 6, "OWNER": 12}
    assert told(found, "state") == {"SWING": 5, "": 13}
    assert told(found, "intention") == {"ADDITIONAL": 7}
    shares = next(table for table in found.tables if table.key == "class").groups
    assert [round(group.share, 4) for group in shares] == [0.3333, 0.6667]


@pytest.mark.covers("SUP-07")
def test_how_the_group_buys_by_type_use_quantity_year_and_amount(of, person):
    """Six bought their first car, five kept an earlier one, five gave it away in time, six never bought."""
    first, more, instead = ([person() for _number in range(many)] for many in (6, 5, 5))
    for _number in range(6):
        person(car=False)
    for who in first:
        bought(who, who.car, DAY - days(800))
    for who in more:
        bought(who, another(who, DAY - days(1500)), DAY - days(1500), price=60_000)
        bought(who, who.car, DAY - days(800), price=320_000, use="BUSINESS")
    for who in instead:
        another(who, DAY - days(1500), until=DAY - days(800 - characteristics.TRADE))
        bought(who, who.car, DAY - days(800))
    found = of()
    assert told(found, "type") == {"FIRST": 6, "ADDITIONAL": 5, "REPLACEMENT": 5, "": 6}
    assert told(found, "use") == {"PRIVATE": 11, "BUSINESS": 5, "": 6}
    assert told(found, "quantity") == {"1": 11, "2": 5, "": 6}
    assert told(found, "year") == {"2024": 16, "": 6}
    assert told(found, "amount") == {"FROM_150K": 11, "FROM_300K": 5, "": 6}


def test_a_car_given_away_too_late_or_never_was_kept(of, person):
    for late in [datetime.timedelta(characteristics.TRADE + 1)] * 3 + [None] * 3:
        who = person()
        bought(who, who.car, DAY - days(800))
        another(who, DAY - days(1500), until=late and DAY - days(800) + late)
    assert told(of(), "type") == {"ADDITIONAL": 6}


@pytest.mark.covers("SUP-12")
def test_how_the_group_comes_to_the_workshop(of, person):
    """Visits of a year: those that count say how often and why, all of them what was paid."""
    often, once, never = ([person() for _number in range(5)] for _each in range(3))
    for who in often:
        came(who, "PERIODIC_MAINTENANCE", total=600)
        came(who, "ACCIDENT", total=Decimal("4500.50"))
        came(who, "FREE_CHECK", counts=False, total=0)
    for who in once:
        came(who, "PERIODIC_MAINTENANCE", ago=364, total=500)
        came(who, "OVERHAUL", ago=365, total=9000)  # a day too early
    found = of()
    assert told(found, "visits") == {"0": 5, "1": 5, "2": 5}
    assert told(found, "reason") == {"PERIODIC_MAINTENANCE": 10, "ACCIDENT": 5}
    assert told(found, "spend") == {"NOTHING": 5, "FROM_500": 5, "FROM_5000": 5}
    assert len(never) == 5


def test_groups_of_a_few_are_not_told_nor_reckoned_from_the_others(of, person):
    people = [person() for _number in range(20)]
    Relation.objects.filter(customer__in=people[:2]).update(category="BASE")
    Relation.objects.filter(customer__in=people[2:8]).update(category="POTENTIAL")
    came(people[0], "ACCIDENT")
    found = of()
    assert told(found, "class") == {"POTENTIAL": None, "BASE": None, "OWNER": 12}
    assert told(found, "reason") == {"ACCIDENT": None}
    assert told(found, "visits") == {"0": None, "1": None}


def test_of_four_people_nothing_is_told_of_five_something(of, person):
    for _number in range(4):
        person()
    assert of().tables == []
    person()
    assert told(of(), "kind") == {"PERSON": 5}


@given(st.dictionaries(st.text(min_size=1, max_size=2), st.integers(1, 40), max_size=8))
def test_what_is_hidden_cannot_be_reckoned(counts):
    hidden = policy.hidden(counts)
    assert {name for name, many in counts.items() if many < policy.FEWEST} <= hidden
    if hidden and hidden != counts.keys():
        assert len(hidden) > 1
        assert sum(counts[name] for name in hidden) >= policy.FEWEST
    if not any(many < policy.FEWEST for many in counts.values()):
        assert not hidden


def test_an_outlet_is_told_of_its_own_alone(of, person, world):
    for outlet in [world.outlet_id] * 5 + [world.other_outlet_id] * 7:
        came(person(outlet=outlet), outlet=outlet)
    assert told(of(node=world.brand_id), "visits") == {"1": 12}
    assert told(of(world.crm, node=world.brand_id), "visits") == {"1": 5}


def test_a_sample_says_how_far_it_may_be_off(of, person, monkeypatch):
    for number in range(60):
        who = person()
        if number % 2:
            came(who)
    monkeypatch.setattr(policy, "LARGE", 50)
    monkeypatch.setattr(policy, "SAMPLED", 40)
    found = of()
    assert found.is_sample
    assert found.customers.low <= 60 <= found.customers.high
    groups = next(table for table in found.tables if table.key == "visits").groups
    assert all(group.customers.margin > 0 and group.customers.low <= 30 <= group.customers.high for group in groups)


def test_who_was_frozen_is_told_of_when_it_runs(approved, person, world, acting):
    for _number in range(6):
        person()
    row = starting.start(actor=acting(world.gm), campaign_id=approved(control=0).pk, at=AT)
    for _number in range(5):
        person()
    seen()
    found = characteristics.of(acting(world.gm), row, AT)
    assert (found.is_frozen, found.customers.value) == (True, 6)


def test_it_costs_the_same_for_one_and_for_three(of, person):
    person()
    one = queries_of(of)
    person()
    person()
    assert queries_of(of) == one <= 8


@pytest.mark.covers("SUP-07", "SUP-12", "NFR-01")
def test_the_page_the_file_and_the_api_tell_the_same(plan, person, signed_in, world):
    for _number in range(6):
        came(person(), "ACCIDENT")
    came(person(), "OVERHAUL")
    row = plan()
    address = f"/campaigns/{row.pk}/characteristics/"
    assert address in signed_in("crm").get(f"/campaigns/{row.pk}/").content.decode()
    page = signed_in("crm").get(address).content.decode()
    assert "Reason of the visits" in page
    assert "not told" in page
    file = signed_in("crm").get(f"{address}?export=csv").content.decode("utf-8-sig")
    assert "Reason of the visits,Accident,6,0,85.7,yes," in file
    assert "Reason of the visits,Overhaul,,,,no," in file
    assert row.number in file.splitlines()[-1]
    assert signed_in("sales").get(f"{address}?export=csv").status_code == 403
    seen()
    line = AuditEntry.objects.get(verb="campaigns.export")
    assert (line.subject_id, line.after["kind"]) == ("campaigns.characteristics", "csv")
    found = caller(world.crm).get(f"/api/v1/campaigns/campaigns/{row.pk}/characteristics").json()
    assert (found["customers"], found["is_sample"], found["is_frozen"]) == (7, False, False)
    (reasons,) = (table for table in found["tables"] if table["key"] == "reason")
    assert {group["code"]: group["customers"] for group in reasons["groups"]} == {"ACCIDENT": 6, "OVERHAUL": None}
    assert caller(world.stranger).get(f"/api/v1/campaigns/campaigns/{row.pk}/characteristics").status_code in {403, 404}
