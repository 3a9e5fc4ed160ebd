"""Pages by which people come in: invitations, their links, and the page behind a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.access import queries
from guanxi.access.forms import InviteForm, WelcomeForm
from guanxi.access.models import SignInLink
from guanxi.access.permissions import Verb
from guanxi.access.services import people as services
from guanxi.access.states import LinkPurpose
from guanxi.access.views.people import beyond_reach, places
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import DomainError, NotFound
from guanxi.foundation.forms import FormPage, refuse, show
from guanxi.foundation.pages import Request

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class InvitationsPage:
    links: Sequence[SignInLink]
    now: Any


@dataclass(frozen=True)
class LinkPage:
    link: SignInLink
    address: str


@dataclass(frozen=True)
class WelcomePage:
    form: forms.Form
    link: SignInLink
    is_recovery: bool


def invitations(request: Request) -> HttpResponse:
    check(request.actor, Verb.INVITE)
    links = queries.links_visible_to(request.actor).order_by("-created_at")[:200]
    return pages.render(request, "access/invitations.html", InvitationsPage(list(links), clock.now()))


def invite(request: Request) -> HttpResponseBase:
    """A form that answers with the link itself, since it is shown only once."""
    actor = request.actor
    check(actor, Verb.INVITE)
    start = {"node": request.GET.get("node")}
    nodes = places(actor, Verb.INVITE)
    form = InviteForm(request.POST or None, initial=start, roles=queries.roles(), nodes=nodes)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            with beyond_reach():
                link, secret = services.invite(
                    actor=actor, name=values["name"], role_code=values["role"].pk, node_id=values["node"].pk,
                    at=clock.now(),
                )  # fmt: skip
        except DomainError as error:
            refuse(form, error)
        else:
            return _show_link(request, link, secret)
    note = _("You get a link to hand over. It works once, for seven days.")
    page = FormPage(form, _("Invite somebody"), _("Make the link"), reverse("access:invitations"), note)
    return show(request, "ui/form.html", page)


def _show_link(request: Request, link: SignInLink, secret: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("welcome", args=[secret]))
    return pages.render(request, "access/link.html", LinkPage(link, address))


def recover(request: Request, pk: int) -> HttpResponse:
    if request.method != "POST":
        raise NotFound
    link, secret = services.make_recovery(actor=request.actor, user_id=pk, at=clock.now())
    return _show_link(request, link, secret)


def revoke_link(request: Request, pk: int) -> HttpResponseBase:
    if request.method != "POST":
        raise NotFound
    services.revoke_link(actor=request.actor, link_id=pk, at=clock.now())
    return pages.done(request, reverse("access:invitations"), _("Withdrawn."))


def welcome(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The page behind a link: open to whoever holds it, once."""
    at = clock.now()
    link = services.open_link(secret=secret, at=at)
    is_recovery = link.purpose == LinkPurpose.RECOVERY
    form = WelcomeForm(request.POST or None, is_recovery=is_recovery)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            user = services.accept_link(
                secret=secret, username=values.get("username", ""), password=values["password"], at=at
            )
        except DomainError as error:
            refuse(form, error)
        else:
            if is_recovery:
                return pages.done(request, reverse("account_login"), _("The new password is set. Sign in with it."))
            login(request, user, backend=BACKEND)
            record_authentication(request, user, method="password")
            return pages.done(request, "/")
    return show(request, "access/welcome.html", WelcomePage(form, link, is_recovery))
