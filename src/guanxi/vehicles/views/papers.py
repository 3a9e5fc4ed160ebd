"""Pages about mileage, sale and cover."""

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from guanxi.codelists import queries as codelists
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotAllowed, NotFound, Text
from guanxi.foundation.pages import Request
from guanxi.network.models import Node
from guanxi.vehicles.forms.cars import Choices, CoverForm, ReadingForm, SaleForm
from guanxi.vehicles.panels import url
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries import cars as queries
from guanxi.vehicles.services import mileage, papers
from guanxi.vehicles.services.papers import NewSale
from guanxi.vehicles.states import ReadingSource
from guanxi.vehicles.views.editing import Saying, about, open_car
from guanxi.vehicles.views.reading import USES


def record_reading(request: Request, pk: int) -> HttpResponseBase:
    row = open_car(request.actor, pk)
    form = ReadingForm(request.POST or None, initial={"on": clock.today()})

    def act() -> None:
        values = form.cleaned_data
        mileage.record_reading(
            actor=request.actor, vehicle_id=pk, on=values["on"], km=values["km"], source=ReadingSource.OWNER,
            at=clock.now(),
        )  # fmt: skip

    note = _("A reading that does not fit its neighbours is kept and marked, and does not count.")
    return about(request, row, form, Saying(_("Record the mileage"), note=note), act)


def judge(request: Request, pk: int) -> HttpResponseBase:
    """POST only: let a reading count, or not."""
    if request.method != "POST":
        raise NotFound
    is_plausible = request.POST.get("plausible") == "yes"
    reading = mileage.judge_reading(actor=request.actor, reading_id=pk, is_plausible=is_plausible, at=clock.now())
    return pages.done(request, url(reading.vehicle_id), _("Saved."))


def sell(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    row = open_car(actor, pk)
    people = {part.customer_id: part.customer.name for part in queries.participants(pk)}
    outlets = _outlets(actor, queries.outlets_knowing(list(people)))
    if not outlets:
        raise NotAllowed(Verb.CHANGE)
    uses = codelists.codes(actor, USES, clock.today(), int(outlets[0][0]))
    buyers: Choices = [(str(key), name) for key, name in people.items()]
    offered: list[tuple[str, Text]] = [("", "—"), *((code.code, code.name) for code in uses)]
    choices = {"buyer": buyers, "outlet": outlets, "use": offered}
    form = SaleForm(request.POST or None, initial={"sold_on": row.sold_on or clock.today()}, choices=choices)

    def act() -> None:
        values = {**form.cleaned_data}
        buyer, outlet = int(values.pop("buyer")), int(values.pop("outlet"))
        sale = NewSale(outlet_id=outlet, **values)
        papers.sell(actor=actor, vehicle_id=pk, customer_id=buyer, sale=sale, at=clock.now())

    note = _("The warranty end follows from the day of sale and the terms of the series.")
    return about(request, row, form, Saying(_("Record the sale"), note=note), act)


def _outlets(actor: Actor, known: list[int]) -> list[tuple[str, Text]]:
    held = [pk for pk in known if actor.can(Verb.CHANGE, pk)]
    return [(str(node.pk), node.name) for node in Node.objects.filter(pk__in=held).order_by("code")]


def add_cover(request: Request, pk: int) -> HttpResponseBase:
    row = open_car(request.actor, pk)
    form = CoverForm(request.POST or None, initial={"since": row.warranty_until or clock.today()})

    def act() -> None:
        papers.add_cover(actor=request.actor, vehicle_id=pk, at=clock.now(), **form.cleaned_data)

    note = _("Cover that was bought beyond the warranty of the maker.")
    return about(request, row, form, Saying(_("Add cover"), _("Add"), note), act)
