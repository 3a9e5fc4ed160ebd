"""The pass of the night on the demonstration: what it writes, that it changes nothing twice, missed nights."""

import datetime

import pytest
from tests import garage

from guanxi.care.models import CarState, OwnerState, StateChange, StateCount
from guanxi.care.services import merging
from guanxi.customers.models import Relation
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid
from guanxi.insight.models import Night
from guanxi.insight.services import night
from guanxi.records.models import AuditEntry
from guanxi.vehicles.models import Vehicle
from guanxi.workshop.models import Visit

pytestmark = pytest.mark.django_db
TODAY = clock.today()


def run(day=TODAY):
    return night.pass_night(actor=SYSTEM, day=day, at=clock.now())


def visit(car, owner, outlet, day, number=1):
    return Visit.objects.create(
        outlet_id=outlet, vehicle=car, customer=owner, order_no=f"N-{number}", category="MINOR_REPAIR", counts=True,
        entered_on=day, touched_at=clock.now(),
    )  # fmt: skip


def states():
    return list(OwnerState.objects.order_by("customer_id", "outlet_id").values()), list(
        CarState.objects.order_by("pk").values()
    )


def test_the_demonstration_has_its_states_and_something_to_compare_with(cast):
    days = list(Night.objects.order_by("day").values_list("day", flat=True))
    assert len(days) == 2
    assert CarState.objects.count() == Vehicle.objects.count()
    assert set(OwnerState.objects.values_list("state", flat=True)) == {
        "ACTIVE", "SWING", "SWING_TO_LOST", "OBSERVE", "NEW", "LOST",
    }  # fmt: skip
    counted = sum(StateCount.objects.filter(day=days[1], kind="STATE", outlet=None).values_list("count", flat=True))
    assert counted == OwnerState.objects.filter(outlet=None).count()
    assert StateChange.objects.filter(was="").count() < StateChange.objects.count()


@pytest.mark.covers("CLASS-34")
def test_a_second_pass_of_the_same_day_changes_nothing(cast):
    run()
    before, changes = states(), StateChange.objects.count()
    done = run()
    assert (done.owners, done.cars, done.changes) == (0, 0, 0)
    assert (states(), StateChange.objects.count()) == (before, changes)
    assert AuditEntry.objects.filter(verb="insight.pass_night").count() >= 2


def test_the_database_is_asked_of_those_alone_whose_state_differs(cast, monkeypatch):
    run()
    before, asked, merge = states(), [], merging.merge_states

    def ask(*, day, worked):
        asked.append((worked.customer_ids, worked.vehicle_ids))
        return merge(day=day, worked=worked)

    monkeypatch.setattr(merging, "merge_states", ask)
    run()
    changed, gone = OwnerState.objects.filter(outlet=None).order_by("customer_id")[1:3]
    car, lost_car = CarState.objects.order_by("pk")[1:3]
    OwnerState.objects.filter(pk=changed.pk).update(visits=changed.visits + 1)
    CarState.objects.filter(pk=car.pk).update(readings=car.readings + 1)
    OwnerState.objects.filter(pk=gone.pk).delete()
    CarState.objects.filter(pk=lost_car.pk).delete()
    done = run()
    assert asked == [([], []), ([changed.customer_id, gone.customer_id], [car.pk, lost_car.pk])]
    assert (done.owners, done.cars) == (2, 2)
    keyless = [[{name: row[name] for name in row if name != "id"} for row in rows] for rows in (before[0], states()[0])]
    for rows in keyless:
        for row in rows:
            row["tier_since"] = row["tier_before"] = row["before"] = None
    assert keyless[0] == keyless[1]
    assert before[1] == states()[1]


def test_of_many_changes_all_is_merged(cast, monkeypatch):
    run()
    OwnerState.objects.update(visits=99)
    done = run()
    assert done.owners == OwnerState.objects.count()
    assert not OwnerState.objects.filter(visits=99).exists()


