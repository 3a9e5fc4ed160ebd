"""Pages of the care list of a crisis: the list, adding owners by what their cars are, calls, and who was reached."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.crisis import tables
from guanxi.crisis.forms import CallsForm, CarsForm, MarkForm
from guanxi.crisis.models import Crisis
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import choosing, concerned, rooms
from guanxi.crisis.queries.concerned import Wanted
from guanxi.crisis.services import caring
from guanxi.crisis.states import REACHED_TONES, RUNNING
from guanxi.crisis.views.acting import Said, about, address, step
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import DomainError, Text
from guanxi.foundation.forms import FormPage, answer, refuse, show
from guanxi.foundation.pages import Request, done
from guanxi.foundation.tables import Listing, listing
from guanxi.records import services as records


@dataclass(frozen=True)
class CareListPage:
    row: Crisis
    listing: Listing
    tones: dict[str, str]
    may_lead: bool
    can_export: bool
    crumbs: list[tuple[Text, str]]


@dataclass(frozen=True)
class AddPage:
    """Which cars, and how many fit."""

    row: Crisis
    form: forms.Form
    cars: int | None
    owners: int | None
    crumbs: list[tuple[Text, str]]


def _crumbs(row: Crisis) -> list[tuple[Text, str]]:
    return [(_("Crises"), reverse("crisis:crises")), (row.number, address(row.pk))]


def care_list(request: Request, pk: int) -> HttpResponseBase:
    """The care list of a crisis."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = rooms.crisis(actor, pk)
    rows = concerned.visible_to(actor, row).select_related("outlet")
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.CARE_LIST, rows=rows, asked=request.GET)
        return pages.download(file)
    may_lead = row.state in RUNNING and actor.can(Verb.HANDLE, row.place_id)
    found = listing(tables.CARE_LIST, rows, request.GET, actor)
    page = CareListPage(row, found, REACHED_TONES, may_lead, actor.can(Verb.EXPORT, row.place_id), _crumbs(row))
    return pages.render(request, "crisis/care_list.html", page, block="list")


def _wanted(values: dict[str, Any]) -> Wanted:
    return Wanted(
        int(values["model"]) if values["model"] else None, values["vin_from"], values["vin_to"],
        int(values["below"]) if values["below"] else None, values["sold_from"], values["sold_to"],
    )  # fmt: skip


def add_owners(request: Request, pk: int) -> HttpResponseBase:
    """Which cars: first how many fit, then they are added."""
    actor = request.actor
    row = about(request, pk, Verb.HANDLE)
    choices = {"model": choosing.models(), "below": choosing.places(actor, clock.today())}
    asked = request.POST if request.method == "POST" else request.GET
    form = CarsForm(asked or None, choices=choices)
    cars = owners = None
    if form.is_valid():
        wanted = _wanted(form.cleaned_data)
        if request.method == "POST":
            try:
                added = caring.add_owners(actor=actor, crisis_id=pk, wanted=wanted, at=clock.now())
            except DomainError as error:
                refuse(form, error)
            else:
                message = _("%(number)s owners added.") % {"number": added}
                return done(request, reverse("crisis:care-list", args=[pk]), message)
        elif not wanted.is_empty:
            cars, owners = concerned.count(row, wanted, clock.today())
    crumbs = [*_crumbs(row), (_("Care list"), reverse("crisis:care-list", args=[pk]))]
    return show(request, "crisis/add_owners.html", AddPage(row, form, cars, owners, crumbs))


def ask_calls(request: Request, pk: int) -> HttpResponseBase:
    """Let the outlets call."""
    row = about(request, pk, Verb.HANDLE)
    form = CallsForm(request.POST or None, roles=concerned.roles())
    said = Said(_("Let the outlets call"), _("Write the tasks"), _("The outlets are asked to call."))

    def act(**values: Any) -> None:
        caring.ask_calls(crisis_id=pk, **values)

    return step(request, row, form, said, act)


def mark(request: Request, pk: int) -> HttpResponseBase:
    """How far an owner has been reached."""
    held = concerned.affected(request.actor, pk)
    row = about(request, held.crisis_id, Verb.HANDLE)
    form = MarkForm(request.POST or None, initial={"state": held.state, "note": held.note})

    def do() -> None:
        caring.mark(actor=request.actor, affected_id=pk, at=clock.now(), **form.cleaned_data)

    back = reverse("crisis:care-list", args=[row.pk])
    crumbs = [*_crumbs(row), (_("Care list"), back)]
    page = FormPage(form, _("How far was the owner reached?"), _("Save"), back, row.title, crumbs)
    return answer(request, page, do, message=_("Saved."))
