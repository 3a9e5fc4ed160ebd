"""Every reaction between capabilities, in one table. Neither side imports the other."""

from guanxi.access import events as access
from guanxi.customers import events as customers
from guanxi.foundation.events import on, wire
from guanxi.insight.services import following
from guanxi.intake import events as intake
from guanxi.network import events as network
from guanxi.vehicles import events as vehicle_events
from guanxi.vehicles.services import deriving as vehicles
from guanxi.workbench import services as workbench
from guanxi.workshop import events as workshop

REACTIONS = (
    on(access.RoleGranted, workbench.tell_role_granted),
    on(access.MembershipEnded, workbench.tell_membership_ended),
    on(access.InvitationAccepted, workbench.tell_invitation_accepted),
    on(intake.ImportEnded, workbench.tell_import_ended),
    on(network.NetworkImported, workbench.tell_network_imported),
    on(customers.CustomersMerged, vehicles.follow_merge),
    on(customers.MergeUndone, vehicles.follow_merge),
    on(customers.CustomerRelated, following.note_customer),
    on(customers.CustomersMerged, following.note_merge),
    on(customers.MergeUndone, following.note_merge),
    on(intake.ImportEnded, following.note_import),
    on(vehicle_events.MileageKnown, following.note_car),
    on(vehicle_events.OwnerChanged, following.note_owners),
    on(vehicle_events.VehicleAdded, following.note_car),
    on(vehicle_events.VehicleLeft, following.note_car),
    on(vehicle_events.VehicleSold, following.note_car),
    on(workshop.VisitChanged, following.note_visit),
    on(workshop.VisitRecorded, following.note_visit),
)


def install() -> None:
    """Install the table; called once at start."""
    wire(REACTIONS)
