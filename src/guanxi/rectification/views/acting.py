"""Forms and buttons of notices: one verb each."""

from collections.abc import Callable

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.customers import queries as customers
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import NotFound, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.rectification import queries
from guanxi.rectification.forms import AnswerForm, InsistForm, IssueForm, ReasonForm, VerifyForm
from guanxi.rectification.models import Notice
from guanxi.rectification.permissions import Verb
from guanxi.rectification.services import answering, deciding, issuing

LONGEST_KEY = 18


def _address(pk: int) -> str:
    return reverse("rectification:notice", args=[pk])


def _about(request: Request, pk: int, verb: Verb) -> Notice:
    """Return a visible notice on whose side the actor stands, before a form is shown."""
    row = queries.notice(request.actor, pk)
    check(request.actor, verb, row.outlet_id if verb == Verb.ANSWER else row.place_id)
    return row


def _page(row: Notice, form: forms.Form, title: Text, submit: Text, note: Text = "") -> FormPage:
    crumbs: list[tuple[Text, str]] = [
        (_("Rectification notices"), reverse("rectification:notices")), (row.number, _address(row.pk)),
    ]  # fmt: skip
    return FormPage(form, title, submit, _address(row.pk), note or row.words, crumbs)


def issue(request: Request) -> HttpResponseBase:
    """A new notice, perhaps about a customer (``?customer=``)."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.ISSUE)
    customer_id = _asked_customer(request)
    named = customers.customer(actor, customer_id).name if customer_id else ""
    choices = {
        "outlet": queries.outlets(actor, today), "problem": queries.problems(), "department": queries.departments(),
        "vehicle": queries.cars_of(actor, customer_id, today) if customer_id else [],
    }  # fmt: skip
    first = queries.outlet_of(actor, customer_id) if customer_id else actor.home_id
    form = IssueForm(request.POST or None, choices=choices, initial={"outlet": first})

    def act() -> str:
        values = form.cleaned_data
        notice = issuing.NewNotice(
            int(values["outlet"]), values["problem"], values["words"], values["token"], values["department"],
            values["days"], customer_id, int(values["vehicle"]) if values.get("vehicle") else None,
        )  # fmt: skip
        return _address(issuing.issue(actor=actor, notice=notice, at=clock.now()).pk)

    back = reverse("customers:customer", args=[customer_id]) if customer_id else reverse("rectification:notices")
    note = _("About %(name)s. The department gets a task with a deadline on its working calendar.") % {
        "name": named or _("no customer in particular")
    }
    crumbs: list[tuple[Text, str]] = [(_("Rectification notices"), reverse("rectification:notices"))]
    page = FormPage(form, _("New rectification notice"), _("Issue"), back, note, crumbs)
    return answer(request, page, act, message=_("The notice is issued; the department has its task."))


def _asked_customer(request: Request) -> int | None:
    text = request.GET.get("customer", "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > LONGEST_KEY:
        raise NotFound
    return int(text)


@require_POST
def receive(request: Request, pk: int) -> HttpResponseBase:
    """Confirm that a notice has arrived."""
    answering.receive(actor=request.actor, notice_id=pk, at=clock.now())
    return pages.done(request, _address(pk), _("Received."))


def give_answer(request: Request, pk: int) -> HttpResponseBase:
    """Answer a notice: cause, measure, proof."""
    row = _about(request, pk, Verb.ANSWER)
    form = AnswerForm(request.POST or None)

    def act() -> None:
        said = answering.Answer(**form.cleaned_data)
        answering.answer(actor=request.actor, notice_id=pk, answer=said, at=clock.now())

    page = _page(row, form, _("Answer the notice"), _("Answer"))
    return answer(request, page, act, message=_("Answered; the customer will be asked."))


def _with_reason(
    request: Request, row: Notice, title: Text, submit: Text, act: Callable[[str], object], message: Text
) -> HttpResponseBase:  # fmt: skip
    form = ReasonForm(request.POST or None)

    def do() -> None:
        act(form.cleaned_data["reason"])

    return answer(request, _page(row, form, title, submit), do, message=message)


def refuse(request: Request, pk: int) -> HttpResponseBase:
    """Refuse a notice with a reason."""
    row = _about(request, pk, Verb.ANSWER)

    def act(reason: str) -> None:
        answering.refuse(actor=request.actor, notice_id=pk, reason=reason, at=clock.now())

    told = _("Refused; whoever issued it decides.")
    return _with_reason(request, row, _("Refuse the notice"), _("Refuse"), act, told)


def withdraw(request: Request, pk: int) -> HttpResponseBase:
    """Withdraw a notice with a reason."""
    row = _about(request, pk, Verb.VERIFY)

    def act(reason: str) -> None:
        deciding.withdraw(actor=request.actor, notice_id=pk, reason=reason, at=clock.now())

    return _with_reason(request, row, _("Withdraw the notice"), _("Withdraw"), act, _("Withdrawn."))


def insist(request: Request, pk: int) -> HttpResponseBase:
    """Send a refused notice out again, perhaps to another department."""
    row = _about(request, pk, Verb.VERIFY)
    form = InsistForm(
        request.POST or None, departments=queries.departments(), initial={"department": row.department_id}
    )  # fmt: skip

    def act() -> None:
        deciding.insist(actor=request.actor, notice_id=pk, at=clock.now(), **form.cleaned_data)

    note = _("Refused because: %(why)s") % {"why": row.reason}
    page = _page(row, form, _("Send the notice out again"), _("Send out again"), note)
    return answer(request, page, act, message=_("Sent out again."))


def verify(request: Request, pk: int) -> HttpResponseBase:
    """Note what the customer says about the answer."""
    row = _about(request, pk, Verb.VERIFY)
    form = VerifyForm(request.POST or None)

    def act() -> None:
        satisfied = form.cleaned_data["is_satisfied"] == "yes"
        deciding.verify(
            actor=request.actor, notice_id=pk, is_satisfied=satisfied, words=form.cleaned_data["words"], at=clock.now()
        )

    page = _page(row, form, _("Verify with the customer"), _("Save"))
    return answer(request, page, act, message=_("Saved."))
