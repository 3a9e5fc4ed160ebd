"""The doors of rectification, for the walk with every role: see tests/architecture/walk.py."""

from tests import garage
from tests.architecture.matrix import Door, call, post

from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.rectification.permissions import Verb
from guanxi.rectification.services import issuing
from guanxi.rectification.services.issuing import NewNotice

OUTLET = "outlet"
PAGES = {
    "rectification:notices": Door(Verb.VIEW),
    "rectification:issue": Door(Verb.ISSUE),
    "rectification:figures": Door(Verb.VIEW),
    "rectification:customer-panel": Door(Verb.VIEW, OUTLET, args=("complaining",)),
    "rectification:notice": Door(Verb.VIEW, OUTLET, args=("rectified",)),
    "rectification:sheet": Door(Verb.VIEW, OUTLET, args=("rectified",)),
    "rectification:receive": post(Verb.ANSWER, OUTLET, "rectified"),
    "rectification:answer": Door(Verb.ANSWER, OUTLET, args=("rectified",)),
    "rectification:refuse": Door(Verb.ANSWER, OUTLET, args=("rectified",)),
    "rectification:insist": Door(Verb.VERIFY, OUTLET, args=("rectified",)),
    "rectification:verify": Door(Verb.VERIFY, OUTLET, args=("rectified",)),
    "rectification:withdraw": Door(Verb.VERIFY, OUTLET, args=("rectified",)),
}
_API = "guanxi_rectification_api_"
WHY = {"reason": "walk"}


def _issue(t):
    return {"outlet_id": t.outlet, "problem": "WAITING", "words": "walk", "token": "walk-through"}


OPERATIONS = {
    f"{_API}list_notices": call(Verb.VIEW),
    f"{_API}get_notice": call(Verb.VIEW, OUTLET),
    f"{_API}issue_notice": call(Verb.ISSUE, OUTLET, _issue),
    f"{_API}receive_notice": call(Verb.ANSWER, OUTLET),
    f"{_API}answer_notice": call(Verb.ANSWER, OUTLET, lambda _t: {"cause": "x", "measure": "x", "proof": "x"}),
    f"{_API}refuse_notice": call(Verb.ANSWER, OUTLET, lambda _t: WHY),
    f"{_API}insist_on_notice": call(Verb.VERIFY, OUTLET, lambda _t: WHY | {"department": "SALES"}),
    f"{_API}verify_notice": call(Verb.VERIFY, OUTLET, lambda _t: {"is_satisfied": True, "words": "x"}),
    f"{_API}withdraw_notice": call(Verb.VERIFY, OUTLET, lambda _t: WHY),
}
INSIDE = frozenset({"rectification.export", "rectification.apply_preset"})
PATH = {"rectified_id": "rectified"}


def things(cast):
    """Return a notice to the outlet of the cast, issued there, and whom it is about."""
    row = garage.customer("反映人", "13700000501", cast.outlet_id)
    notice = NewNotice(cast.outlet_id, "REPAIR_QUALITY", "walk", "walk", customer_id=row.pk)
    made = issuing.issue(actor=SYSTEM, notice=notice, at=clock.now())
    return {"rectified": made.pk, "complaining": row.pk}
