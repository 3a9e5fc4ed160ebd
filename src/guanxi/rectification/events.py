"""What rectification tells the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class NoticeIssued(Event):
    """A department was asked to put a problem right."""

    notice_id: int
    outlet_id: int
    customer_id: int | None


@dataclass(frozen=True)
class NoticeClosed(Event):
    """The customer confirmed that a problem was put right, after so many rounds."""

    notice_id: int
    outlet_id: int
    customer_id: int | None
    rounds: int
