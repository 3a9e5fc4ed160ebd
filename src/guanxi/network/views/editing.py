"""Pages that change the network: one form, one verb."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import DomainError, NotAllowed, NotFound, Text
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
class FormPage:
    """A page with one form."""

    form: forms.Form
    title: Text
    submit: Text
    back: str
    node: Node | None = None
    note: Text = ""
    days: Any = ()


def refuse(form: forms.Form, error: DomainError) -> None:
    """Put a refusal where the reader looks: at its field, or above the form."""
    if isinstance(error, NotAllowed | NotFound):
        raise error
    for problem in error.problems:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.message))


def _show(request: Request, template: str, page: FormPage) -> HttpResponseBase:
    return pages.render(request, template, page, status=422 if page.form.errors else 200)


def _url(node_id: int) -> str:
    return reverse("network:node", args=[node_id])


def add(request: Request) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.ADD_NODE)
    kinds = [kind for kind in Kind.values if kind != Kind.GROUP]
    parents = queries.possible_parents(actor, set().union(*PARENTS.values()), Verb.ADD_NODE)
    start = {
        "valid_from": clock.today(),
        "parent": request.GET.get("parent"),
        "kind": request.GET.get("kind"),
    }
    form = NodeForm(request.POST or None, initial=start, parents=parents, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            node = structure.add_node(actor=actor, parent_id=values.pop("parent").pk, **values)
        except DomainError as error:
            refuse(form, error)
        else:
            return pages.done(request, _url(node.pk), _("The place is added."))
    note = _("A place stands under another: outlets under a market office, a branch or the brand itself.")
    page = FormPage(form, _("Add a place"), _("Add"), reverse("network:tree"), note=note)
    return _show(request, "network/form.html", page)


def change(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    node = queries.node(actor, pk)
    check(actor, Verb.CHANGE_NODE, pk)
    form = _profile_form(request, node) if node.kind == Kind.OUTLET else _names_form(request, node)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, node, form)
        except DomainError as error:
            refuse(form, error)
        else:
            return pages.done(request, _url(pk), _("Saved."))
    template = "network/profile.html" if node.kind == Kind.OUTLET else "network/form.html"
    return _show(request, template, FormPage(form, node.name, _("Save"), _url(pk), node))


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
    names = {"name_zh": values["name_zh"], "name_en": values["name_en"]}
    structure.change_node(actor=request.actor, node_id=node.pk, **names)
    if node.kind == Kind.OUTLET:
        outlets.change_profile(
            actor=request.actor,
            node_id=node.pk,
            values={name: values[name] for name in _PROFILE},
            services=values["services"],
        )


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
    if request.method == "POST" and form.is_valid():
        for desk in OpeningHours.Desk:
            outlets.set_hours(actor=actor, node_id=pk, desk=desk, intervals=form.intervals(desk))
        return pages.done(request, _url(pk), _("Saved."))
    page = FormPage(form, _("Opening hours"), _("Save"), _url(pk), node, days=list(enumerate(DAYS)))
    return _show(request, "network/hours.html", page)


def move(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    node = queries.node(actor, pk)
    check(actor, Verb.MOVE_NODE, pk)
    parents = queries.possible_parents(actor, PARENTS[node.kind], Verb.MOVE_NODE).exclude(pk=pk)
    form = MoveForm(request.POST or None, initial={"effective_on": clock.today()}, parents=parents)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            structure.move_node(
                actor=actor, node_id=pk, parent_id=values["parent"].pk, effective_on=values["effective_on"]
            )
        except DomainError as error:
            refuse(form, error)
        else:
            return pages.done(request, _url(pk), _("Moved."))
    note = _("It moves with everything below it. An outlet moved under another brand serves both brands.")
    page = FormPage(form, _("Move"), _("Move"), _url(pk), node, note)
    return _show(request, "network/form.html", page)


def close(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    node = queries.node(actor, pk)
    check(actor, Verb.CLOSE_NODE, pk)
    form = CloseForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            structure.close_node(actor=actor, node_id=pk, on=form.cleaned_data["on"])
        except DomainError as error:
            refuse(form, error)
        else:
            return pages.done(request, _url(pk), _("Closed."))
    note = _("Its history stays. People keep their memberships until they are ended.")
    page = FormPage(form, _("Close"), _("Close"), _url(pk), node, note)
    return _show(request, "network/form.html", page)


def leave_brand(request: Request, pk: int) -> HttpResponseBase:
    """POST only: end an outlet's place under one of its brands, from today."""
    brand = request.POST.get("brand", "")
    if request.method != "POST" or not brand.isdecimal():
        raise NotFound
    structure.leave_brand(actor=request.actor, node_id=pk, brand_id=int(brand), on=clock.today())
    return pages.done(request, _url(pk), _("Saved."))
