"""The doors of complaints, for the walk with every role: see tests/architecture/walk.py."""

from tests import garage
from tests.architecture.matrix import Door

from guanxi.complaints.models import Complaint
from guanxi.complaints.permissions import Verb
from guanxi.complaints.services import intake
from guanxi.complaints.services.intake import NewComplaint
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM

OUTLET = "outlet"


def _at(verb):
    return Door(verb, OUTLET, args=("complained",))


PAGES = {
    "complaints:complaints": Door(Verb.VIEW),
    "complaints:open": Door(Verb.OPEN),
    "complaints:customer-panel": Door(Verb.VIEW, OUTLET, args=("complainer",)),
    "complaints:complaint": _at(Verb.VIEW),
    "complaints:sheet": _at(Verb.VIEW),
    "complaints:join": _at(Verb.OPEN),
    "complaints:record-contact": _at(Verb.HANDLE),
    "complaints:decide-validity": _at(Verb.HANDLE),
    "complaints:name-cause": _at(Verb.HANDLE),
    "complaints:decide-inside": _at(Verb.HANDLE),
    "complaints:agree-plan": _at(Verb.HANDLE),
    "complaints:approve": _at(Verb.APPROVE),
    "complaints:resolve": _at(Verb.HANDLE),
    "complaints:record-revisit": _at(Verb.REVISIT),
    "complaints:answer": _at(Verb.HANDLE),
    "complaints:raise-complaint": _at(Verb.HANDLE),
    "complaints:escalate": _at(Verb.HANDLE),
    "complaints:hand-over": _at(Verb.HANDLE),
}
OPERATIONS = {}
INSIDE = frozenset({"complaints.assign", "complaints.export", "complaints.apply_preset"})
PATH = {}


def things(cast):
    """Return a complaint at the outlet of the cast, and who complained; nobody is responsible for it yet."""
    row = garage.customer("投诉人", "13700000601", cast.outlet_id)
    new = NewComplaint(cast.outlet_id, "SERVICE", "walk", "walk-complaint", customer_id=row.pk)
    made = intake.open_complaint(actor=SYSTEM, new=new, at=clock.now())
    Complaint.objects.filter(pk=made.pk).update(owner=None, owner_name="")
    return {"complained": made.pk, "complainer": row.pk}
