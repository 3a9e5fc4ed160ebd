"""What was written is followed at once, by the same computation, restricted to whom it is about."""

import datetime

import pytest
from django.db import connection
from tests import garage
from tests.insight.test_night import run, states, visit

from guanxi.care.models import CarState, OwnerState
from guanxi.customers.services import merging
from guanxi.foundation import clock, events
from guanxi.insight.models import Night, Touched
from guanxi.insight.services import following
from guanxi.vehicles.services import mileage
from guanxi.workshop.events import VisitRecorded

pytestmark = pytest.mark.django_db
TODAY = clock.today()


def jobs(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo'", [name])
        return cursor.fetchone()[0]


@pytest.fixture
def owner(cast):
    return garage.customer("周随", "13700000501", cast.outlet_id)


@pytest.fixture
def car(owner):
    return garage.car(owner, 501, plate="沪F50101", trim=garage.trim("F"), sold_on=TODAY - datetime.timedelta(days=400))


@pytest.mark.covers("CLASS-34")
def test_a_visit_is_followed_and_the_pass_of_the_night_finds_nothing_left(cast, owner, car):
    run()
    came = visit(car, owner, cast.outlet_id, TODAY, 30)
    told = VisitRecorded(came.pk, car.pk, owner.pk, cast.outlet_id, "MINOR_REPAIR", True, TODAY.isoformat())
    following.note_visit(**vars(told))
    assert (Touched.objects.count(), jobs("insight.follow")) == (2, 1)
    assert following.follow(day=TODAY) == 2
    assert OwnerState.objects.get(customer=owner, outlet=cast.outlet_id).state == "OBSERVE"
    assert not Touched.objects.exists()
    done = run()
    assert (done.owners, done.cars, done.changes) == (0, 0, 0)


def test_all_that_follow_alone_come_to_what_the_pass_comes_to(cast):
    run()
    before = states()
    customers = list(OwnerState.objects.values_list("customer_id", flat=True).distinct()[:150])
    OwnerState.objects.filter(customer_id__in=customers).delete()
    CarState.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM vehicles_vehicle")
        cars = [row[0] for row in cursor.fetchall()]
    following.touch(customers=customers, vehicles=cars)
    following.follow(day=TODAY)
    after = states()
    assert after[1] == before[1]
    chained = {"ACTIVE", "SWING"}  # of these the history knows an earlier day, which was deleted

    def plain(rows):
        return [
            {
                key: row[key]
                for key in row
                if key not in {"id", "before", "tier_since", "tier_before"}
                and not (key == "since" and row["state"] in chained)
            }
            for row in rows
        ]

    assert plain(after[0]) == plain(before[0])


def test_a_reading_moves_the_next_maintenance(cast, acting, owner, car):
    run()
    before = CarState.objects.get(pk=car.pk)
    mileage.record_reading(
        actor=acting(cast.advisor), vehicle_id=car.pk, on=TODAY, km=90_000, source="VISIT", at=clock.now()
    )  # fmt: skip
    from guanxi.foundation.actor import SYSTEM

    acting(SYSTEM)
    following.note_car(vehicle_id=car.pk)
    following.follow(day=TODAY)
    after = CarState.objects.get(pk=car.pk)
    assert (after.base_km, after.base_on, after.readings) == (90_000, TODAY, 1)
    assert after.metres == 90_000 * 1000 // 400
    assert (after.due_on, after.due_by) != (before.due_on, "TIME") or before.due_on <= TODAY


@pytest.mark.covers("CC-22")
def test_a_merge_leaves_one_owner_and_its_undoing_two(cast, acting, owner, car):
    other = garage.customer("周随", "13700000502", cast.outlet_id)
    second = garage.car(other, 502, plate="沪F50202")
    visit(second, other, cast.outlet_id, TODAY, 31)
    run()
    made = merging.merge_customers(
        actor=acting(cast.hq), kept_id=owner.pk, gone_id=other.pk, choices={}, at=clock.now()
    )  # fmt: skip
    following.note_merge(kept_id=owner.pk, gone_id=other.pk)
    following.follow(day=TODAY)
    assert {row.customer_id for row in OwnerState.objects.filter(customer_id__in=[owner.pk, other.pk])} == {owner.pk}
    assert OwnerState.objects.get(customer=owner, outlet=None).last_visit == TODAY
    merging.undo_merge(actor=cast.hq, merge_id=made.pk, at=clock.now())
    following.note_merge(kept_id=owner.pk, gone_id=other.pk)
    following.follow(day=TODAY)
    found = {
        row.customer_id: row.state
        for row in OwnerState.objects.filter(outlet=None, customer_id__in=[owner.pk, other.pk])
    }
    assert (found[other.pk], len(found)) == ("OBSERVE", 2)


def test_every_event_that_changes_a_state_is_wired(cast):
    wired = {name for name in events._reactions if "insight" in name}
    for word in (
        "VisitRecorded", "VisitChanged", "VehicleSold", "VehicleAdded", "VehicleLeft", "OwnerChanged", "MileageKnown",
        "CustomerRelated", "CustomersMerged", "MergeUndone", "ImportEnded",
    ):  # fmt: skip
        assert any(f".{word}->" in name for name in wired), word


def test_an_import_that_was_taken_back_or_is_large_is_followed_by_the_whole_pass(cast):
    waiting = jobs("insight.night")
    following.note_import(run_id=1, state="CHECKED", added=0, changed=0)
    assert jobs("insight.night") == waiting
    following.note_import(run_id=1, state="UNDONE", added=0, changed=0)
    assert jobs("insight.night") == waiting + 1
    following.note_import(run_id=0, state="DONE", added=3, changed=0)
    assert Touched.objects.filter(customer_id__isnull=False).exists()
    assert following.follow(day=TODAY) > 100


def test_before_the_first_pass_nothing_is_worked_out(cast, owner):
    Night.objects.all().delete()
    following.touch(customers=[owner.pk])
    assert following.follow(day=TODAY) == 0
    assert not OwnerState.objects.filter(customer=owner).exists()
