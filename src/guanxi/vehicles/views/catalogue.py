"""Pages of the catalogue: the tree, one series, and the forms of headquarters."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import pages
from guanxi.foundation.actor import check, check_everywhere
from guanxi.foundation.errors import NotFound, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.network.models import Node
from guanxi.vehicles.forms.catalogue import FORMS
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries import catalogue as queries
from guanxi.vehicles.services import catalogue
from guanxi.vehicles.services.catalogue import KINDS

TITLES: dict[str, tuple[Text, Text]] = {
    "series": (_("Add a series"), _("Change the series")),
    "model": (_("Add a model"), _("Change the model")),
    "trim": (_("Add a trim"), _("Change the trim")),
    "feature": (_("Add an option or a colour"), _("Change the option or colour")),
    "warranty": (_("Add a warranty term"), _("Change the warranty term")),
    "step": (_("Add a maintenance step"), _("Change the maintenance step")),
}


@dataclass(frozen=True)
class TreePage:
    brands: list[queries.Brand]
    addable: list[Node]


@dataclass(frozen=True)
class SeriesPage:
    sheet: queries.Sheet
    can_change: bool


def tree(request: Request) -> HttpResponseBase:
    """Brands, series, models and trims in one tree."""
    actor = request.actor
    check(actor, Verb.VIEW_CATALOGUE)
    may = actor.can_everywhere(Verb.CHANGE_CATALOGUE)
    page = TreePage(queries.tree(actor), list(queries.brands()) if may else [])
    return pages.render(request, "vehicles/catalogue.html", page)


def series(request: Request, pk: int) -> HttpResponseBase:
    """One series: models and trims, warranty terms, maintenance plan, options and colours."""
    actor = request.actor
    page = SeriesPage(queries.sheet(actor, pk), actor.can_everywhere(Verb.CHANGE_CATALOGUE))
    return pages.render(request, "vehicles/series.html", page)


def _back(kind: str, row: Any) -> str:
    """Return the page of the series to which a row belongs."""
    series_id = {"series": "pk", "trim": ""}.get(kind, "series_id")
    key = row.model.series_id if not series_id else getattr(row, series_id)
    return reverse("vehicles:series", args=[key])


def add_part(request: Request, kind: str, above: int) -> HttpResponseBase:
    actor = request.actor
    check_everywhere(actor, Verb.CHANGE_CATALOGUE)
    if kind not in FORMS:
        raise NotFound
    over = queries.part(KINDS[kind].stands_under, above)
    back = reverse("vehicles:catalogue") if kind == "series" else _back("model" if kind == "trim" else "series", over)
    form = FORMS[kind](request.POST or None)

    def act() -> str:
        row = catalogue.add_part(actor=actor, kind=kind, above_id=above, values=form.cleaned_data)
        return _back(kind, row)

    page = FormPage(form, TITLES[kind][0], _("Add"), back, over.name, [(_("Catalogue"), reverse("vehicles:catalogue"))])
    return answer(request, page, act, message=_("Added."))


def change_part(request: Request, kind: str, pk: int) -> HttpResponseBase:
    actor = request.actor
    check_everywhere(actor, Verb.CHANGE_CATALOGUE)
    if kind not in FORMS:
        raise NotFound
    row = queries.part(KINDS[kind].model, pk)
    form = FORMS[kind](request.POST or None, initial={name: getattr(row, name) for name in KINDS[kind].fields})

    def act() -> None:
        catalogue.change_part(actor=actor, kind=kind, part_id=pk, values=form.cleaned_data)

    back = _back(kind, row)
    page = FormPage(form, TITLES[kind][1], _("Save"), back, row.name, [(_("Catalogue"), reverse("vehicles:catalogue"))])
    return answer(request, page, act, message=_("Saved."))


def remove_part(request: Request, kind: str, pk: int) -> HttpResponseBase:
    """POST only: take a feature, a warranty term or a maintenance step out of the catalogue."""
    if request.method != "POST":
        raise NotFound
    series_id = catalogue.remove_part(actor=request.actor, kind=kind, part_id=pk)
    return pages.done(request, reverse("vehicles:series", args=[series_id]), _("Removed."))
