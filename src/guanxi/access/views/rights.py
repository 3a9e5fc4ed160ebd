"""Pages of roles, responsibilities, tokens and integrations."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import F
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.access import queries
from guanxi.access.forms import IntegrationForm, TokenForm
from guanxi.access.models import Responsibility, Role, Token, User
from guanxi.access.permissions import Verb
from guanxi.access.services import responsibilities as duties
from guanxi.access.services import roles as services
from guanxi.access.services import sessions, tokens
from guanxi.foundation import clock, pages, verbs
from guanxi.foundation.actor import check, check_everywhere
from guanxi.foundation.errors import DomainError, Invalid, NotFound, Text
from guanxi.foundation.forms import FormPage, answer, refuse, show
from guanxi.foundation.pages import Request
from guanxi.network import queries as network
from guanxi.network.states import Kind


@dataclass(frozen=True)
class MatrixPage:
    """Roles across, verbs down: the permission matrix."""

    roles: list[Role]
    groups: list[tuple[Text, list[tuple[str, Text]]]]
    can_change: bool


@dataclass(frozen=True)
class RolePage:
    role: Role
    groups: list[tuple[Text, list[tuple[str, Text]]]]
    kinds: list[str]
    can_change: bool


@dataclass(frozen=True)
class DutiesPage:
    rows: list[Responsibility]
    roles: Mapping[str, Role]
    can_change: bool


@dataclass(frozen=True)
class DutyPage:
    row: Responsibility
    roles: list[Role]
    consulted: frozenset[str]
    informed: frozenset[str]
    problems: Sequence[Any] = ()


@dataclass(frozen=True)
class TokensPage:
    form: forms.Form
    tokens: list[Token]
    secret: str
    owner: User | None
    now: datetime.datetime


@dataclass(frozen=True)
class IntegrationsPage:
    people: list[User]


def grouped() -> list[tuple[Text, list[tuple[str, Text]]]]:
    """Return the verbs by capability, in order of declaration."""
    groups: dict[str, tuple[Text, list[tuple[str, Text]]]] = {}
    for verb, (capability, label) in verbs.labels().items():
        groups.setdefault(verb.split(".")[0], (capability, []))[1].append((verb, label))
    return list(groups.values())


def roles(request: Request) -> HttpResponse:
    check(request.actor, Verb.VIEW_ROLES)
    page = MatrixPage(list(queries.roles()), grouped(), request.actor.can_everywhere(Verb.CHANGE_ROLES))
    return pages.render(request, "access/roles.html", page)


def role(request: Request, code: str) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.VIEW_ROLES)
    found = queries.roles().filter(pk=code).first()
    if found is None:
        raise NotFound
    if request.method == "POST":
        services.change_role(actor=actor, code=code, verbs=request.POST.getlist("verbs"))
        return pages.done(request, reverse("access:role", args=[code]), _("Saved."))
    kinds = [str(Kind(kind).label) for kind in found.kinds]
    page = RolePage(found, grouped(), kinds, actor.can_everywhere(Verb.CHANGE_ROLES))
    return pages.render(request, "access/role.html", page)


def responsibilities(request: Request) -> HttpResponse:
    check(request.actor, Verb.VIEW_RESPONSIBILITIES)
    names = {role.pk: role for role in Role.objects.all()}
    can_change = request.actor.can_everywhere(Verb.CHANGE_RESPONSIBILITIES)
    return pages.render(
        request, "access/responsibilities.html", DutiesPage(queries.responsibilities(), names, can_change)
    )


def responsibility(request: Request, process: str) -> HttpResponseBase:
    actor = request.actor
    check_everywhere(actor, Verb.CHANGE_RESPONSIBILITIES)
    row = next((row for row in queries.responsibilities() if row.pk == process), None)
    if row is None:
        raise NotFound
    problems: Sequence[Any] = ()
    if request.method == "POST":
        post = request.POST
        try:
            duties.change_responsibility(
                actor=actor, process=process, responsible=post.get("responsible", ""),
                accountable=post.get("accountable", ""), consulted=post.getlist("consulted"),
                informed=post.getlist("informed"), deadline_hours=post.get("deadline_hours", ""),
                escalation_role=post.get("escalation_role", ""),
            )  # fmt: skip
        except Invalid as error:
            problems = error.problems
        else:
            return pages.done(request, reverse("access:responsibilities"), _("Saved."))
    held = (
        frozenset(item.pk for item in row.consulted.all()),
        frozenset(item.pk for item in row.informed.all()),
    )
    page = DutyPage(row, list(queries.roles()), *held, problems)
    return pages.render(request, "access/responsibility.html", page, status=422 if problems else 200)


def my_tokens(request: Request) -> HttpResponse:
    check(request.actor, Verb.ISSUE_TOKEN)
    return _tokens(request, None, sorted(request.actor.verbs))


def integration_tokens(request: Request, pk: int) -> HttpResponse:
    owner = queries.integration(request.actor, pk)
    return _tokens(request, owner, sorted(queries.verbs_of(owner.pk, clock.today())))


def _tokens(request: Request, owner: User | None, held: Sequence[str]) -> HttpResponse:
    labels = verbs.labels()
    choices = [(verb, labels[verb][1] if verb in labels else verb) for verb in held]
    form, secret = TokenForm(request.POST or None, verbs=choices), ""
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            _token, secret = tokens.issue_token(
                actor=request.actor, name=values["name"], verbs=values["verbs"],
                lasts=datetime.timedelta(days=values["days"]), at=clock.now(),
                user_id=owner.pk if owner else None,
            )  # fmt: skip
        except DomainError as error:
            refuse(form, error)
        else:
            form = TokenForm(verbs=choices)
    found = queries.tokens(request.actor, owner.pk if owner else None)
    living_first = found.order_by(F("revoked_at").asc(nulls_first=True), "-created_at")
    return show(request, "access/tokens.html", TokensPage(form, list(living_first), secret, owner, clock.now()))


def revoke_token(request: Request, pk: int) -> HttpResponseBase:
    if request.method != "POST":
        raise NotFound
    tokens.revoke_token(actor=request.actor, token_id=pk, at=clock.now())
    return pages.done(request, pages.next_url(request, reverse("access:tokens")), _("Revoked."))


def end_session(request: Request, pk: int) -> HttpResponseBase:
    if request.method != "POST":
        raise NotFound
    sessions.end_session(actor=request.actor, session_id=pk)
    return pages.done(request, reverse("usersessions_list"), _("Signed out there."))


def integrations(request: Request) -> HttpResponse:
    rows = queries.integrations(request.actor).order_by("name")
    return pages.render(request, "access/integrations.html", IntegrationsPage(list(rows)))


def add_integration(request: Request) -> HttpResponseBase:
    actor = request.actor
    check_everywhere(actor, Verb.MANAGE_INTEGRATIONS)
    nodes = network.possible_parents(actor, Kind.values, Verb.MANAGE_INTEGRATIONS)
    form = IntegrationForm(request.POST or None, roles=queries.roles(), nodes=nodes)

    def act() -> str:
        values = form.cleaned_data
        user = tokens.add_integration(
            actor=actor, username=values["username"], name=values["name"], role_code=values["role"].pk,
            node_id=values["node"].pk, at=clock.now(),
        )  # fmt: skip
        return reverse("access:integration-tokens", args=[user.pk])

    note = _("A program signs in with a token only, and may do what its role may do.")
    page = FormPage(form, _("Add an integration"), _("Add"), reverse("access:integrations"), note)
    return answer(request, page, act, message=_("Added."))
