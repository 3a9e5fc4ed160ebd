"""Whose work a customer is asked about: who sold the car, who took it in."""

import datetime
from dataclasses import dataclass

from guanxi.access.models import User
from guanxi.vehicles.models import Sale
from guanxi.workshop.models import Visit

LONGEST = datetime.timedelta(days=90)  # from the visit to the call that asks about it
NEAR = 5


@dataclass(frozen=True)
class Whom:
    """Somebody at an outlet; without a number he is known by his name alone."""

    outlet_id: int
    name: str
    person_id: int | None = None


def consultant(vehicle_id: int, asked_on: datetime.date, _day: datetime.date | None) -> Whom | None:
    """Return who sold a car last before a day, as far as sales are in sight; at most two queries."""
    sale = Sale.objects.filter(vehicle_id=vehicle_id, sold_on__lte=asked_on).order_by("-sold_on", "-pk").first()
    if sale is None:
        return None
    name = sale.consultant_name
    if sale.consultant_id is not None:
        name = User.objects.filter(pk=sale.consultant_id).values_list("name", flat=True).first() or name
    return Whom(sale.outlet_id, name[:160], sale.consultant_id) if name else None


def advisor(vehicle_id: int, asked_on: datetime.date, day: datetime.date | None) -> Whom | None:
    """Return who took a car in: at the visit of ``day``, else at the last one of ninety days; one query."""
    rows = Visit.objects.filter(vehicle_id=vehicle_id, entered_on__range=(asked_on - LONGEST, asked_on))
    found = list(rows.order_by("-entered_on", "-pk")[:NEAR])
    if not found:
        return None
    visit = next((row for row in found if day is not None and day in {row.entered_on, row.left_on}), found[0])
    return Whom(visit.outlet_id, visit.advisor_name) if visit.advisor_name else None
