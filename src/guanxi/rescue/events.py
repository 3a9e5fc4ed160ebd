"""What rescue tells the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class RescueTaken(Event):
    """Somebody needs help on the road."""

    rescue_id: int
    place_id: int
    customer_id: int | None
    vehicle_id: int | None


@dataclass(frozen=True)
class RescueDone(Event):
    """He was helped; perhaps his car is on the way to a workshop."""

    rescue_id: int
    provider_id: int
    destination_id: int | None
    customer_id: int | None
    vehicle_id: int | None


@dataclass(frozen=True)
class RescueCalledBack(Event):
    """He said what he thinks of it; ``is_complaint``: he is not satisfied."""

    rescue_id: int
    provider_id: int
    customer_id: int | None
    score: int
    is_complaint: bool
