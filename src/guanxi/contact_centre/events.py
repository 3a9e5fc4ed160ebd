"""What the contact centre tells the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class CallRecorded(Event):
    """Somebody called a customer: how it ended, and what it counts as."""

    call_id: int
    task_id: int | None
    customer_id: int
    vehicle_id: int | None
    node_id: int
    script: str
    outcome: str
    disposition: str
