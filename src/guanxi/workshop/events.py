"""What the workshop tells the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class VisitRecorded(Event):
    visit_id: int
    vehicle_id: int
    customer_id: int | None
    outlet_id: int
    category: str
    counts: bool
    entered_on: str


@dataclass(frozen=True)
class VisitChanged(Event):
    """A visit was corrected: its day, category, mileage or customer may be another now."""

    visit_id: int
    vehicle_id: int
    customer_id: int | None
    was_customer_id: int | None
