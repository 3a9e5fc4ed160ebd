"""What complaints tell the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class ComplaintOpened(Event):
    """A customer complained, asked, suggested or praised."""

    complaint_id: int
    outlet_id: int
    customer_id: int | None
    kind: str


@dataclass(frozen=True)
class ComplaintEscalated(Event):
    """A complaint is significant, a crisis, or beyond the outlet: those whose roles these are have to know at once."""

    complaint_id: int
    is_outside: bool


@dataclass(frozen=True)
class PersonWarned(Event):
    """A person has to know of a complaint at once."""

    person_id: int
    complaint_id: int
    number: str
    level: str


@dataclass(frozen=True)
class ComplaintResolved(Event):
    """What was to be done is done; the customer will be asked."""

    complaint_id: int
    outlet_id: int
    customer_id: int | None


@dataclass(frozen=True)
class RevisitRecorded(Event):
    """The customer was asked whether he is satisfied."""

    complaint_id: int
    outlet_id: int
    customer_id: int | None
    is_satisfied: bool
    rounds: int


@dataclass(frozen=True)
class ComplaintClosed(Event):
    """A complaint was closed: how, and after how many rounds."""

    complaint_id: int
    outlet_id: int
    customer_id: int | None
    ending: str
    rounds: int


@dataclass(frozen=True)
class ComplaintRefuted(Event):
    """A customer whose complaint was closed is not satisfied when he is asked once more."""

    recheck_id: int
    complaint_id: int
