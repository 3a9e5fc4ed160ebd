"""What customer care tells the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class NoticeGiven(Event):
    """A weather notice was given."""

    notice_id: int


@dataclass(frozen=True)
class NoticeWithdrawn(Event):
    """A weather notice was withdrawn."""

    notice_id: int
