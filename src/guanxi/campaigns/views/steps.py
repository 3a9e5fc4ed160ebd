"""The steps of a recall that need no more than a button or a reason."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.campaigns import forms
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import recalls as queries
from guanxi.campaigns.services import recall_steps
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Conflict, Invalid, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request


def _address(pk: int) -> str:
    return reverse("campaigns:recall", args=[pk])


def _step(request: Request, pk: int, act: Callable[[], object], message: Text) -> HttpResponseBase:
    """Take a step that needs no form: a refusal is said on the page of the recall."""
    try:
        act()
    except (Conflict, Invalid) as error:
        return pages.done(request, _address(pk), error.message)
    return pages.done(request, _address(pk), message)


@require_POST
def submit(request: Request, pk: int) -> HttpResponseBase:
    """Submit a recall for approval."""

    def act() -> None:
        recall_steps.submit_recall(actor=request.actor, recall_id=pk, at=clock.now())

    return _step(request, pk, act, _("Submitted; a second person approves it."))


@require_POST
def approve(request: Request, pk: int) -> HttpResponseBase:
    """Approve a recall that somebody else submitted."""

    def act() -> None:
        recall_steps.approve_recall(actor=request.actor, recall_id=pk, at=clock.now())

    return _step(request, pk, act, _("Approved."))


@require_POST
def open_recall(request: Request, pk: int) -> HttpResponseBase:
    """Open an approved recall: its owners are invited."""

    def act() -> None:
        recall_steps.open_recall(actor=request.actor, recall_id=pk, at=clock.now())

    return _step(request, pk, act, _("Open; the owners are being invited."))


@require_POST
def close_recall(request: Request, pk: int) -> HttpResponseBase:
    """Close a recall."""

    def act() -> None:
        recall_steps.close_recall(actor=request.actor, recall_id=pk, at=clock.now())

    return _step(request, pk, act, _("Closed: nobody is invited any more."))


@require_POST
def approve_cars(request: Request, pk: int) -> HttpResponseBase:
    """Approve the cars that came onto the list of a running recall."""

    def act() -> None:
        recall_steps.approve_cars(actor=request.actor, recall_id=pk)

    return _step(request, pk, act, _("Approved; their owners are being invited."))


def _with_reason(
    request: Request, pk: int, verb: Verb, title: Text, act: Callable[[str], object], message: Text
) -> HttpResponseBase:
    row = queries.recall(request.actor, pk)
    check(request.actor, verb, row.node_id)
    form = forms.ReasonForm(request.POST or None)

    def do() -> None:
        act(form.cleaned_data["reason"])

    crumbs: list[tuple[Text, str]] = [(_("Recalls"), reverse("campaigns:recalls")), (row.name, _address(pk))]
    return answer(request, FormPage(form, title, title, _address(pk), row.about, crumbs), do, message=message)


def send_back(request: Request, pk: int) -> HttpResponseBase:
    """Send a recall back with a reason."""

    def act(reason: str) -> None:
        recall_steps.send_back_recall(actor=request.actor, recall_id=pk, reason=reason)

    message = _("Sent back; it can be changed again.")
    return _with_reason(request, pk, Verb.APPROVE, _("Send the recall back"), act, message)


def cancel(request: Request, pk: int) -> HttpResponseBase:
    """Call a recall off before anybody is invited."""

    def act(reason: str) -> None:
        recall_steps.cancel_recall(actor=request.actor, recall_id=pk, reason=reason)

    return _with_reason(request, pk, Verb.MANAGE_RECALLS, _("Call the recall off"), act, _("Called off."))


def take_cars_off(request: Request, pk: int) -> HttpResponseBase:
    """Take the cars that were not approved off the list."""

    def act(reason: str) -> None:
        recall_steps.take_cars_off(actor=request.actor, recall_id=pk, reason=reason)

    return _with_reason(request, pk, Verb.APPROVE, _("Take the added cars off"), act, _("Taken off the recall."))
