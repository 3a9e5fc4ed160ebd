"""Every reaction between capabilities, in one table, and what tasks may be about. Neither side imports the other."""

from django.utils.translation import gettext_lazy as _

from guanxi.access import events as access
from guanxi.campaigns import tasks as of_campaigns
from guanxi.care import events as care
from guanxi.care import tasks as of_care
from guanxi.complaints import events as complaints
from guanxi.complaints import tasks as of_complaints
from guanxi.contact_centre import events as calls
from guanxi.crisis import events as crisis
from guanxi.crisis import tasks as of_crisis
from guanxi.customers import events as customers
from guanxi.customers import queries as customer_queries
from guanxi.customers import tasks as of_customers
from guanxi.foundation.actor import Actor
from guanxi.foundation.events import on, wire
from guanxi.insight.services import following as insight
from guanxi.intake import events as intake
from guanxi.knowledge import events as knowledge
from guanxi.network import events as network
from guanxi.rescue import events as rescue
from guanxi.rescue import tasks as of_rescue
from guanxi.vehicles import events as vehicles
from guanxi.vehicles import tasks as of_vehicles
from guanxi.vehicles.services import deriving as words
from guanxi.workbench import services as workbench
from guanxi.worklist import events as worklist
from guanxi.worklist import states as tasks
from guanxi.worklist.services import deriving as following
from guanxi.workshop import events as workshop

REACTIONS = (
    on(access.RoleGranted, workbench.tell_role_granted),
    on(access.MembershipEnded, workbench.tell_membership_ended),
    on(access.InvitationAccepted, workbench.tell_invitation_accepted),
    on(intake.ImportEnded, workbench.tell_import_ended),
    on(intake.ImportEnded, of_vehicles.follow_import),
    on(network.NetworkImported, workbench.tell_network_imported),
    on(knowledge.ReadingAsked, workbench.tell_reading_asked),
    on(customers.CustomersMerged, words.follow_merge),
    on(customers.MergeUndone, words.follow_merge),
    on(customers.CustomersMerged, following.follow_merge),
    on(customers.MergeUndone, following.follow_undone_merge),
    on(vehicles.VehicleSold, of_customers.follow_sale),
    on(worklist.TasksAssigned, workbench.tell_tasks_assigned),
    on(worklist.TasksEscalated, workbench.tell_tasks_escalated),
    on(customers.CustomerRelated, insight.note_customer),
    on(customers.CustomersMerged, insight.note_merge),
    on(customers.MergeUndone, insight.note_merge),
    on(intake.ImportEnded, insight.note_import),
    on(vehicles.MileageKnown, insight.note_car),
    on(vehicles.OwnerChanged, insight.note_owners),
    on(vehicles.VehicleAdded, insight.note_car),
    on(vehicles.VehicleLeft, insight.note_car),
    on(vehicles.VehicleSold, insight.note_car),
    on(workshop.VisitChanged, insight.note_visit),
    on(workshop.VisitRecorded, insight.note_visit),
    on(vehicles.VehicleSold, of_care.follow_sale),
    on(workshop.VisitRecorded, of_care.follow_visit),
    on(workshop.VisitRecorded, of_rescue.follow_visit),
    on(complaints.ComplaintClosed, of_care.follow_complaint),
    on(care.NoticeGiven, of_care.follow_notice),
    on(care.NoticeWithdrawn, of_care.follow_withdrawal),
    on(worklist.TaskEnded, of_care.follow_task),
    on(calls.CallRecorded, of_complaints.follow_call),
    on(complaints.ComplaintRefuted, of_complaints.follow_refuted),
    on(worklist.TaskPostponed, of_complaints.follow_postponed),
    on(rescue.RescueCalledBack, of_complaints.follow_rescue),
    on(rescue.RescueTaken, of_rescue.follow_taken),
    on(complaints.ComplaintEscalated, of_complaints.follow_escalation),
    on(complaints.PersonWarned, workbench.tell_complaint_warned),
    on(complaints.ComplaintEscalated, of_crisis.follow_escalation),
    on(crisis.CrisisOpened, of_crisis.follow_opening),
    on(crisis.ConcernedChanged, of_crisis.follow_concerned),
    on(customers.CustomersMerged, of_crisis.follow_merge),
    on(customers.MergeUndone, of_crisis.follow_undone_merge),
    on(crisis.CrisisTold, workbench.tell_crisis_told),
    on(crisis.CrisisShut, workbench.forget_crisis),
    on(crisis.AlarmRaised, workbench.tell_alarm_raised),
    on(crisis.ReportRegistered, of_crisis.follow_report),
    on(worklist.TaskEnded, of_campaigns.follow_task),
    on(worklist.TaskEnded, of_campaigns.follow_recall),
    on(calls.CallRecorded, of_campaigns.follow_call),
    on(worklist.TaskEnded, of_crisis.follow_task),
)


def _customer(actor: Actor, pk: int) -> str | None:
    """Return the name of a customer whom the actor sees."""
    return customer_queries.visible_to(actor).filter(pk=pk).values_list("name", flat=True).first()


SUBJECTS = (tasks.Subject("customer", _("Customer"), "customers:customer", _customer),)


def install() -> None:
    """Install the tables; called once at start."""
    wire(REACTIONS)
    tasks.register_subjects(*SUBJECTS)
