"""The doors of verification, for the walk with every role: see tests/architecture/walk.py."""

from tests import garage
from tests.architecture.matrix import Door, call

from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.vehicles.models import Sale
from guanxi.verification.models import Check, Occasion
from guanxi.verification.permissions import Verb
from guanxi.verification.services import marking, ordering
from guanxi.verification.services.ordering import NewOrder

OUTLET = "outlet"
PAGES = {
    "verification:orders": Door(Verb.VIEW),
    "verification:checks": Door(Verb.VIEW),
    "verification:check": Door(Verb.VIEW, OUTLET, args=("record_check",)),
    "verification:customer-panel": Door(Verb.VIEW, OUTLET, args=("verified_customer",)),
    "verification:quality": Door(Verb.VIEW),
    "verification:truth": Door(Verb.VIEW),
    "verification:false-files": Door(Verb.VIEW),
    "verification:false-file": Door(Verb.VIEW, OUTLET, args=("false_file",)),
    "verification:mark-false": Door(Verb.MARK_FALSE, OUTLET, args=("verified_customer",)),
    "verification:decide-false": Door(Verb.DECIDE_FALSE, OUTLET, args=("false_file",)),
    "verification:undo-false": Door(Verb.DECIDE_FALSE, OUTLET, args=("false_file",)),
    "verification:order": Door(Verb.VIEW, OUTLET, args=("corrected",)),
    "verification:sheet": Door(Verb.VIEW, OUTLET, args=("corrected",)),
    "verification:correct": Door(Verb.ANSWER, OUTLET, args=("corrected",)),
    "verification:dispute": Door(Verb.ANSWER, OUTLET, args=("corrected",)),
    "verification:insist": Door(Verb.VERIFY, OUTLET, args=("corrected",)),
    "verification:verify": Door(Verb.VERIFY, OUTLET, args=("corrected",)),
    "verification:withdraw": Door(Verb.VERIFY, OUTLET, args=("corrected",)),
}
_API = "guanxi_verification_api_"
WHY = {"reason": "walk"}


def _order(t):
    return {
        "outlet_id": t.outlet, "customer_id": t.verified_customer, "words": "walk", "token": "walk-through-2",
    }  # fmt: skip


OPERATIONS = {
    f"{_API}list_checks": call(Verb.VIEW),
    f"{_API}get_check": call(Verb.VIEW, OUTLET),
    f"{_API}list_orders": call(Verb.VIEW),
    f"{_API}get_order": call(Verb.VIEW, OUTLET),
    f"{_API}order_correction": call(Verb.ISSUE, OUTLET, _order),
    f"{_API}report_correction": call(Verb.ANSWER, OUTLET, lambda _t: {"measure": "x", "proof": "x"}),
    f"{_API}dispute_order": call(Verb.ANSWER, OUTLET, lambda _t: {"measure": "x"}),
    f"{_API}insist_on_order": call(Verb.VERIFY, OUTLET, lambda _t: WHY),
    f"{_API}verify_order": call(Verb.VERIFY, OUTLET, lambda _t: {"is_right": True, "words": "x"}),
    f"{_API}withdraw_order": call(Verb.VERIFY, OUTLET, lambda _t: WHY),
}
INSIDE = frozenset({"verification.check", "verification.export", "verification.apply_preset"})
PATH = {"check_id": "record_check", "corrected_id": "corrected"}


def things(cast):
    """Return a check and a correction order at the outlet of the cast, issued there, and whom they are about."""
    at = clock.now()
    row = garage.customer("核实人", "13700000601", cast.outlet_id)
    car = garage.car(row, 601, plate="沪A60101")
    Sale.objects.create(vehicle=car, customer=row, outlet_id=cast.outlet_id, sold_on=clock.today(), touched_at=at)
    check = Check.objects.create(
        call_id=1, occasion=Occasion.objects.get(pk="NEW_CAR"), outlet_id=cast.outlet_id, place_id=cast.outlet_id,
        customer=row, vehicle=car, verdict="VALID", asked=7, checked_at=at, checked_by="walk",
    )  # fmt: skip
    made = ordering.order(actor=SYSTEM, new=NewOrder(cast.outlet_id, row.pk, "walk", "walk-order"), at=at)
    false = garage.customer("虚构人", "13700000602", cast.outlet_id)
    file = marking.mark(actor=SYSTEM, customer_id=false.pk, outlet_id=cast.outlet_id, evidence="walk", at=at)
    return {"false_file": file.pk, "record_check": check.pk, "corrected": made.pk, "verified_customer": row.pk}
