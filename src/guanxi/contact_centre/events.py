"""What the contact centre tells the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class CallRecorded(Event):
    """Somebody called a customer, or visited him: how it ended, and what it counts as."""

    call_id: int
    task_id: int | None
    customer_id: int
    vehicle_id: int | None
    node_id: int
    script: str
    outcome: str
    disposition: str


@dataclass(frozen=True)
class EnquiryTaken(Event):
    """Somebody asked, suggested or said something; resolved at once, or passed on to a department."""

    enquiry_id: int
    outlet_id: int | None
    customer_id: int | None
    category: str
    is_first_contact: bool


@dataclass(frozen=True)
class EnquiryClosed(Event):
    """The customer was told what a department found out."""

    enquiry_id: int
    outlet_id: int | None
    customer_id: int | None
