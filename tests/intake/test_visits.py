"""What a file of visits does to cars, readings, relations and doubts."""

import datetime

import pytest
from tests.intake import arriving
from tests.intake.arriving import owners, vin, visits, written

from guanxi.customers.models import Relation
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.intake.models import Finding
from guanxi.vehicles.models import OwnerDoubt, Participant, Reading, Vehicle
from guanxi.workshop.models import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_world")]
Day = datetime.date
FIRST = ("R1", vin(1), "", "王小明", "13800000001", "首保", "2024-08-01", "5000", "300")


@pytest.fixture
def cars(cast):
    """Two cars of one outlet, written from a file."""
    run = written(
        cast.admin, cast.outlet_id,
        owners(("C1", "王小明", "13800000001", vin(1), "沪A12345", "2024-05-06"),
               ("C2", "李四海", "13800000002", vin(2), "沪B12345", "2023-05-06")),
    )  # fmt: skip
    db.set_scope(SYSTEM)
    return run


@pytest.fixture
def bring(cast, cars):
    def of(*rows, actor=None, place=None):
        run = written(actor or cast.admin, place or cast.outlet_id, visits(*rows))
        db.set_scope(SYSTEM)
        return run

    return of


@pytest.mark.covers("INFO-18")
def test_a_visit_finds_its_car_its_owner_and_its_mileage(bring, cast):
    run = bring(FIRST)
    visit = Visit.objects.select_related("vehicle", "customer").get()
    assert (visit.vehicle.vin, visit.customer.name, visit.category, visit.counts) == (
        vin(1), "王小明", "FIRST_MAINTENANCE", True,
    )  # fmt: skip
    assert (visit.outlet_id, visit.order_no, visit.total, visit.touched_at) == (
        cast.outlet_id,
        "R1",
        300,
        run.merged_at,
    )
    car = Vehicle.objects.get(vin=vin(1))
    assert (car.odometer_km, car.odometer_on) == (5000, Day(2024, 8, 1))


def test_without_vin_the_plate_tells_and_an_ambiguous_one_does_not(bring):
    bring(("R1", "", "沪A12345", "", "", "首保", "2024-08-01"))
    assert Visit.objects.get().vehicle.vin == vin(1)
    Vehicle.objects.filter(vin=vin(2)).update(plate="沪A12345")
    run = bring(("R2", "", "沪A12345", "", "", "首保", "2024-08-02"))
    assert Finding.objects.get(run=run, level="reject").code == "two_vehicles"


def test_the_customer_is_the_owner_of_that_day(bring):
    participant = Participant.objects.get(vehicle__vin=vin(1))
    other = Participant.objects.get(vehicle__vin=vin(2)).customer
    Participant.objects.filter(pk=participant.pk).update(until=Day(2025, 1, 1))
    Participant.objects.create(
        vehicle=participant.vehicle, customer=other, role="OWNER", since=Day(2025, 1, 1), touched_at=clock.now()
    )
    bring(FIRST, ("R2", vin(1), "", "", "", "首保", "2025-03-01"), ("R3", vin(1), "", "", "", "PDI", "2024-01-01"))
    names = dict(Visit.objects.values_list("order_no", "customer__name"))
    assert names == {"R1": "王小明", "R2": "李四海", "R3": None}


def test_at_another_outlet_the_owner_becomes_a_base_customer_and_is_found_there(bring, cast):
    bring(FIRST, actor=cast.stranger, place=cast.other_outlet_id)
    relation = Relation.objects.get(outlet_id=cast.other_outlet_id)
    assert (relation.customer.name, relation.category, relation.since) == ("王小明", "BASE", Day(2024, 8, 1))
    from guanxi.customers import queries

    db.set_scope(cast.stranger)
    assert [hit.customer.name for hit in queries.find(cast.stranger, "wxm", 5)] == ["王小明"]
    assert [hit.customer.name for hit in queries.find(cast.stranger, "沪A12345", 5)] == ["王小明"]


def test_the_same_order_again_changes_what_this_system_said(bring):
    bring(FIRST)
    run = bring((*FIRST[:7], "5100", "350"))
    visit = Visit.objects.get()
    assert (visit.km, visit.total, visit.run_id) == (5100, 350, run.pk)
    assert Reading.objects.get().km == 5100
    Visit.objects.update(total=1, touched_at=clock.now())
    run = bring((*FIRST[:7], "5100", "400"))
    assert Visit.objects.get().total == 1
    assert (2, "total", "kept") in set(Finding.objects.filter(run=run).values_list("row", "field", "code"))


@pytest.mark.parametrize(
    ("mileages", "wrong"),
    [
        ([5000, 12000, 20000], []),
        ([5000, 120000, 20000], [120000]),
        ([50000, 12000, 20000], [50000]),
        ([5000, 12000, 200], [200]),
        ([5000, 900, 20000, 30000], [900]),
        ([5000, 12000], []),
        ([12000, 5000], [5000]),
    ],
)
def test_of_mileages_that_contradict_each_other_the_others_decide(bring, mileages, wrong):
    rows = [
        (f"R{at}", vin(1), "", "", "", "保养", f"2025-{2 * at + 1:02d}-01", str(km)) for at, km in enumerate(mileages)
    ]
    bring(*rows)
    assert sorted(Reading.objects.filter(is_plausible=False).values_list("km", flat=True)) == wrong
    last = [km for km in mileages if km not in wrong][-1]
    assert Vehicle.objects.get(vin=vin(1)).odometer_km == last


def test_a_stranger_at_the_desk_is_a_doubt(bring):
    bring(
        ("R1", vin(1), "", "路人甲", "13999999999", "首保", "2024-08-01"),
        ("R2", vin(2), "", "路人乙", "13800000002", "首保", "2024-08-01"),
    )
    doubt = OwnerDoubt.objects.get()
    assert (doubt.vehicle.vin, doubt.name, doubt.phone, doubt.seen_on) == (
        vin(1),
        "路人甲",
        "13999999999",
        Day(2024, 8, 1),
    )
    bring(("R1", vin(1), "", "路人甲", "13999999999", "首保", "2024-08-01"))
    assert OwnerDoubt.objects.count() == 1


def test_an_order_twice_in_one_file_is_one_visit(bring):
    run = bring(FIRST, FIRST, (*FIRST[:7], "9999"))
    assert Visit.objects.get().km == 5000
    assert (run.count("good"), run.count("warned")) == (1, 2)


def test_an_undo_gives_the_cars_their_mileage_back(bring, cast):
    bring(FIRST)
    before = arriving.checksums()
    run = bring(("R2", vin(1), "", "路人甲", "13999999999", "保养", "2025-08-01", "15000"))
    assert Vehicle.objects.get(vin=vin(1)).odometer_km == 15000
    assert arriving.undone(cast.admin, run).state == "UNDONE"
    assert arriving.checksums() == before
