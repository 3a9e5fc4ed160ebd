"""The doors of the contact centre, for the walk with every role: see tests/architecture/walk.py."""

import uuid

from tests import garage
from tests.architecture.matrix import Door, call, post

from guanxi.contact_centre.models import Call, Script
from guanxi.contact_centre.permissions import Verb
from guanxi.customers.models import ContactPoint
from guanxi.foundation import clock
from guanxi.foundation.actor import SYSTEM
from guanxi.worklist.services import adding
from guanxi.worklist.services.adding import NewTask
from guanxi.worklist.services.deadlines import Term

OUTLET = "outlet"
PAGES = {
    "contact_centre:calls": Door(Verb.VIEW),
    "contact_centre:scripts": Door(Verb.VIEW),
    "contact_centre:customer-panel": Door(Verb.VIEW, args=("called",)),
    "contact_centre:call": Door(Verb.VIEW, OUTLET, args=("call",)),
    "contact_centre:make-call": Door(Verb.CALL, OUTLET, args=("call_task",)),
    "contact_centre:reveal-number": post(Verb.CALL, OUTLET, "call_task", "call_point"),
}
OPERATIONS = {
    "guanxi_contact_centre_api_list_calls": call(Verb.VIEW),
    "guanxi_contact_centre_api_record_call": call(
        Verb.CALL, OUTLET, lambda t: {"task_id": t.call_task, "token": str(uuid.uuid4()), "outcome": "BUSY"}
    ),
}
INSIDE = frozenset({"contact_centre.view_team", "contact_centre.export", "contact_centre.change_scripts"})
PATH = {}


def things(cast):
    """Return the things of the contact centre that stand in paths, all at the outlet of the cast."""
    at = clock.now()
    who = garage.customer("接电话", "13700000301", cast.outlet_id)
    new = NewTask(
        kind="care.call", key="walk:call", node_id=cast.outlet_id, reason="Walk", due=Term(days=3),
        role="follow_up_agent", subject_type="customer", subject_id=who.pk, subject_label=who.name,
    )  # fmt: skip
    task = adding.add_task(actor=SYSTEM, task=new, at=at)
    made = Call.objects.create(
        token=uuid.uuid4(), customer=who, task_id=task.pk, node_id=cast.outlet_id, agent_name="walk",
        script=Script.objects.get(code="plain", until=None), started_at=at, ended_at=at, outcome="BUSY",
        disposition="2.2",
    )  # fmt: skip
    point = ContactPoint.objects.get(customer=who)
    return {"call": made.pk, "call_task": task.pk, "call_point": point.pk, "called": who.pk}
