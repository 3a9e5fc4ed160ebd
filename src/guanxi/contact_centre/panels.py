"""What the contact centre contributes elsewhere: kinds of tasks, the way to the call page, moments of a customer."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.contact_centre import queries
from guanxi.contact_centre.models import Call
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.services.findings import CORRECTION, PURCHASE
from guanxi.contact_centre.states import Disposition
from guanxi.foundation.actor import Actor
from guanxi.foundation.slots import Moment
from guanxi.worklist.models import Task
from guanxi.worklist.states import Kind

KINDS = (
    Kind(CORRECTION, gettext_lazy("Data to correct"), "user-round-pen"),
    Kind(PURCHASE, gettext_lazy("Intention to buy"), "shopping-cart", weight=2, by_phone=True),
)
TONES = {Disposition.COMPLETE: "green", Disposition.PARTIAL: "amber", Disposition.REFUSAL: "red"}
LONGEST = 160


def call_url(actor: Actor, task: Task) -> str:
    """Return the page on which a task is called, if the actor may call there and it is about a customer."""
    if task.subject_type != queries.CUSTOMER or not actor.can(Verb.CALL, task.node_id):
        return ""
    return reverse("contact_centre:make-call", args=[task.pk])


def as_moments(calls: Sequence[Call]) -> list[Moment]:
    """Return calls as lines of a timeline."""
    return [_moment(call) for call in calls]


def _moment(call: Call) -> Moment:
    said = [str(call.get_disposition_display()), call.note[:LONGEST]]
    title = _("Call: %(outcome)s") % {"outcome": call.get_outcome_display()}
    return Moment(
        call.ended_at, title, " · ".join(part for part in (call.script.name, *said) if part), call.agent_name,
        "phone-outgoing", TONES.get(Disposition(call.disposition), "blue"),
        reverse("contact_centre:call", args=[call.pk]),
    )  # fmt: skip


def moments(actor: Actor, customer_id: int, limit: int) -> Sequence[Moment]:
    """Return the calls to a customer for his timeline; one query."""
    return as_moments(queries.of_customer(actor, customer_id, limit)) if actor.can(Verb.VIEW) else []
