"""What vehicles contribute elsewhere: lines of the palette, moments of a customer, names of his cars."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.slots import Hit, Moment
from guanxi.vehicles.models import Participant, Sale, Vehicle
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries import finding
from guanxi.vehicles.queries.cars import model_name, named, of_customer
from guanxi.vehicles.states import Role


def url(vehicle_id: int) -> str:
    return reverse("vehicles:vehicle", args=[vehicle_id])


def find(actor: Actor, text: str, limit: int) -> Sequence[Hit]:
    """Find visible cars by the end of a plate or a VIN, or by the number of the order under which they were sold."""
    return [
        Hit(str(row), " · ".join(part for part in (model_name(row), row.vin) if part), url(row.pk), "car")
        for row in finding.found(actor, text, limit)
    ]


def moments(actor: Actor, customer_id: int, limit: int) -> Sequence[Moment]:
    """Return what happened between a customer and cars: bought, begun to drive, given away; three queries."""
    if not actor.can(Verb.VIEW):
        return []
    sales = Sale.objects.filter(customer_id=customer_id, sold_on__isnull=False).select_related("outlet")
    parts = Participant.objects.filter(Q(since__isnull=False) | Q(until__isnull=False), customer_id=customer_id)
    bought, took = list(sales.order_by("-sold_on")[:limit]), list(parts.order_by("-pk")[:limit])
    cars = named([*(sale.vehicle_id for sale in bought), *(part.vehicle_id for part in took)])
    found = [moment for sale in bought for moment in _bought(sale, cars.get(sale.vehicle_id))]
    found += [moment for part in took for moment in _took_part(part, cars.get(part.vehicle_id))]
    return sorted(found, key=lambda moment: moment.at, reverse=True)[:limit]


def _bought(sale: Sale, car: Vehicle | None) -> Iterable[Moment]:
    seller = " · ".join(part for part in (sale.outlet.name, sale.consultant_name) if part)
    if sale.sold_on:
        at, link = clock.start_of(sale.sold_on), url(car.pk) if car else ""
        yield Moment(at, _("Bought a car"), str(car or ""), seller, "key-round", "green", link)


def _took_part(part: Participant, car: Vehicle | None) -> Iterable[Moment]:
    words, link = " · ".join(str(word) for word in (car, Role(part.role).label) if word), url(car.pk) if car else ""
    if part.since:
        yield Moment(clock.start_of(part.since), _("A car came"), words, icon="car", url=link)
    if part.until:
        yield Moment(clock.start_of(part.until), _("A car went"), words, "", "car", "amber", link)


def names_of_cars(_actor: Actor, customer_ids: Sequence[int]) -> dict[int, str]:
    """Return the plates, else the VINs, of the cars that customers have today, for a list of customers; one query."""
    rows = Participant.objects.filter(customer_id__in=customer_ids, until__isnull=True).select_related("vehicle")
    found: dict[int, dict[str, None]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.customer_id, {})[str(row.vehicle)] = None
    return {pk: ", ".join(list(cars)[:3]) + ("…" if len(cars) > 3 else "") for pk, cars in found.items()}  # noqa: PLR2004 -- three fit into a cell


def cars_of_card(actor: Actor, customer_id: int) -> list[dict[str, Any]]:
    """Return the cars that a customer has today, as his card lists them (FORM-08); two queries."""
    if not actor.can(Verb.VIEW):
        return []
    cars = {part.vehicle_id: part.vehicle for part in of_customer(actor, customer_id) if part.until is None}
    names = ("plate", "vin", "sold_on", "insured_until", "inspected_until")
    return [{name: getattr(car, name) for name in names} | {"model": model_name(car)} for car in cars.values()]
