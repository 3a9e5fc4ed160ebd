"""What a car that calls by itself is known by: its VIN, its owner, the desk that answers.

Whoever hands the call over sees no cars and no customers: these reads are bound by row-level security alone, and what
they find is not told him.
"""

import datetime
from dataclasses import dataclass

from guanxi.customers import queries as customers
from guanxi.customers.models import Customer
from guanxi.customers.states import Channel
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict
from guanxi.network import queries as network
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.rescue.models import Help, Terms
from guanxi.vehicles.models import Participant, Vehicle
from guanxi.vehicles.states import Role


@dataclass(frozen=True)
class Owner:
    """Whose car it is, and under which number he is called back."""

    pk: int
    name: str
    phone: str


def car(vin: str) -> Vehicle | None:
    """Return the car with a VIN; one query."""
    return Vehicle.objects.filter(vin=vin).first() if vin else None


def owner(vehicle_id: int) -> Owner | None:
    """Return the owner of a car today; three queries."""
    held = Participant.objects.filter(vehicle_id=vehicle_id, role=Role.OWNER, until__isnull=True)
    found = Customer.objects.filter(pk__in=held.values("customer_id"), merged_into__isnull=True).order_by("pk").first()
    if found is None:
        return None
    points = customers.points([found.pk]).get(found.pk, [])
    numbers = [point.value for point in points if point.channel == Channel.MOBILE]
    return Owner(found.pk, found.name, numbers[0] if numbers else "")


def desk(actor: Actor, day: datetime.date) -> int:
    """Return where calls of cars are answered: the call centre, else the place of whoever hands them over; one query.

    :raises Conflict: there is neither.
    """
    found = network.open_on(Node.objects.filter(kind=Kind.CALL_CENTRE), day).order_by("code").first()
    place_id = found.pk if found else actor.home_id
    if place_id is None:
        raise Conflict
    return place_id


def help_of(code: str, terms: Terms) -> Help:
    """Return the kind of help that a car asked for, else that of the terms, else the first that is offered; one query.

    :raises Conflict: none is offered.
    """
    offered = {row.pk: row for row in Help.objects.filter(is_active=True).order_by("position", "code")}
    if not offered:
        raise Conflict
    return offered.get(code) or offered.get(terms.call_help) or next(iter(offered.values()))
