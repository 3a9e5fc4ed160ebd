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
class CrisisShut(Event):
    """A room was closed to people: nobody else is to find a trace of it."""

    number: str
    people: list[int]


@dataclass(frozen=True)
class ReportRegistered(Event):
    """A media report was registered."""

    report_id: int
    place_id: int


@dataclass(frozen=True)
class AlarmRaised(Event):
    """A person has to know of an alarm: he is among those who judge it."""

    person_id: int
    alarm_id: int
    label: str


@dataclass(frozen=True)
class CrisisTold(Event):
    """A person has to know of a crisis at once."""

    person_id: int
    crisis_id: int
    number: str
    risk: str
