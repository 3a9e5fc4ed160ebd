"""What crises tell the world."""

from dataclasses import dataclass

from guanxi.foundation.events import Event


@dataclass(frozen=True)
class CrisisOpened(Event):
    """A crisis was opened, or opened again: those whose roles these are have to know at once."""

    crisis_id: int
    place_id: int


@dataclass(frozen=True)
class CrisisClosed(Event):
    """A crisis was closed with a conclusion."""

    crisis_id: int
    place_id: int


@dataclass(frozen=True)
class ConcernedChanged(Event):
    """Whom a crisis is about, or whether they may be contacted, has changed."""

    crisis_id: int


@dataclass(frozen=True)
class CrisisTold(Event):
    """A person has to know of a crisis at once."""

    person_id: int
    crisis_id: int
    number: str
    risk: str
