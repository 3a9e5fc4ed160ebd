"""What vehicles tell the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class VehicleAdded(Event):
    vehicle_id: int
    customer_id: int


@dataclass(frozen=True)
class VehicleSold(Event):
    vehicle_id: int
    customer_id: int
    outlet_id: int
    sold_on: str


@dataclass(frozen=True)
class OwnerChanged(Event):
    vehicle_id: int
    old_customer_id: int | None
    new_customer_id: int
    on: str


@dataclass(frozen=True)
class VehicleLeft(Event):
    """The car is scrapped or has left the country: nobody is to be reminded of it any more."""

    vehicle_id: int
    condition: str
    on: str


@dataclass(frozen=True)
class MileageKnown(Event):
    """A reading was written, corrected, or judged to count or not, apart from a visit, which tells of itself."""

    vehicle_id: int
