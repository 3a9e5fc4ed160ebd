"""Visits to the workshop that a complaint may be about: of its car, or of its customer, at its outlet."""

import datetime
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from guanxi.complaints.models import Complaint
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.workshop import queries as workshop
from guanxi.workshop.models import Visit

FEW, BACK = 10, datetime.timedelta(days=730)


def fitting(
    actor: Actor, *, vehicle_ids: Iterable[int], customer_id: int | None, outlet_id: int | None = None
) -> QuerySet[Visit]:  # fmt: skip
    """Return the visible visits of some cars, or with a customer when no car is known; perhaps at one outlet alone."""
    ids = list(vehicle_ids)
    same = Q(vehicle_id__in=ids) if ids else Q(customer_id=customer_id or 0)
    rows = workshop.visible_to(actor).filter(same)
    return rows if outlet_id is None else rows.filter(outlet_id=outlet_id)


def of_complaint(actor: Actor, row: Complaint) -> QuerySet[Visit]:
    """Return the visits that a complaint may be about, as far as the actor sees them."""
    ids = [row.vehicle_id] if row.vehicle_id else []
    return fitting(actor, vehicle_ids=ids, customer_id=row.customer_id, outlet_id=row.outlet_id)


def choices(rows: QuerySet[Visit], day: datetime.date) -> Sequence[tuple[str, Text]]:
    """Return the newest of some visits to choose from, of the last two years; one query."""
    found = rows.filter(entered_on__gte=day - BACK).select_related("vehicle", "outlet")
    return [(str(row.pk), _named(row)) for row in found.order_by("-entered_on", "-pk")[:FEW]]


def _named(row: Visit) -> str:
    car = row.vehicle.plate or row.vehicle.vin
    return f"{row.entered_on:%Y-%m-%d} · {row.order_no} · {car} · {row.outlet.name}"


def offered(actor: Actor, row: Complaint) -> Sequence[tuple[str, Text]]:
    """Return the visits to choose from for a complaint; one query."""
    return choices(of_complaint(actor, row), clock.today())


def linked(actor: Actor, row: Complaint) -> Visit | None:
    """Return the visit that a complaint is about, if the actor sees visits there; one query, none without one."""
    return workshop.visible_to(actor).filter(pk=row.visit_id).first() if row.visit_id is not None else None
