"""What vehicles contribute elsewhere: lines of the palette, moments of a customer, names of his cars."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.slots import Hit, Moment
from guanxi.vehicles.models import Participant, Sale
from guanxi.vehicles.permissions import Verb
from guanxi.vehicles.queries import finding
from guanxi.vehicles.queries.cars import model_name, of_customer
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
    """Return what happened between a customer and cars: bought, begun to drive, given away; two queries."""
    if not actor.can(Verb.VIEW):
        return []
    sales = Sale.objects.filter(customer_id=customer_id, sold_on__isnull=False).select_related("vehicle", "outlet")
    parts = Participant.objects.filter(Q(since__isnull=False) | Q(until__isnull=False), customer_id=customer_id)
    found = [_bought(sale) for sale in sales.order_by("-sold_on")[:limit]]
    for part in parts.select_related("vehicle").order_by("-pk")[:limit]:
        found += _took_part(part)
    return sorted(found, key=lambda moment: moment.at, reverse=True)[:limit]


def _bought(sale: Sale) -> Moment:
    at = clock.start_of(sale.sold_on) if sale.sold_on else clock.now()
    seller = " · ".join(part for part in (sale.outlet.name, sale.consultant_name) if part)
    return Moment(at, _("Bought a car"), str(sale.vehicle), seller, "key-round", "green", url(sale.vehicle_id))


def _took_part(part: Participant) -> Iterable[Moment]:
    words = f"{part.vehicle} · {Role(part.role).label}"
    if part.since:
        yield Moment(clock.start_of(part.since), _("A car came"), words, icon="car", url=url(part.vehicle_id))
    if part.until:
        yield Moment(clock.start_of(part.until), _("A car went"), words, "", "car", "amber", url(part.vehicle_id))


def names_of_cars(_actor: Actor, customer_ids: Sequence[int]) -> dict[int, str]:
    """Return the plates, else the VINs, of the cars that customers have today, for a list of customers; one query."""
    rows = Participant.objects.filter(customer_id__in=customer_ids, until__isnull=True).select_related("vehicle")
    named: dict[int, dict[str, None]] = {}
    for row in rows.order_by("pk"):
        named.setdefault(row.customer_id, {})[str(row.vehicle)] = None
    return {pk: ", ".join(list(cars)[:3]) + ("…" if len(cars) > 3 else "") for pk, cars in named.items()}  # noqa: PLR2004 -- three fit into a cell


def cars_of_card(actor: Actor, customer_id: int) -> list[dict[str, Any]]:
    """Return the cars that a customer has today, as his card lists them (FORM-08); two queries."""
    if not actor.can(Verb.VIEW):
        return []
    cars = {part.vehicle_id: part.vehicle for part in of_customer(actor, customer_id) if part.until is None}
    names = ("plate", "vin", "sold_on", "insured_until", "inspected_until")
    return [{name: getattr(car, name) for name in names} | {"model": model_name(car)} for car in cars.values()]
