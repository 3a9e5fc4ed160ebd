"""Readings, sales, warranties and covers."""

import datetime
from decimal import Decimal

import pytest
from tests import garage

from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.vehicles import tasks
from guanxi.vehicles.models import Cover, Reading, Sale, WarrantyTerm
from guanxi.vehicles.services import catalogue, mileage, papers, warranties
from guanxi.vehicles.services.papers import NewSale

pytestmark = pytest.mark.django_db
TODAY = clock.today()
DAYS = datetime.timedelta(days=1)


def read(actor, car, km, on=TODAY, source="VISIT"):
    return mileage.record_reading(
        actor=actor, vehicle_id=car.pk, on=on, km=km, source=source, at=clock.now()
    )  # fmt: skip


def shown(car):
    car.refresh_from_db()
    return car.odometer_km, car.odometer_on


def test_the_car_shows_its_newest_plausible_reading(cast, acting, car):
    actor = acting(cast.advisor)
    read(actor, car, 20_000, TODAY - 30 * DAYS)
    read(actor, car, 15_000, TODAY - 60 * DAYS)
    assert shown(car) == (20_000, TODAY - 30 * DAYS)


def test_what_cannot_be_is_kept_and_does_not_count(cast, acting, car):
    actor = acting(cast.advisor)
    read(actor, car, 20_000, TODAY - 30 * DAYS)
    backwards = read(actor, car, 19_000)
    assert not backwards.is_plausible
    assert Reading.objects.filter(vehicle=car).count() == 2
    assert shown(car) == (20_000, TODAY - 30 * DAYS)


def test_a_person_may_judge_otherwise(cast, acting, car):
    actor = acting(cast.advisor)
    typo = read(actor, car, 200_000, TODAY - 30 * DAYS)
    right = read(actor, car, 20_900)
    assert not right.is_plausible
    mileage.judge_reading(actor=actor, reading_id=typo.pk, is_plausible=False, at=clock.now())
    assert shown(car) == (None, None)
    mileage.judge_reading(actor=actor, reading_id=right.pk, is_plausible=True, at=clock.now())
    assert shown(car) == (20_900, TODAY)
    with pytest.raises(NotFound):
        mileage.judge_reading(actor=actor, reading_id=0, is_plausible=True, at=clock.now())


def test_the_same_day_and_source_is_a_correction(cast, acting, car):
    actor = acting(cast.advisor)
    read(actor, car, 90_000)
    assert read(actor, car, 9_000).is_plausible
    assert Reading.objects.get(vehicle=car).km == 9_000


@pytest.mark.parametrize(("km", "on"), [(-1, TODAY), (5_000_001, TODAY), (10, TODAY + DAYS)])
def test_a_reading_that_nobody_can_read_is_refused(cast, acting, car, km, on):
    with pytest.raises(Invalid):
        read(acting(cast.advisor), car, km, on)


@pytest.mark.parametrize(("name", "refusal"), [("technician", NotAllowed), ("stranger", NotFound)])
def test_who_may_not_reads_nothing(cast, acting, car, name, refusal):
    with pytest.raises(refusal):
        read(acting(getattr(cast, name)), car, 100)


def sell(actor, car, owner, outlet, **more):
    sale = NewSale(outlet, **{"sold_on": datetime.date(2024, 3, 15), **more})
    return papers.sell(actor=actor, vehicle_id=car.pk, customer_id=owner.pk, sale=sale, at=clock.now())


@pytest.fixture
def sellable(owner, trim):
    return garage.car(owner, trim=trim)


@pytest.mark.covers("LIFE-17")
def test_a_sale_gives_the_car_its_warranty_end(cast, acting, owner, sellable):
    made = sell(acting(cast.sales), sellable, owner, cast.outlet_id, price=Decimal("158000.00"), order_no="SO-1")
    sellable.refresh_from_db()
    assert sellable.sold_on == made.sold_on
    assert (sellable.warranty_until, sellable.warranty_km) == (datetime.date(2027, 3, 15), 100_000)


def test_a_sale_is_recorded_once_where_the_actor_may_to_a_customer_of_the_outlet(cast, acting, owner, sellable):
    with pytest.raises(NotAllowed):
        sell(acting(cast.sales), sellable, owner, cast.other_outlet_id)
    with pytest.raises(Invalid):
        sell(acting(cast.hq), sellable, owner, cast.other_outlet_id)
    with pytest.raises(Invalid):
        sell(acting(cast.sales), sellable, owner, cast.outlet_id, price=Decimal(-1))
    with pytest.raises(Invalid):
        sell(acting(cast.sales), sellable, owner, cast.outlet_id, sold_on=TODAY + DAYS)
    sell(acting(cast.sales), sellable, owner, cast.outlet_id)
    with pytest.raises(Conflict):
        sell(acting(cast.sales), sellable, owner, cast.outlet_id)


