"""Pages of people: list, one person, invitations, giving and taking roles."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.access import policy, queries
from guanxi.access.forms import EndForm, GrantForm, PersonForm
from guanxi.access.models import Membership, User
from guanxi.access.permissions import Verb
from guanxi.access.services import people as services
from guanxi.access.services import rights
from guanxi.access.tables import PEOPLE
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid, NotAllowed, NotFound
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.records import queries as trail
from guanxi.records import services as records
from guanxi.records.permissions import Verb as TrailVerb


@dataclass(frozen=True)
class PeoplePage:
    listing: Listing
    can_export: bool
    can_invite: bool


@dataclass(frozen=True)
class PersonPage:
    person: User
    memberships: list[Membership]
    history: list[Any]
    is_self: bool
    can_change: bool
    can_grant: bool
    can_end: frozenset[int]
    can_reset: bool


@dataclass(frozen=True)
class StaffPanel:
    staff: list[Membership]
    can_invite: bool
    node_id: int


def _url(user_id: int) -> str:
    return reverse("access:person", args=[user_id])


def people(request: Request) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.VIEW_PEOPLE)
    rows = queries.visible_to(actor)
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=PEOPLE, rows=rows, asked=request.GET)
        return pages.download(file)
    page = PeoplePage(listing(PEOPLE, rows, request.GET, actor), actor.can(Verb.EXPORT), actor.can(Verb.INVITE))
    return pages.render(request, "access/people.html", page, block="list")


def _administers(actor: Actor, verb: str, held: Sequence[Membership]) -> bool:
    current = [row.node_id for row in held if row.valid_to is None or row.valid_to > clock.today()]
    return actor.can(verb) and policy.may_reset(places=current, granting=actor.where(verb))


def person(request: Request, pk: int) -> HttpResponse:
    actor = request.actor
    check(actor, Verb.VIEW_PEOPLE)
    found = queries.person(actor, pk)
    held = queries.memberships(actor, pk)
    is_self = pk == actor.user_id
    page = PersonPage(
        person=found,
        memberships=held,
        history=_history(actor, pk),
        is_self=is_self,
        can_change=_administers(actor, Verb.CHANGE_PERSON, held),
        can_grant=actor.can(Verb.GRANT_ROLE) and not is_self,
        can_end=frozenset(
            row.pk for row in held if actor.can(Verb.END_MEMBERSHIP, row.node_id) and row.valid_to is None
        ),
        can_reset=_administers(actor, Verb.RESET_SIGN_IN, held) and not is_self and found.kind == User.Kind.PERSON,
    )
    return pages.render(request, "access/person.html", page)


def _history(actor: Actor, pk: int) -> list[Any]:
    """Return the trail of a person, for those who may read it."""
    return trail.history(actor, "person", pk, 20) if actor.can(TrailVerb.VIEW_AUDIT) else []


def change(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.CHANGE_PERSON)
    found = queries.person(actor, pk)
    start = {name: getattr(found, name) for name in services.FIELDS}
    form = PersonForm(request.POST or None, initial=start)

    def act() -> None:
        services.change_person(actor=actor, user_id=pk, values=form.cleaned_data)

    return answer(request, FormPage(form, found.name, _("Save"), _url(pk)), act, message=_("Saved."))


def set_active(request: Request, pk: int) -> HttpResponseBase:
    if request.method != "POST":
        raise NotFound
    is_active = request.POST.get("is_active") == "yes"
    services.set_active(actor=request.actor, user_id=pk, is_active=is_active)
    message = _("May sign in again.") if is_active else _("Cannot sign in any more.")
    return pages.done(request, _url(pk), message)


def grant(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.GRANT_ROLE)
    found = queries.person(actor, pk)
    start = {"valid_from": clock.today()}
    nodes = places(actor, Verb.GRANT_ROLE)
    form = GrantForm(request.POST or None, initial=start, roles=queries.roles(), nodes=nodes)

    def act() -> None:
        values = form.cleaned_data
        with beyond_reach():
            rights.grant_role(
                actor=actor, user_id=pk, role_code=values["role"].pk, node_id=values["node"].pk,
                valid_from=values["valid_from"],
            )  # fmt: skip

    title = _("Give %(name)s a role") % {"name": found.name}
    return answer(request, FormPage(form, title, _("Give"), _url(pk)), act, message=_("The role is given."))


@contextmanager
def beyond_reach() -> Iterator[None]:
    """Say a refused role at its field: the form was allowed, only this choice is not."""
    try:
        yield
    except NotAllowed as error:
        raise Invalid(_("This role reaches beyond what you administer."), field="role") from error


def places(actor: Actor, verb: str) -> QuerySet[Node]:
    """Return the open places at which the actor holds a verb."""
    return network.possible_parents(actor, Kind.values, verb)


def end(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.END_MEMBERSHIP)
    row = queries.memberships_visible_to(actor).select_related("user", "role", "node").filter(pk=pk).first()
    if row is None:
        raise NotFound
    form = EndForm(request.POST or None, initial={"on": clock.today()})
    names = {"name": row.user.name, "role": row.role.name, "node": row.node.name}
    note = _("%(name)s: %(role)s at %(node)s") % names

    def act() -> None:
        rights.end_membership(actor=actor, membership_id=pk, on=form.cleaned_data["on"])

    page = FormPage(form, _("Take a role back"), _("End"), _url(row.user_id), note)
    return answer(request, page, act, message=_("The role ends."))


def node_people(request: Request, subject_id: int) -> HttpResponse:
    """The panel of a place: who works there and in its departments."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW_PEOPLE, subject_id)
    below = queries.reached_by([subject_id], today).below.get(subject_id, frozenset({subject_id}))
    kind = network.node(actor, subject_id).kind
    nodes = below if kind in {"OUTLET", "UNIT"} else {subject_id}
    staff = queries.staff_of(actor, nodes, today)
    return pages.render(
        request, "access/node_people.html", StaffPanel(staff, actor.can(Verb.INVITE, subject_id), subject_id)
    )
