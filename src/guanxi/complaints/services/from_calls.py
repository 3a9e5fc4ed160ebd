"""What a customer complains of in a call of the contact centre becomes a complaint, or is added to his open one."""

import datetime
from dataclasses import replace

from guanxi.complaints.models import Complaint
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import cases
from guanxi.complaints.services import intake
from guanxi.complaints.services.intake import NewComplaint
from guanxi.complaints.states import Angle, Kind
from guanxi.contact_centre.models import Call
from guanxi.contact_centre.queries import calls
from guanxi.foundation.actor import Actor, check_everywhere

# The questions of scripts whose answer, in words, is a complaint, and of what it usually is a matter.
TOLD = {"complaint_what": Angle.SERVICE, "discontent_what": Angle.SALES}


def take_in(*, actor: Actor, call_id: int, at: datetime.datetime) -> Complaint | None:
    """Take in what was complained of in a call, in the name of the agent: checks the right, reads the answers, adds the
    words to the open complaint of the customer or opens one, which audits and publishes. None: nobody complained.

    :raises NotAllowed: the actor does not take complaints in for the whole network.
    """
    check_everywhere(actor, Verb.OPEN)
    call = Call.objects.filter(pk=call_id).first()
    said = [(key, str(call.answers.get(key) or "").strip()) for key in TOLD] if call else []
    told = next(((key, words) for key, words in said if words), None)
    if call is None or told is None:
        return None
    agent = replace(actor, name=call.agent_name or actor.name)
    key, words = told
    for row in cases.alike(actor, customer_id=call.customer_id, vehicle_id=call.vehicle_id):
        if row.kind == Kind.COMPLAINT:
            return intake.join(actor=agent, complaint_id=row.pk, words=words, at=at)
    new = NewComplaint(
        calls.outlet_of(actor, call.customer_id, call.node_id), TOLD[key], words, f"call-{call.pk}",
        customer_id=call.customer_id, vehicle_id=call.vehicle_id, is_another=True,
    )  # fmt: skip
    return intake.open_complaint(actor=agent, new=new, at=at)