@pytest.mark.covers("CLASS-31", "CLASS-34", "CLASS-35")
def test_a_visit_makes_a_lost_owner_one_to_observe_and_the_history_says_when(cast):
    owner = garage.customer("李晚", "13700000401", cast.outlet_id)
    car = garage.car(owner, 401, plate="沪N40101", since=TODAY - datetime.timedelta(days=900))
    run()
    rows = {row.outlet_id: row for row in OwnerState.objects.filter(customer=owner)}
    assert {key: row.state for key, row in rows.items()} == {cast.outlet_id: "LOST", None: "LOST"}
    day = TODAY - datetime.timedelta(days=3)
    visit(car, owner, cast.outlet_id, day)
    visit(car, owner, cast.outlet_id, TODAY, 2).counts = False
    Visit.objects.filter(order_no="N-2").update(counts=False)
    run()
    row = OwnerState.objects.get(customer=owner, outlet=cast.outlet_id)
    assert (row.state, row.since, row.before, row.visits, row.last_visit, row.kpi_lost) == (
        "OBSERVE",
        day,
        "LOST",
        1,
        day,
        False,
    )
    change = StateChange.objects.filter(customer=owner, outlet=cast.outlet_id).latest("pk")
    assert (change.was, change.became, change.on, change.noticed_on) == ("LOST", "OBSERVE", day, TODAY)


def test_an_outlet_counts_its_own_visits_and_the_network_all(cast):
    owner = garage.customer("双店客", "13700000402", cast.outlet_id, cast.other_outlet_id)
    car = garage.car(owner, 402, plate="沪N40201", since=TODAY - datetime.timedelta(days=900))
    for number, back in enumerate((20, 140, 260), 10):
        visit(car, owner, cast.other_outlet_id, TODAY - datetime.timedelta(days=back), number)
    run()
    found = {row.outlet_id: row.state for row in OwnerState.objects.filter(customer=owner)}
    assert found == {cast.outlet_id: "LOST", cast.other_outlet_id: "ACTIVE", None: "ACTIVE"}


def test_what_is_gone_loses_its_state_and_the_history_keeps_it(cast):
    owner = garage.customer("王去", "13700000403", cast.outlet_id)
    garage.car(owner, 403, plate="沪N40301")
    run()
    Relation.objects.filter(customer=owner).update(ended_on=TODAY)
    run()
    assert not OwnerState.objects.filter(customer=owner).exists()
    assert {row.became for row in StateChange.objects.filter(customer=owner)} >= {"LOST", ""}


def test_missed_nights_are_caught_up_one_by_one_and_none_goes_back(cast):
    assert night.missing(None, datetime.date(2026, 3, 31)) == (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
    last = datetime.date(2026, 3, 1)
    assert night.missing(last, last) == (last,)
    assert len(night.missing(last, datetime.date(2026, 3, 4))) == 3
    assert len(night.missing(last, datetime.date(2026, 6, 4))) == night.CAUGHT_UP
    done = run(TODAY + datetime.timedelta(days=3))
    assert done.days == tuple(TODAY + datetime.timedelta(days=ahead) for ahead in (1, 2, 3))
    with pytest.raises(Invalid):
        run(TODAY)


def test_history_days_are_those_of_the_facts_also_after_a_missed_night(cast):
    owner = garage.customer("赵观", "13700000404", cast.outlet_id)
    car = garage.car(owner, 404, plate="沪N40401", since=TODAY - datetime.timedelta(days=900))
    came = TODAY - datetime.timedelta(days=91)  # observed until the day after tomorrow at the latest
    visit(car, owner, cast.outlet_id, came, 20)
    run()
    run(TODAY + datetime.timedelta(days=5))
    row = OwnerState.objects.get(customer=owner, outlet=cast.outlet_id)
    assert row.state == "SWING_TO_LOST"
    from guanxi.foundation.values.months import later

    assert row.since == later(came, 3)
