"""Pages that change what a car is: one form, one verb."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import NotAllowed, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.vehicles.forms.cars import ChangeCarForm, ConditionForm, DatesForm, NewCarForm, PlateForm
from guanxi.vehicles.models import Vehicle
from guanxi.vehicles.panels import url
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries import cars as queries
from guanxi.vehicles.queries import catalogue
from guanxi.vehicles.services import cars
from guanxi.vehicles.services.cars import NewCar


def open_car(actor: Actor, pk: int, verb: str = Verb.CHANGE) -> Vehicle:
    """Return a car that the actor may change.

    :raises NotFound: it is not visible.
    :raises NotAllowed: the actor lacks the verb at the outlets that know it.
    """
    row, outlets = queries.seen(actor, pk)
    if not queries.may(actor, verb, outlets):
        raise NotAllowed(verb)
    return row


@dataclass(frozen=True)
class Saying:
    """What a form about one car says: its title, its button, a note, and the word when it is done.

    Empty: the button says "Save", the word is "Saved."
    """

    title: Text
    submit: Text = ""
    note: Text = ""
    done: Text = ""


def about(
    request: Request, row: Vehicle, form: forms.Form, saying: Saying, act: Callable[[], object]
) -> HttpResponseBase:
    """Answer with a form about one car, or do what it asks for."""
    crumbs: list[tuple[Text, str]] = [(_("Cars"), reverse("vehicles:vehicles")), (str(row), url(row.pk))]
    page = FormPage(form, saying.title, saying.submit or _("Save"), url(row.pk), saying.note, crumbs)
    return answer(request, page, act, message=saying.done or _("Saved."))


def _chosen(request: Request) -> int | None:
    asked = request.GET.get("customer", "")
    return int(asked) if asked.isdecimal() and len(asked) < 16 else None  # noqa: PLR2004 -- within a bigint


def add(request: Request) -> HttpResponseBase:
    """Add a car to a customer: to the one named in the address, or to one that is looked for."""
    actor = request.actor
    check(actor, Verb.ADD)
    chosen = _chosen(request)
    if chosen is not None:
        customers.customer(actor, chosen)
    form = NewCarForm(request.POST or None, actor=actor, chosen=chosen, trims=catalogue.trims())

    def act() -> str:
        values = form.cleaned_data
        car = NewCar(**form.car(), plate=values["plate"], since=values["since"])
        return url(cars.add_vehicle(actor=actor, customer_id=values["customer_id"], car=car, at=clock.now()).pk)

    back = reverse("vehicles:vehicles")
    note = _("The car gets its owner now; drivers, sale and mileage are added on its page.")
    page = FormPage(form, _("Add a car"), _("Add"), back, note, [(_("Cars"), back)])
    return answer(request, page, act, message=_("The car is added."))


def change(request: Request, pk: int) -> HttpResponseBase:
    row = open_car(request.actor, pk)
    start = {name: getattr(row, name) for name in ("vin", "model_text", "colour", "engine_no", "made_on")}
    trims = catalogue.trims(current_only=False)
    form = ChangeCarForm(request.POST or None, initial={**start, "trim": row.trim_id or ""}, trims=trims)

    def act() -> None:
        cars.change_vehicle(actor=request.actor, vehicle_id=pk, values=form.car(), at=clock.now())

    return about(request, row, form, Saying(_("Change the car")), act)


def plate(request: Request, pk: int) -> HttpResponseBase:
    row = open_car(request.actor, pk)
    form = PlateForm(request.POST or None, initial={"since": clock.today()})

    def act() -> None:
        values = form.cleaned_data
        cars.set_plate(
            actor=request.actor, vehicle_id=pk, number=values["number"], since=values["since"], at=clock.now()
        )

    note = _("The old plate stays in the history. The car is found by the new one from now on.")
    return about(request, row, form, Saying(_("New plate"), note=note), act)


def dates(request: Request, pk: int) -> HttpResponseBase:
    row = open_car(request.actor, pk)
    start = {"insured_until": row.insured_until, "inspected_until": row.inspected_until}
    form = DatesForm(request.POST or None, initial=start)

    def act() -> None:
        cars.set_dates(actor=request.actor, vehicle_id=pk, at=clock.now(), **form.cleaned_data)

    return about(request, row, form, Saying(_("Insurance and inspection")), act)


def condition(request: Request, pk: int) -> HttpResponseBase:
    row = open_car(request.actor, pk)
    form = ConditionForm(request.POST or None, initial={"condition": row.condition, "on": clock.today()})

    def act() -> None:
        values = form.cleaned_data
        cars.set_condition(
            actor=request.actor, vehicle_id=pk, condition=values["condition"], on=values["on"], at=clock.now()
        )

    note = _("Nobody is reminded of a car that is scrapped or has left the country; its history stays.")
    return about(request, row, form, Saying(_("Condition of the car"), note=note), act)
