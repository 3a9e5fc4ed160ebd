"""The steps of a recall that need no more than a button or a reason."""

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import recalls as queries
from guanxi.campaigns.services import recall_steps
from guanxi.campaigns.views.stepping import Subject, step, with_reason
from guanxi.foundation import clock
from guanxi.foundation.actor import check
from guanxi.foundation.pages import Request


def _address(pk: int) -> str:
    return reverse("campaigns:recall", args=[pk])


@require_POST
def submit(request: Request, pk: int) -> HttpResponseBase:
    """Submit a recall for approval."""

    def act() -> None:
        recall_steps.submit_recall(actor=request.actor, recall_id=pk, at=clock.now())

    return step(request, _address(pk), act, _("Submitted; a second person approves it."))


@require_POST
def approve(request: Request, pk: int) -> HttpResponseBase:
    """Approve a recall that somebody else submitted."""

    def act() -> None:
        recall_steps.approve_recall(actor=request.actor, recall_id=pk, at=clock.now())

    return step(request, _address(pk), act, _("Approved."))


@require_POST
def open_recall(request: Request, pk: int) -> HttpResponseBase:
    """Open an approved recall: its owners are invited."""

    def act() -> None:
        recall_steps.open_recall(actor=request.actor, recall_id=pk, at=clock.now())

    return step(request, _address(pk), act, _("Open; the owners are being invited."))


@require_POST
def close_recall(request: Request, pk: int) -> HttpResponseBase:
    """Close a recall."""

    def act() -> None:
        recall_steps.close_recall(actor=request.actor, recall_id=pk, at=clock.now())

    return step(request, _address(pk), act, _("Closed: nobody is invited any more."))


@require_POST
def approve_cars(request: Request, pk: int) -> HttpResponseBase:
    """Approve the cars that came onto the list of a running recall."""

    def act() -> None:
        recall_steps.approve_cars(actor=request.actor, recall_id=pk)

    return step(request, _address(pk), act, _("Approved; their owners are being invited."))


def _subject(request: Request, pk: int, verb: Verb) -> Subject:
    """Return a recall with which the actor may do something."""
    row = queries.recall(request.actor, pk)
    check(request.actor, verb, row.node_id)
    return Subject(_address(pk), row.name, row.about, (_("Recalls"), reverse("campaigns:recalls")))


def send_back(request: Request, pk: int) -> HttpResponseBase:
    """Send a recall back with a reason."""
    subject = _subject(request, pk, Verb.APPROVE)

    def act(reason: str) -> None:
        recall_steps.send_back_recall(actor=request.actor, recall_id=pk, reason=reason)

    message = _("Sent back; it can be changed again.")
    return with_reason(request, subject, _("Send the recall back"), act, message)


def cancel(request: Request, pk: int) -> HttpResponseBase:
    """Call a recall off before anybody is invited."""
    subject = _subject(request, pk, Verb.MANAGE_RECALLS)

    def act(reason: str) -> None:
        recall_steps.cancel_recall(actor=request.actor, recall_id=pk, reason=reason)

    return with_reason(request, subject, _("Call the recall off"), act, _("Called off."))


def take_cars_off(request: Request, pk: int) -> HttpResponseBase:
    """Take the cars that were not approved off the list."""
    subject = _subject(request, pk, Verb.APPROVE)

    def act(reason: str) -> None:
        recall_steps.take_cars_off(actor=request.actor, recall_id=pk, reason=reason)

    return with_reason(request, subject, _("Take the added cars off"), act, _("Taken off the recall."))
