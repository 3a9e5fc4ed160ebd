"""The doors of care, for the walk with every role: see tests/architecture/walk.py."""

from tests import garage
from tests.architecture.matrix import Door, call

from guanxi.care.models import CarState
from guanxi.care.permissions import Verb

OUTLET = "outlet"
PAGES = {
    "care:states": Door(Verb.VIEW),
    "care:owners": Door(Verb.VIEW),
    "care:cars": Door(Verb.VIEW),
    "care:customer-panel": Door(Verb.VIEW, OUTLET, args=("cared_owner",)),
    "care:vehicle-panel": Door(Verb.VIEW, OUTLET, args=("cared_car",)),
}
OPERATIONS = {
    "guanxi_care_api_states_list_owner_states": call(Verb.VIEW),
    "guanxi_care_api_states_list_changes": call(Verb.VIEW, OUTLET),
    "guanxi_care_api_states_list_cars": call(Verb.VIEW),
    "guanxi_care_api_states_get_car": call(Verb.VIEW, OUTLET),
}
INSIDE = frozenset({"care.export", "care.apply_terms"})
PATH = {"owner_id": "cared_owner", "car_id": "cared_car"}


def things(cast):
    """Return a customer of the outlet of the cast and his car, with its state."""
    owner = garage.customer("关怀人", "13700000301", cast.outlet_id)
    car = garage.car(owner, 79, plate="沪C79797")
    CarState.objects.create(vehicle=car, phase="UNKNOWN")
    return {"cared_owner": owner.pk, "cared_car": car.pk}
