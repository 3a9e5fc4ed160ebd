"""What verification tells the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class RecordChecked(Event):
    """A customer was asked whether his record is right."""

    check_id: int
    customer_id: int
    outlet_id: int
    verdict: str
    truth: str


@dataclass(frozen=True)
class CorrectionOrdered(Event):
    """An outlet was asked to put a record right."""

    order_id: int
    outlet_id: int
    customer_id: int


@dataclass(frozen=True)
class FalseFileDecided(Event):
    """A file that was marked as false was confirmed to be, found to be right, or the confirmation undone."""

    file_id: int
    outlet_id: int
    customer_id: int
    state: str


@dataclass(frozen=True)
class CorrectionClosed(Event):
    """A record was put right, and the customer confirmed it, after so many rounds."""

    order_id: int
    outlet_id: int
    customer_id: int
    rounds: int
