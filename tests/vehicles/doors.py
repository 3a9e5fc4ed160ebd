"""The doors of vehicles, for the walk with every role: see tests/architecture/walk.py."""

from tests import garage
from tests.architecture.matrix import EVERYWHERE, Door, call, post

from guanxi.foundation import clock
from guanxi.vehicles.models import OwnerDoubt, Reading
from guanxi.vehicles.permissions import Verb

OUTLET = "outlet"
DAY = "2026-06-01"
PAGES = {
    "vehicles:vehicles": Door(Verb.VIEW),
    "vehicles:doubts": Door(Verb.VIEW),
    "vehicles:customer-panel": Door(Verb.VIEW, args=("car_owner",)),
    "vehicles:add-vehicle": Door(Verb.ADD),
    "vehicles:vehicle": Door(Verb.VIEW, OUTLET, args=("car",)),
    "vehicles:change-vehicle": Door(Verb.CHANGE, OUTLET, args=("car",)),
    "vehicles:set-plate": Door(Verb.CHANGE, OUTLET, args=("car",)),
    "vehicles:set-dates": Door(Verb.CHANGE, OUTLET, args=("car",)),
    "vehicles:set-condition": Door(Verb.CHANGE, OUTLET, args=("car",)),
    "vehicles:record-reading": Door(Verb.CHANGE, OUTLET, args=("car",)),
    "vehicles:judge-reading": post(Verb.CHANGE, OUTLET, "reading", data=lambda _t: {"plausible": "no"}),
    "vehicles:sell": Door(Verb.CHANGE, OUTLET, args=("car",)),
    "vehicles:add-cover": Door(Verb.CHANGE, OUTLET, args=("car",)),
    "vehicles:add-participant": Door(Verb.CHANGE, OUTLET, args=("car",)),
    "vehicles:end-participant": Door(Verb.CHANGE, OUTLET, args=("participant",)),
    "vehicles:change-owner": Door(Verb.CHANGE_OWNER, OUTLET, args=("car",)),
    "vehicles:dismiss-doubt": post(Verb.CHANGE_OWNER, OUTLET, "doubt"),
    "vehicles:catalogue": Door(Verb.VIEW_CATALOGUE),
    "vehicles:series": Door(Verb.VIEW_CATALOGUE, args=("series",)),
    "vehicles:add-part": Door(Verb.CHANGE_CATALOGUE, EVERYWHERE, args=("part_kind", "series")),
    "vehicles:change-part": Door(Verb.CHANGE_CATALOGUE, EVERYWHERE, args=("part_kind", "step")),
    "vehicles:remove-part": post(Verb.CHANGE_CATALOGUE, EVERYWHERE, "part_kind", "step"),
}
_BASE = "guanxi_vehicles_api_"
OPERATIONS = {
    f"{_BASE}list_vehicles": call(Verb.VIEW),
    f"{_BASE}get_vehicle": call(Verb.VIEW, OUTLET),
    "guanxi_vehicles_api_get_catalogue": call(Verb.VIEW_CATALOGUE),
    "guanxi_vehicles_api_get_series": call(Verb.VIEW_CATALOGUE),
    f"{_BASE}add_vehicle": call(Verb.ADD, OUTLET, lambda t: {"customer_id": t.car_owner, "vin": garage.vin(99)}),
    f"{_BASE}change_vehicle": call(Verb.CHANGE, OUTLET, lambda _t: {"colour": "白"}),
    f"{_BASE}set_plate": call(Verb.CHANGE, OUTLET, lambda _t: {"number": "沪W12345", "since": DAY}),
    f"{_BASE}set_dates": call(Verb.CHANGE, OUTLET, lambda _t: {"insured_until": DAY, "inspected_until": None}),
    f"{_BASE}set_condition": call(Verb.CHANGE, OUTLET, lambda _t: {"condition": "LEFT", "on": DAY}),
    f"{_BASE}record_reading": call(Verb.CHANGE, OUTLET, lambda _t: {"km": 1000, "on": DAY}),
    f"{_BASE}add_participant": call(
        Verb.CHANGE, OUTLET, lambda t: {"customer_id": t.car_owner, "role": "PAYER", "since": DAY}
    ),
    f"{_BASE}end_participant": call(Verb.CHANGE, OUTLET, lambda _t: {"on": DAY}),
    f"{_BASE}change_owner": call(Verb.CHANGE_OWNER, OUTLET, lambda t: {"customer_id": t.car_driver, "on": DAY}),
    f"{_BASE}sell": call(
        Verb.CHANGE, OUTLET, lambda t: {"customer_id": t.car_owner, "outlet_id": t.outlet, "sold_on": DAY}
    ),
    f"{_BASE}add_cover": call(Verb.CHANGE, OUTLET, lambda _t: {"name": "延保", "since": DAY, "until": "2027-01-01"}),
}
INSIDE = frozenset({"vehicles.export"})
PATH = {"vehicle_id": "car", "participant_id": "participant", "series_id": "series"}


def things(cast):
    """Return the things of vehicles that stand in paths, all at the outlet of the cast."""
    at = clock.now()
    owner = garage.customer("车主", "13700000101", cast.outlet_id)
    driver = garage.customer("司机", "13700000102", cast.outlet_id)
    trim = garage.trim("WALK")
    car = garage.car(owner, 77, plate="沪W77777", trim=trim)
    part = garage.drives(car, driver)
    reading = Reading.objects.create(vehicle=car, read_on=at.date(), km=1200, source="OWNER", touched_at=at)
    doubt = OwnerDoubt.objects.create(vehicle=car, outlet_id=cast.outlet_id, seen_on=at.date(), name="某", phone="1")
    series = trim.model.series
    return {
        "car": car.pk, "car_owner": owner.pk, "car_driver": driver.pk, "participant": part.pk, "reading": reading.pk,
        "doubt": doubt.pk, "series": series.pk, "part_kind": "step", "step": series.maintenance_steps.first().pk,
    }  # fmt: skip