def test_the_day_of_a_sale_is_put_right_with_the_car_and_its_warranty(cast, acting, owner, sellable):
    made = sell(acting(cast.sales), sellable, owner, cast.outlet_id)
    right = datetime.date(2024, 4, 1)
    for actor, refusal in ((cast.technician, NotAllowed), (cast.stranger, NotFound)):
        with pytest.raises(refusal):
            papers.correct_sale(actor=acting(actor), sale_id=made.pk, sold_on=right, at=clock.now())
    with pytest.raises(Invalid):
        papers.correct_sale(actor=acting(cast.sales), sale_id=made.pk, sold_on=TODAY + DAYS, at=clock.now())
    papers.correct_sale(actor=acting(cast.sales), sale_id=made.pk, sold_on=right, at=clock.now())
    sellable.refresh_from_db()
    assert Sale.objects.get(pk=made.pk).sold_on == right
    assert (sellable.sold_on, sellable.warranty_until) == (right, datetime.date(2027, 4, 1))
    line = AuditEntry.objects.filter(verb="vehicles.change_vehicle", subject_id=sellable.pk).order_by("pk").last()
    assert (line.before["sale_on"], line.after["sale_on"]) == ("2024-03-15", "2024-04-01")


def test_a_day_that_the_car_has_from_elsewhere_stays(cast, acting, owner, sellable):
    made = sell(acting(cast.sales), sellable, owner, cast.outlet_id)
    acting(SYSTEM)
    type(sellable).objects.filter(pk=sellable.pk).update(sold_on=datetime.date(2020, 1, 1))
    papers.correct_sale(actor=acting(cast.sales), sale_id=made.pk, sold_on=datetime.date(2024, 4, 1), at=clock.now())
    sellable.refresh_from_db()
    assert sellable.sold_on == datetime.date(2020, 1, 1)


def test_another_outlet_sees_no_sale(cast, acting, owner, sellable):
    sell(acting(cast.sales), sellable, owner, cast.outlet_id)
    acting(cast.stranger)
    assert not Sale.objects.filter(vehicle=sellable).exists()


@pytest.mark.covers("LIFE-17")
def test_new_terms_date_the_cars_that_were_sold_under_them(cast, acting, owner, sellable, trim):
    sell(acting(cast.sales), sellable, owner, cast.outlet_id)
    series = trim.model.series_id
    values = {
        "code": "CAR", "name_zh": "整车", "months": 60, "km": None, "is_whole_car": True,
        "valid_from": datetime.date(2024, 1, 1),
    }  # fmt: skip
    catalogue.add_part(actor=acting(cast.hq), kind="warranty", above_id=series, values=values)
    acting(SYSTEM)
    tasks.date_warranties(series_id=series)
    sellable.refresh_from_db()
    assert (sellable.warranty_until, sellable.warranty_km) == (datetime.date(2029, 3, 15), None)
    assert warranties.date_warranties(actor=SYSTEM, series_id=series, at=clock.now()) == 0
    WarrantyTerm.objects.filter(months=60).update(valid_from=datetime.date(2024, 3, 16))
    assert warranties.date_warranties(actor=SYSTEM, series_id=series, at=clock.now()) == 1
    with pytest.raises(NotAllowed):
        warranties.date_warranties(actor=cast.gm, series_id=series, at=clock.now())


def test_a_cover_is_recorded_and_must_run_forward(cast, acting, car):
    actor = acting(cast.advisor)
    values = {"vehicle_id": car.pk, "name": "延保两年", "since": TODAY, "at": clock.now()}
    papers.add_cover(actor=actor, until=TODAY + 730 * DAYS, km=150_000, **values)
    assert Cover.objects.get(vehicle=car).km == 150_000
    with pytest.raises(Invalid):
        papers.add_cover(actor=actor, until=TODAY, **values)
    with pytest.raises(Invalid):
        papers.add_cover(actor=actor, until=TODAY + DAYS, **(values | {"name": "  "}))
    with pytest.raises(NotAllowed):
        papers.add_cover(actor=acting(cast.technician), until=TODAY + DAYS, **values)
