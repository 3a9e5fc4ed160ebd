"""Pages of those who help on the road."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.records import services as records
from guanxi.rescue import tables
from guanxi.rescue.forms import ProviderForm
from guanxi.rescue.permissions import Verb
from guanxi.rescue.queries import providers as queries
from guanxi.rescue.queries import rescues
from guanxi.rescue.services import providing


@dataclass(frozen=True)
class ProvidersPage:
    listing: Listing
    can_change: bool
    can_export: bool


def providers(request: Request) -> HttpResponseBase:
    """Who helps on the road."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = queries.visible_to(actor)
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.PROVIDERS, rows=rows, asked=request.GET)
        return pages.download(file)
    can_change = actor.can(Verb.CHANGE_PROVIDERS)
    page = ProvidersPage(listing(tables.PROVIDERS, rows, request.GET, actor), can_change, actor.can(Verb.EXPORT))
    return pages.render(request, "rescue/providers.html", page, block="list")


def add_provider(request: Request) -> HttpResponseBase:
    """Somebody new who helps."""
    check(request.actor, Verb.CHANGE_PROVIDERS)
    places = queries.places(request.actor, Verb.CHANGE_PROVIDERS, clock.today())
    return _form(request, places, {"is_active": True})


def change_provider(request: Request, pk: int) -> HttpResponseBase:
    """Change who helps."""
    row = queries.provider(request.actor, pk)
    check(request.actor, Verb.CHANGE_PROVIDERS, pk)
    start = {name: getattr(row, name) for name in ("phone", "helps", "radius_km", "is_day_and_night", "is_active")}
    start["position"] = f"{row.latitude}, {row.longitude}" if row.latitude is not None else ""
    return _form(request, [(str(pk), row.node.name)], start | {"node": str(pk)})


def _form(request: Request, places: Sequence[tuple[str, Text]], start: dict[str, Any]) -> HttpResponseBase:
    form = ProviderForm(request.POST or None, choices={"node": places, "helps": rescues.helps()}, initial=start)

    def act() -> None:
        values = dict(form.cleaned_data)
        node_id = int(values.pop("node"))
        providing.keep_provider(actor=request.actor, node_id=node_id, facts=providing.Facts(**values), at=clock.now())

    back = reverse("rescue:providers")
    crumbs: list[tuple[Text, str]] = [(_("Rescues"), reverse("rescue:rescues")), (_("Who helps"), back)]
    page = FormPage(form, _("Who helps on the road"), _("Save"), back, "", crumbs)
    return answer(request, page, act, message=_("Saved."))
