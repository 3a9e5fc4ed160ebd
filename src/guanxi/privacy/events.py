"""What privacy tells the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class ConsentRecorded(Event):
    consent_id: int
    customer_id: int
    purpose: str
    medium: str
    recipient_id: int
    standing: str


@dataclass(frozen=True)
class ConsentWithdrawn(Event):
    consent_id: int
    customer_id: int
    purpose: str
    medium: str
    recipient_id: int
