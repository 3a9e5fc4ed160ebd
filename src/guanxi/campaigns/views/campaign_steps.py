"""The steps of a campaign that need no more than a button or a reason."""

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.services import deciding, starting
from guanxi.campaigns.views.stepping import Subject, step, with_reason
from guanxi.foundation import clock
from guanxi.foundation.actor import check
from guanxi.foundation.pages import Request


def _address(pk: int) -> str:
    return reverse("campaigns:campaign", args=[pk])


@require_POST
def submit(request: Request, pk: int) -> HttpResponseBase:
    """Submit a campaign for approval."""

    def act() -> None:
        deciding.submit(actor=request.actor, campaign_id=pk, at=clock.now())

    return step(request, _address(pk), act, _("Submitted; a second person approves it."))


@require_POST
def approve(request: Request, pk: int) -> HttpResponseBase:
    """Approve what somebody else submitted."""

    def act() -> None:
        deciding.approve(actor=request.actor, campaign_id=pk, at=clock.now())

    return step(request, _address(pk), act, _("Approved."))


@require_POST
def start(request: Request, pk: int) -> HttpResponseBase:
    """Start an approved campaign: its audience is frozen."""

    def act() -> None:
        starting.start(actor=request.actor, campaign_id=pk, at=clock.now())

    message = _("Started: the audience is frozen, each wave goes out when its day comes.")
    return step(request, _address(pk), act, message)


@require_POST
def end(request: Request, pk: int) -> HttpResponseBase:
    """End a running campaign."""

    def act() -> None:
        starting.end(actor=request.actor, campaign_id=pk, at=clock.now())

    return step(request, _address(pk), act, _("Ended; visits and sales are counted on."))


def _subject(request: Request, pk: int, verb: Verb) -> Subject:
    """Return a campaign with which the actor may do something."""
    row = queries.campaign(request.actor, pk)
    check(request.actor, verb, row.node_id)
    return Subject(_address(pk), row.name, row.aim, (_("Campaigns"), reverse("campaigns:campaigns")))


def send_back(request: Request, pk: int) -> HttpResponseBase:
    """Send a campaign back with a reason."""
    subject = _subject(request, pk, Verb.APPROVE)

    def act(reason: str) -> None:
        deciding.send_back(actor=request.actor, campaign_id=pk, reason=reason)

    return with_reason(request, subject, _("Send the campaign back"), act, _("Sent back; it can be changed again."))


def cancel(request: Request, pk: int) -> HttpResponseBase:
    """Call a campaign off before it starts."""
    subject = _subject(request, pk, Verb.PLAN)

    def act(reason: str) -> None:
        deciding.cancel(actor=request.actor, campaign_id=pk, reason=reason, at=clock.now())

    return with_reason(request, subject, _("Call the campaign off"), act, _("Called off."))
