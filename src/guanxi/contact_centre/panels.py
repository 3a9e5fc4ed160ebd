"""What the contact centre contributes elsewhere: kinds of tasks, the way to the call page, moments of a customer."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.contact_centre.models import Call, Enquiry
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.queries import calls as queries
from guanxi.contact_centre.queries import enquiries, intentions
from guanxi.contact_centre.services.calling import CALL_BACK, VISIT_AGAIN
from guanxi.contact_centre.services.enquiry_steps import ANSWER, SUBJECT, TELL
from guanxi.contact_centre.services.findings import CORRECTION, PURCHASE
from guanxi.contact_centre.states import TONES as ENQUIRY_TONES
from guanxi.contact_centre.states import Disposition, Ending
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.numbers import Numbered
from guanxi.foundation.slots import Moment
from guanxi.knowledge.states import Case
from guanxi.vehicles.queries import cars
from guanxi.worklist.models import Task
from guanxi.worklist.states import Kind, Subject

PAGE = "contact_centre:enquiry"
OUTCOMES = tuple(Ending.choices)
KINDS = (
    Kind(
        ANSWER, gettext_lazy("Enquiry to answer"), "messages-square", 2, OUTCOMES, attempts=False, page=PAGE,
        act=gettext_lazy("Answer"),
    ),
    Kind(TELL, gettext_lazy("Customer to be told"), "phone-outgoing", 1, OUTCOMES, page=PAGE, act=gettext_lazy("Tell")),
    Kind(CALL_BACK, gettext_lazy("Promised call"), "phone-outgoing", weight=2, by_phone=True),
    Kind(VISIT_AGAIN, gettext_lazy("Promised visit"), "footprints", weight=4, in_person=True),
    Kind(CORRECTION, gettext_lazy("Data to correct"), "user-round-pen"),
    Kind(PURCHASE, gettext_lazy("Intention to buy"), "shopping-cart", weight=2, by_phone=True),
)  # fmt: skip
TONES = {Disposition.COMPLETE: "green", Disposition.PARTIAL: "amber", Disposition.REFUSAL: "red"}
LONGEST = 160


def call_url(actor: Actor, task: Task) -> str:
    """Return the page of the call or the visit of a task about a customer, if the actor may call there."""
    if task.subject_type != queries.CUSTOMER or not actor.can(Verb.CALL, task.node_id):
        return ""
    return reverse("contact_centre:make-call", args=[task.pk])


def as_moments(calls: Sequence[Call]) -> list[Moment]:
    """Return calls as lines of a timeline."""
    return [_moment(call) for call in calls]


def _moment(call: Call) -> Moment:
    said = [str(call.get_disposition_display()), call.note[:LONGEST]]
    title = (_("Visit: %(outcome)s") if call.is_visit else _("Call: %(outcome)s")) % {"outcome": call.outcome_label}
    return Moment(
        call.ended_at, title, " · ".join(part for part in (call.script_name, *said) if part), call.agent_name,
        "footprints" if call.is_visit else "phone-outgoing", TONES.get(Disposition(call.disposition), "blue"),
        reverse("contact_centre:call", args=[call.pk]),
    )  # fmt: skip


def moments(actor: Actor, customer_id: int, limit: int) -> Sequence[Moment]:
    """Return the calls to a customer for his timeline; one query."""
    return as_moments(queries.of_customer(actor, customer_id, limit)) if actor.can(Verb.VIEW) else []


def label(actor: Actor, pk: int) -> str | None:
    """Return the number of an enquiry that an actor sees."""
    found = enquiries.visible_to(actor).filter(pk=pk).first()
    return found.code if found else None


ABOUT = Subject(SUBJECT, gettext_lazy("Enquiry"), PAGE, label)


def case(actor: Actor, pk: int) -> Case:
    """Return an enquiry as a matter that an article may solve."""
    check(actor, Verb.VIEW_ENQUIRIES)
    row = enquiries.enquiry(actor, pk)
    terms = f"{row.category.name_zh} {row.category.name_en}"
    return Case(row.code, row.words, reverse(PAGE, args=[pk]), cars.names_of_model(row.vehicle_id), terms)


def as_asked(rows: Sequence[Enquiry]) -> list[Moment]:
    """Return enquiries as lines of a timeline."""
    return [
        Moment(
            row.taken_at, _("Enquiry: %(what)s") % {"what": row.category.name},
            " · ".join((str(row.get_state_display()), row.words[:LONGEST])), row.taken_by, "messages-square",
            ENQUIRY_TONES[row.state], reverse(PAGE, args=[row.pk]),
        )
        for row in rows
    ]  # fmt: skip


def asked(actor: Actor, customer_id: int, limit: int) -> Sequence[Moment]:
    """Return the enquiries of a customer for his timeline; one query."""
    if not actor.can(Verb.VIEW_ENQUIRIES):
        return []
    return as_asked(enquiries.of_customer(actor, customer_id, limit))


def intended(actor: Actor, customer_id: int, limit: int) -> Sequence[Moment]:
    """Return what a customer said of wanting to buy for his timeline; one query."""
    if not actor.can(Verb.VIEW):
        return []
    return [
        Moment(
            row.said_at, _("Wants to buy: %(how)s") % {"how": row.kind_label}, row.words[:LONGEST], row.person_name,
            "shopping-cart", "green", reverse("contact_centre:intentions"),
        )
        for row in intentions.of_customer(actor, customer_id, limit)
    ]  # fmt: skip


def steps(row: Enquiry) -> list[Moment]:
    """Return what happened to an enquiry, oldest first."""
    found = [Moment(row.taken_at, _("Enquiry taken"), "", row.taken_by, "phone-incoming", "blue")]
    if row.answered_at:
        found.append(Moment(row.answered_at, _("Answered"), "", row.answered_by, "check", "blue"))
    if row.closed_at:
        found.append(Moment(row.closed_at, _("Customer told"), "", row.closed_by, "circle-check", "green"))
    return found


NUMBERS = (
    Numbered(
        "ZX",
        gettext_lazy("Enquiry"),
        "messages-square",
        "contact_centre:enquiry",
        Verb.VIEW_ENQUIRIES,
        enquiries.visible_to,
    ),
)
