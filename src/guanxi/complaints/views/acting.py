"""Forms of the steps of a complaint: one verb each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.complaints.forms import (
    AnswerForm,
    ApproveForm,
    CauseForm,
    ContactForm,
    HandOverForm,
    InsideForm,
    PlanForm,
    ReasonForm,
    ResolveForm,
    RevisitForm,
    ValidityForm,
)
from guanxi.complaints.models import Complaint
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import cases, choosing
from guanxi.complaints.services import compensating, handling, revisit, steering
from guanxi.complaints.states import OUTCOMES
from guanxi.foundation import clock
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request


@dataclass(frozen=True)
class Said:
    """What the page of a step says: its title, its button, and what is told when it is done."""

    title: Text
    submit: Text
    done: Text
    note: Text = ""


def address(pk: int) -> str:
    return reverse("complaints:complaint", args=[pk])


def about(request: Request, pk: int, verb: Verb) -> Complaint:
    """Return a visible complaint at whose outlet the actor holds a right, before a form is shown."""
    row = cases.complaint(request.actor, pk)
    check(request.actor, verb, row.outlet_id)
    return row


def step(
    request: Request, row: Complaint, form: forms.Form, said: Said, act: Callable[..., object]
) -> HttpResponseBase:  # fmt: skip
    """Show the form of a step, or take it: ``act`` is called with what was typed in."""
    crumbs: list[tuple[Text, str]] = [
        (_("Complaints"), reverse("complaints:complaints")), (row.number, address(row.pk)),
    ]  # fmt: skip

    def do() -> None:
        act(actor=request.actor, complaint_id=row.pk, at=clock.now(), **_typed(form))

    page = FormPage(form, said.title, said.submit, address(row.pk), said.note or row.words, crumbs)
    return answer(request, page, do, message=said.done)


def _typed(form: forms.Form) -> dict[str, Any]:
    """Return what was typed in; a yes or no becomes one."""
    return {
        name: value == "yes" if name.startswith("is_") else value for name, value in form.cleaned_data.items()
    }  # fmt: skip


def record_contact(request: Request, pk: int) -> HttpResponseBase:
    """The first contact with the customer."""
    row = about(request, pk, Verb.HANDLE)
    said = Said(_("Record the first contact"), _("Save"), _("Saved; now the cause is sought."))
    return step(request, row, ContactForm(request.POST or None), said, handling.record_contact)


def decide_validity(request: Request, pk: int) -> HttpResponseBase:
    """Is the complaint valid?"""
    row = about(request, pk, Verb.HANDLE)
    said = Said(_("Decide whether it is valid"), _("Save"), _("Saved."))

    def act(*, is_right: bool, **values: Any) -> None:
        handling.decide_validity(is_valid=is_right, **values)

    return step(request, row, ValidityForm(request.POST or None), said, act)


def name_cause(request: Request, pk: int) -> HttpResponseBase:
    """The cause that was found."""
    row = about(request, pk, Verb.HANDLE)
    form = CauseForm(
        request.POST or None, categories=choosing.categories(), causes=choosing.causes(),
        systems=choosing.systems(clock.today()), initial={"category": row.category_id},
    )  # fmt: skip
    said = Said(_("Name the cause"), _("Save"), _("Saved; now agree a plan with the customer."))

    def act(*, system: str, part: str, fault_code: str, **values: Any) -> None:
        handling.name_cause(where=handling.Where(system, part, fault_code), **values)

    return step(request, row, form, said, act)


def decide_inside(request: Request, pk: int) -> HttpResponseBase:
    """Can the outlet solve it by itself?"""
    row = about(request, pk, Verb.HANDLE)
    said = Said(_("Solve it inside, or report it outside"), _("Save"), _("Saved."))
    return step(request, row, InsideForm(request.POST or None), said, steering.decide_inside)


def agree_plan(request: Request, pk: int) -> HttpResponseBase:
    """The plan that was agreed with the customer."""
    row = about(request, pk, Verb.HANDLE)
    cause = cases.rounds(row)[0].cause
    note = f"{cause.name}: {cause.policy}" if cause and cause.policy else ""
    said = Said(_("Agree a plan"), _("Save"), _("Saved."), note)
    return step(request, row, PlanForm(request.POST or None), said, handling.agree_plan)


def approve(request: Request, pk: int) -> HttpResponseBase:
    """Approve a compensation."""
    row = about(request, pk, Verb.APPROVE)
    limit = compensating.limit_of(request.actor, row)
    note = _("You may decide up to %(limit)s yuan.") % {"limit": f"{limit:,.0f}"}
    said = Said(_("Approve a compensation"), _("Approve"), _("Approved."), note)
    return step(request, row, ApproveForm(request.POST or None), said, compensating.approve)


def resolve(request: Request, pk: int) -> HttpResponseBase:
    """What was done."""
    row = about(request, pk, Verb.HANDLE)
    said = Said(_("Say what was done"), _("Resolved"), _("Saved; the customer will be asked."))
    return step(request, row, ResolveForm(request.POST or None), said, handling.resolve)


def record_revisit(request: Request, pk: int) -> HttpResponseBase:
    """What the customer says when he is asked."""
    row = cases.complaint(request.actor, pk)
    check(request.actor, revisit.verb_for(row), row.outlet_id)
    said = Said(_("Ask the customer"), _("Save"), _("Saved."))
    return step(request, row, RevisitForm(request.POST or None), said, revisit.record_revisit)


def answer_customer(request: Request, pk: int) -> HttpResponseBase:
    """Answer what is no complaint."""
    row = about(request, pk, Verb.HANDLE)
    said = Said(_("Answer and close"), _("Close"), _("Answered and closed."))
    outcomes = [(outcome.value, outcome.label) for outcome in OUTCOMES.get(row.kind, ())]
    return step(request, row, AnswerForm(request.POST or None, outcomes=outcomes), said, handling.answer)


def raise_complaint(request: Request, pk: int) -> HttpResponseBase:
    """Make a complaint of it."""
    row = about(request, pk, Verb.HANDLE)
    said = Said(_("Make it a complaint"), _("Save"), _("It is a complaint now."))
    return step(request, row, ReasonForm(request.POST or None), said, steering.raise_complaint)


def escalate(request: Request, pk: int) -> HttpResponseBase:
    """Report it to the general manager."""
    row = about(request, pk, Verb.HANDLE)
    said = Said(_("Report it upward"), _("Report"), _("Reported."))
    return step(request, row, ReasonForm(request.POST or None), said, steering.escalate)


def hand_over(request: Request, pk: int) -> HttpResponseBase:
    """Give it to somebody else."""
    row = about(request, pk, Verb.HANDLE)
    names = choosing.handlers(row.outlet_id, clock.today())
    people = [(str(key), name) for key, name in names.items() if key != row.owner_id]
    form = HandOverForm(request.POST or None, people=people)
    said = Said(_("Hand the complaint over"), _("Hand over"), _("Handed over."))

    def act(*, person: str, **values: Any) -> None:
        steering.hand_over(person_id=int(person), **values)

    return step(request, row, form, said, act)
