"""Every reaction between capabilities, in one table. Neither side imports the other."""

from guanxi.access import events as access
from guanxi.customers import events as customers
from guanxi.customers import tasks as of_customers
from guanxi.foundation.events import on, wire
from guanxi.intake import events as intake
from guanxi.network import events as network
from guanxi.vehicles import events as vehicles
from guanxi.vehicles import tasks as of_vehicles
from guanxi.vehicles.services import deriving as words
from guanxi.workbench import services as workbench

REACTIONS = (
    on(access.RoleGranted, workbench.tell_role_granted),
    on(access.MembershipEnded, workbench.tell_membership_ended),
    on(access.InvitationAccepted, workbench.tell_invitation_accepted),
    on(intake.ImportEnded, workbench.tell_import_ended),
    on(intake.ImportEnded, of_vehicles.follow_import),
    on(network.NetworkImported, workbench.tell_network_imported),
    on(customers.CustomersMerged, words.follow_merge),
    on(customers.MergeUndone, words.follow_merge),
    on(vehicles.VehicleSold, of_customers.follow_sale),
)


def install() -> None:
    """Install the table; called once at start."""
    wire(REACTIONS)
