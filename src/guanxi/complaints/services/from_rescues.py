"""Who was helped on the road and is not satisfied, says so when he is called back: that becomes a complaint."""

import datetime

from guanxi.complaints.models import Complaint
from guanxi.complaints.permissions import Verb
from guanxi.complaints.services import intake
from guanxi.complaints.services.intake import NewComplaint
from guanxi.complaints.states import Angle
from guanxi.contact_centre.queries import calls
from guanxi.foundation import slots
from guanxi.foundation.actor import Actor, check_everywhere


def take_in(
    *, actor: Actor, rescue_id: int, customer_id: int | None, is_complaint: bool, at: datetime.datetime
) -> Complaint | None:  # fmt: skip
    """Take in what was complained of after a rescue: checks the right, asks rescue for the words, opens a complaint
    about the outlet that helped, or the one whose customer he is, which audits and publishes. The same rescue again
    returns the same complaint. None: nobody complained.

    :raises NotAllowed: the actor does not take complaints in for the whole network.
    """
    check_everywhere(actor, Verb.OPEN)
    said = slots.ask("rescue.verdict", rescue_id) if is_complaint else None
    if said is None:
        return None
    outlet_id = said.outlet_id
    if outlet_id is None:
        outlet_id = calls.outlet_of(actor, customer_id, said.place_id) if customer_id else said.place_id
    new = NewComplaint(
        outlet_id, Angle.SERVICE, f"{said.number}: {said.words}", f"rescue-{rescue_id}", customer_id=customer_id,
        vehicle_id=said.vehicle_id, caller_name=said.caller, caller_phone=said.phone, caller_car=said.plate,
        is_another=True,
    )  # fmt: skip
    return intake.open_complaint(actor=actor, new=new, at=at)
