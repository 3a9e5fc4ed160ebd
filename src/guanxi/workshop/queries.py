"""Reads of visits: which are visible, one with its bill, those of a car or a customer, what maintenance was done."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet

from guanxi.codelists import queries as codelists
from guanxi.customers import queries as customers
from guanxi.customers.models import Customer, Relation
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound, Text
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.vehicles.models import Vehicle
from guanxi.vehicles.queries import cars
from guanxi.workshop.models import Visit, VisitLine
from guanxi.workshop.permissions import Verb
from guanxi.workshop.states import CATEGORIES

MOST_OUTLETS = 300


def visible_to(actor: Actor) -> QuerySet[Visit]:
    """Return the visits to the outlets where the actor may see them."""
    where = actor.where(Verb.VIEW)
    return Visit.objects.all() if where is None else Visit.objects.filter(db.among("outlet_id", where))


@dataclass(frozen=True)
class Sheet:
    """One visit with its bill; the car and the customer, if they are still in sight."""

    visit: Visit
    lines: list[VisitLine]
    car: Vehicle | None
    customer: Customer | None


def sheet(actor: Actor, pk: int) -> Sheet:
    """Return one visible visit with its lines, its car and its customer; four queries.

    :raises NotFound: it does not exist or is not visible.
    """
    visit = visible_to(actor).select_related("outlet").filter(pk=pk).first()
    if visit is None:
        raise NotFound
    lines = list(VisitLine.objects.filter(visit=visit).order_by("position"))
    car = cars.named([visit.vehicle_id]).get(visit.vehicle_id)
    customer = Customer.objects.filter(pk=visit.customer_id).first() if visit.customer_id else None
    return Sheet(visit, lines, car, customer)


def of_vehicle(actor: Actor, vehicle_id: int, limit: int) -> list[Visit]:
    """Return the newest visits of a car that the actor may see; one query."""
    rows = visible_to(actor).filter(vehicle_id=vehicle_id).select_related("outlet")
    return list(rows.order_by("-entered_on", "-pk")[:limit])


def of_customer(actor: Actor, customer_id: int, limit: int) -> list[Visit]:
    """Return the newest visits with a customer that the actor may see; one query."""
    rows = visible_to(actor).filter(customer_id=customer_id).select_related("outlet")
    return list(rows.order_by("-entered_on", "-pk")[:limit])


def category_names(day: datetime.date) -> dict[str, str]:
    """Return what the categories of visits are called on a day; one query."""
    return {code: label.name for code, label in codelists.labels(CATEGORIES, day).items()}


def categories(actor: Actor, day: datetime.date) -> list[tuple[str, list[tuple[str, Text]]]]:
    """Return the categories to choose from on a day, under valid and invalid; one query."""
    groups: dict[int, tuple[str, list[tuple[str, Text]]]] = {}
    for entry in codelists.codes(actor, CATEGORIES, day):
        if "counts" in entry.attributes and entry.parent_id in groups:
            groups[entry.parent_id][1].append((entry.code, entry.name))
        else:
            groups[entry.id] = (entry.name, [])
    return [group for group in groups.values() if group[1]]


def category(actor: Actor, code: str, day: datetime.date) -> bool | None:
    """Say whether visits of a category count on a day (CLASS-46, CLASS-47); None: there is no such category."""
    found = {entry.code: entry.attributes for entry in codelists.codes(actor, CATEGORIES, day)}
    counts = found.get(code, {}).get("counts")
    return None if counts is None else counts == "yes"


def workshops(actor: Actor, verb: str) -> list[Node]:
    """Return the outlets with a workshop at which the actor holds a verb, at most 300; one query."""
    where, rows = actor.where(verb), _serving().order_by("code")
    return list((rows if where is None else rows.filter(db.among("pk", where)))[:MOST_OUTLETS])


def _serving() -> QuerySet[Node]:
    return Node.objects.filter(kind=Kind.OUTLET, valid_to__isnull=True, profile__serves=True)


def is_workshop(outlet_id: int) -> bool:
    """Say whether a place is an open outlet with a workshop; one query."""
    return _serving().filter(pk=outlet_id).exists()


def is_customer_of(outlet_id: int, customer_id: int) -> bool:
    """Say whether a customer has an open relation to an outlet; one query."""
    return Relation.objects.filter(customers.at([outlet_id]), customer_id=customer_id).exists()
