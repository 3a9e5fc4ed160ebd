"""Pages that change the network: one form, one verb."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, db, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import NotFound, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.network import queries
from guanxi.network.forms import (
    DAYS,
    CloseForm,
    HoursForm,
    MoveForm,
    NamesForm,
    NodeForm,
    ProfileForm,
    write_intervals,
)  # fmt: skip
from guanxi.network.models import Node, OpeningHours
from guanxi.network.permissions import Verb
from guanxi.network.services import outlets, structure
from guanxi.network.states import PARENTS, Kind

_PROFILE = (
    "sells", "serves", "is_key", "province", "city_zh", "city_en", "address", "phone", "hotline", "latitude",
    "longitude", "service_radius_km",
)  # fmt: skip


@dataclass(frozen=True)
class PlacePage(FormPage):
    """A form about one place."""

    node: Node | None = None
    days: Sequence[tuple[int, Text]] = ()


def _url(node_id: int) -> str:
    return reverse("network:node", args=[node_id])


def _about(node: Node, form: forms.Form, title: Text, submit: Text, note: Text = "") -> PlacePage:
    crumbs = [(node.name, _url(node.pk))] if title != node.name else []
    return PlacePage(form, title, submit, _url(node.pk), note, crumbs, node)


def add(request: Request) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.ADD_NODE)
    kinds = [kind for kind in Kind.values if kind != Kind.GROUP]
    parents = queries.possible_parents(actor, set().union(*PARENTS.values()), Verb.ADD_NODE)
    start = {"valid_from": clock.today(), "parent": request.GET.get("parent"), "kind": request.GET.get("kind")}
    form = NodeForm(request.POST or None, initial=start, parents=parents, kinds=kinds)
    note = _("A place stands under another: outlets under a market office, a branch or the brand itself.")

    def act() -> str:
        values = {**form.cleaned_data}
        return _url(structure.add_node(actor=actor, parent_id=values.pop("parent").pk, **values).pk)

    page = FormPage(form, _("Add a place"), _("Add"), reverse("network:tree"), note)
    return answer(request, page, act, message=_("The place is added."))


def change(request: Request, pk: int) -> HttpResponseBase:
    node = queries.node(request.actor, pk)
    check(request.actor, Verb.CHANGE_NODE, pk)
    is_outlet = node.kind == Kind.OUTLET
    form = _profile_form(request, node) if is_outlet else _names_form(request, node)
    page = _about(node, form, node.name, _("Save"))
    template = "network/profile.html" if is_outlet else "ui/form.html"
    return answer(request, page, lambda: _save(request, node, form), message=_("Saved."), template=template)


def _names_form(request: Request, node: Node) -> NamesForm:
    return NamesForm(request.POST or None, initial={"name_zh": node.name_zh, "name_en": node.name_en})


def _profile_form(request: Request, node: Node) -> ProfileForm:
    profile = node.profile
    start = {name: getattr(profile, name) for name in _PROFILE}
    start |= {"name_zh": node.name_zh, "name_en": node.name_en}
    start["services"] = [row.code for row in profile.services.all()]
    offered = [(row.code, row.name) for row in queries.services()]
    may_decide = request.actor.can(Verb.ADD_NODE, node.pk)
    return ProfileForm(request.POST or None, initial=start, offered=offered, may_decide=may_decide)


def _save(request: Request, node: Node, form: forms.Form) -> None:
    values = form.cleaned_data
    with db.atomic():
        structure.change_node(
            actor=request.actor, node_id=node.pk, name_zh=values["name_zh"], name_en=values["name_en"]
        )
        if node.kind == Kind.OUTLET:
            profile = {name: values[name] for name in _PROFILE}
            outlets.change_profile(actor=request.actor, node_id=node.pk, values=profile, services=values["services"])


def hours(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    node = queries.node(actor, pk)
    check(actor, Verb.CHANGE_NODE, pk)
    if node.kind != Kind.OUTLET:
        raise NotFound
    start = {
        f"{week.desk}_{day}": write_intervals(pairs)
        for week in queries.hours(actor, pk)
        for day, pairs in enumerate(week.days)
    }
    form = HoursForm(request.POST or None, initial=start)

    def act() -> None:
        with db.atomic():
            for desk in OpeningHours.Desk:
                outlets.set_hours(actor=actor, node_id=pk, desk=desk, intervals=form.intervals(desk))

    days = list(enumerate(DAYS))
    page = PlacePage(form, _("Opening hours"), _("Save"), _url(pk), node=node, days=days)
    return answer(request, page, act, message=_("Saved."), template="network/hours.html")


def move(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    node = queries.node(actor, pk)
    check(actor, Verb.MOVE_NODE, pk)
    parents = queries.possible_parents(actor, PARENTS[node.kind], Verb.MOVE_NODE).exclude(pk=pk)
    form = MoveForm(request.POST or None, initial={"effective_on": clock.today()}, parents=parents)
    note = _("It moves with everything below it. An outlet moved under another brand serves both brands.")

    def act() -> None:
        parent, day = form.cleaned_data["parent"], form.cleaned_data["effective_on"]
        structure.move_node(actor=actor, node_id=pk, parent_id=parent.pk, effective_on=day)

    page = _about(node, form, _("Move"), _("Move"), note)
    return answer(request, page, act, message=_("Moved."))


def close(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    node = queries.node(actor, pk)
    check(actor, Verb.CLOSE_NODE, pk)
    form = CloseForm(request.POST or None, initial={"on": clock.today()})
    note = _("Its history stays. People keep their memberships until they are ended.")

    def act() -> None:
        structure.close_node(actor=actor, node_id=pk, on=form.cleaned_data["on"])

    return answer(request, _about(node, form, _("Close"), _("Close"), note), act, message=_("Closed."))


def leave_brand(request: Request, pk: int) -> HttpResponseBase:
    """POST only: end an outlet's place under one of its brands, from today."""
    brand = request.POST.get("brand", "")
    if request.method != "POST" or not brand.isdecimal():
        raise NotFound
    structure.leave_brand(actor=request.actor, node_id=pk, brand_id=int(brand), on=clock.today())
    return pages.done(request, _url(pk), _("Saved."))
