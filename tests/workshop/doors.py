"""The doors of the workshop, for the walk with every role: see tests/architecture/walk.py."""

from tests import garage
from tests.architecture.matrix import Door, call

from guanxi.foundation import clock
from guanxi.workshop.models import Visit
from guanxi.workshop.permissions import Verb

OUTLET = "outlet"
REPORT = {"order_no": "WALK-2", "category": "MINOR_REPAIR", "entered_on": "2026-06-01", "km": 2000}
PAGES = {
    "workshop:visits": Door(Verb.VIEW),
    "workshop:record-visit": Door(Verb.RECORD_VISIT),
    "workshop:vehicle-panel": Door(Verb.VIEW, OUTLET, args=("visited_car",)),
    "workshop:customer-panel": Door(Verb.VIEW, args=("visitor",)),
    "workshop:visit": Door(Verb.VIEW, OUTLET, args=("visit",)),
    "workshop:change-visit": Door(Verb.RECORD_VISIT, OUTLET, args=("visit",)),
}
OPERATIONS = {
    "guanxi_workshop_api_list_visits": call(Verb.VIEW),
    "guanxi_workshop_api_get_visit": call(Verb.VIEW, OUTLET),
    "guanxi_workshop_api_record_visit": call(
        Verb.RECORD_VISIT, OUTLET, lambda t: {**REPORT, "outlet_id": t.outlet, "vehicle_id": t.visited_car}
    ),
    "guanxi_workshop_api_change_visit": call(Verb.RECORD_VISIT, OUTLET, lambda _t: REPORT),
}
INSIDE = frozenset({"workshop.export"})
PATH = {"visit_id": "visit"}


def things(cast):
    """Return the things of the workshop that stand in paths, all at the outlet of the cast."""
    owner = garage.customer("送修人", "13700000201", cast.outlet_id)
    car = garage.car(owner, 78, plate="沪W78787")
    visit = Visit.objects.create(
        outlet_id=cast.outlet_id, vehicle=car, customer=owner, order_no="WALK-1", category="PDI", counts=False,
        entered_on=garage.DAY, touched_at=clock.now(),
    )  # fmt: skip
    return {"visit": visit.pk, "visited_car": car.pk, "visitor": owner.pk}
