"""The warranty ends of imported cars: reckoned after the import, given back by its undo."""

import datetime

import pytest
from tests import garage
from tests.intake.arriving import csv_of, undone, written

from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import NotAllowed
from guanxi.intake.models import Before
from guanxi.records.models import AuditEntry
from guanxi.vehicles import tasks
from guanxi.vehicles.models import Vehicle, WarrantyTerm
from guanxi.vehicles.services import warranties

pytestmark = pytest.mark.django_db
HEADINGS = ("客户姓名", "移动电话", "VIN码", "购车日期", "车型")
SOLD, END = datetime.date(2024, 3, 15), datetime.date(2027, 3, 15)


@pytest.fixture
def bring(cast, trim, acting):
    """Return a function that writes a file of owners at the cast's outlet, and follows it as the job does."""

    def of(*rows, then=True):
        run = written(cast.admin, cast.outlet_id, csv_of(HEADINGS, *rows))
        acting(SYSTEM)
        if then:
            tasks.follow_import(run_id=run.pk, state=run.state)
        return run

    return of


def row(number, sold_on="2024-03-15", model="远航混动", mobile=None):
    return (f"王{number}明", mobile or f"1381234{number:04d}", garage.vin(number), sold_on, model)


def ends(*numbers):
    found = Vehicle.objects.filter(vin__in=[garage.vin(number) for number in numbers]).order_by("vin")
    return [(car.warranty_until, car.warranty_km) for car in found]


@pytest.mark.covers("LIFE-17")
def test_imported_cars_get_the_end_of_the_terms_of_their_day(bring, trim):
    WarrantyTerm.objects.create(
        series=trim.model.series, code="CAR2", name_zh="整车", months=60, km=150_000, is_whole_car=True,
        valid_from=datetime.date(2025, 1, 1),
    )  # fmt: skip
    run = bring(row(11), row(12, "2025-03-15"), row(13, ""), row(14, model="不明"), row(15, "2019-05-01"))
    assert sorted(ends(11, 12, 13, 14, 15), key=str) == sorted(
        [(END, 100_000), (datetime.date(2030, 3, 15), 150_000), (None, None), (None, None), (None, None)], key=str
    )
    assert AuditEntry.objects.get(
        subject_type="import", subject_id=str(run.pk), verb="vehicles.change_vehicle"
    ).after == {"warranties_reckoned": 2}
    assert warranties.date_imported(actor=SYSTEM, run_id=run.pk) == 0


def test_cars_of_other_imports_stay_as_they_are(bring):
    bring(row(11), then=False)
    bring(row(12))
    assert ends(11) == [(None, None)]
    assert ends(12) == [(END, 100_000)]


@pytest.mark.parametrize("state", ["UNDONE", "FAILED"])
def test_only_a_written_import_is_followed(bring, state):
    run = bring(row(11), then=False)
    tasks.follow_import(run_id=run.pk, state=state)
    assert ends(11) == [(None, None)]


def everything():
    rows = Vehicle.objects.order_by("pk").values()
    return [{name: value for name, value in car.items() if name != "odometer_km"} for car in rows]


@pytest.mark.covers("LIFE-17")
def test_an_undo_leaves_nothing_behind(bring, cast, acting, owner, trim):
    held = garage.car(owner, 11, trim=trim, plate="")
    Vehicle.objects.filter(pk=held.pk).update(warranty_until=datetime.date(2020, 1, 1), warranty_km=1)
    before = everything()
    run = bring(("王雪", "13800138000", garage.vin(11), "2024-03-15", ""), row(12))
    assert ends(11) == [(END, 100_000)]
    assert ends(12) == [(END, 100_000)]
    assert undone(cast.admin, run).state == "UNDONE"
    acting(SYSTEM)
    assert everything() == before
    assert not Before.objects.filter(run=run).exists()
    tasks.follow_import(run_id=run.pk, state="DONE")  # a job that comes too late finds nothing of it
    assert everything() == before


def test_an_import_undone_before_the_job_leaves_nothing_either(bring, cast, acting, owner, trim):
    garage.car(owner, 11, trim=trim, plate="")
    before = everything()
    run = bring(("王雪", "13800138000", garage.vin(11), "2024-03-15", ""), row(12), then=False)
    assert undone(cast.admin, run).state == "UNDONE"
    acting(SYSTEM)
    tasks.follow_import(run_id=run.pk, state="DONE")
    assert everything() == before


def test_the_job_done_twice_still_gives_back_what_was_first(bring, cast, acting, owner, trim):
    garage.car(owner, 11, trim=trim, plate="")
    before = everything()
    run = bring(("王雪", "13800138000", garage.vin(11), "2024-03-15", ""))
    WarrantyTerm.objects.update(months=12)
    tasks.follow_import(run_id=run.pk, state="DONE")
    assert ends(11) == [(datetime.date(2025, 3, 15), 100_000)]
    assert undone(cast.admin, run).state == "UNDONE"
    acting(SYSTEM)
    assert everything() == before


def test_who_may_not_is_refused(cast, acting):
    with pytest.raises(NotAllowed):
        warranties.date_imported(actor=acting(cast.gm), run_id=1)
