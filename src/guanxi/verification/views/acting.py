"""Forms of correction orders: one verb each."""

from collections.abc import Callable

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.verification.forms import CorrectForm, DisputeForm, ReasonForm, VerifyForm
from guanxi.verification.models import Order
from guanxi.verification.permissions import Verb
from guanxi.verification.queries import orders, record
from guanxi.verification.services import correcting, deciding
from guanxi.verification.states import Source


def _about(request: Request, pk: int, verb: Verb) -> Order:
    """Return a visible order on whose side the actor stands, before a form is shown."""
    row = orders.order(request.actor, pk)
    check(request.actor, verb, row.outlet_id if verb == Verb.ANSWER else row.place_id)
    return row


def _page(row: Order, form: forms.Form, title: Text, submit: Text) -> FormPage:
    address = reverse("verification:order", args=[row.pk])
    crumbs: list[tuple[Text, str]] = [
        (_("Correction orders"), reverse("verification:orders")), (row.number, address),
    ]  # fmt: skip
    return FormPage(form, title, submit, address, row.words, crumbs)


def correct(request: Request, pk: int) -> HttpResponseBase:
    """Correct the wrong fields of the record, and report it with proof."""
    row = _about(request, pk, Verb.ANSWER)
    lines = orders.writable(request.actor, row)
    asked = {line.field.source for line in lines}
    held = record.divisions_of(row.customer) if Source.ADDRESS in asked else {}
    trims = record.trims() if Source.MODEL in asked else []
    form = CorrectForm(request.POST or None, lines=lines, held=held, trims=trims)

    def act() -> None:
        said = {name: form.cleaned_data[name] for name in ("measure", "proof")}
        correcting.correct(actor=request.actor, order_id=pk, at=clock.now(), values=form.values(), **said)

    page = _page(row, form, _("Correct the record"), _("Correct and report"))
    return answer(request, page, act, message=_("Reported; the customer will be asked."))


def dispute(request: Request, pk: int) -> HttpResponseBase:
    """Say why the record is right."""
    row = _about(request, pk, Verb.ANSWER)
    form = DisputeForm(request.POST or None)

    def act() -> None:
        correcting.dispute(actor=request.actor, order_id=pk, at=clock.now(), **form.cleaned_data)

    page = _page(row, form, _("Dispute the order"), _("Dispute"))
    return answer(request, page, act, message=_("Disputed; whoever issued it decides."))


def verify(request: Request, pk: int) -> HttpResponseBase:
    """Note what the customer says of the corrected record."""
    row = _about(request, pk, Verb.VERIFY)
    form = VerifyForm(request.POST or None)

    def act() -> None:
        right, words = form.cleaned_data["is_right"] == "yes", form.cleaned_data["words"]
        deciding.verify(actor=request.actor, order_id=pk, is_right=right, words=words, at=clock.now())

    page = _page(row, form, _("Verify with the customer"), _("Save"))
    return answer(request, page, act, message=_("Saved."))


def _with_reason(
    request: Request, pk: int, titles: tuple[Text, Text, Text], act: Callable[[str], object]
) -> HttpResponseBase:
    title, submit, message = titles
    row = _about(request, pk, Verb.VERIFY)
    form = ReasonForm(request.POST or None)

    def do() -> None:
        act(form.cleaned_data["reason"])

    return answer(request, _page(row, form, title, submit), do, message=message)


def insist(request: Request, pk: int) -> HttpResponseBase:
    """Send a disputed order out again."""

    def act(reason: str) -> None:
        deciding.insist(actor=request.actor, order_id=pk, reason=reason, at=clock.now())

    return _with_reason(request, pk, (_("Send the order out again"), _("Send out again"), _("Sent out again.")), act)


def withdraw(request: Request, pk: int) -> HttpResponseBase:
    """Withdraw an order: the record was right."""

    def act(reason: str) -> None:
        deciding.withdraw(actor=request.actor, order_id=pk, reason=reason, at=clock.now())

    return _with_reason(request, pk, (_("Withdraw the order"), _("Withdraw"), _("Withdrawn.")), act)
