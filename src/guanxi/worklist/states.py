"""The states of a task and its moves, how attempts end, who is told at which rung; the kinds of tasks that exist.

Capabilities above register the kinds of tasks that they write, and what tasks may be about, from their ``apps.py`` or
from ``config.wiring``; the worklist knows none of them by itself but the task that a person writes by hand.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text


class State(TextChoices):
    OPEN = "OPEN", _("Not begun")
    CLAIMED = "CLAIMED", _("In work")
    DONE = "DONE", _("Done")
    SKIPPED = "SKIPPED", _("Skipped")
    EXPIRED = "EXPIRED", _("Expired")


LIVE = (State.OPEN, State.CLAIMED)
ENDED = (State.DONE, State.SKIPPED, State.EXPIRED)
MOVES: dict[str, frozenset[str]] = {
    State.OPEN: frozenset({State.CLAIMED, State.DONE, State.SKIPPED, State.EXPIRED}),
    State.CLAIMED: frozenset({State.OPEN, State.DONE, State.SKIPPED, State.EXPIRED}),
    State.DONE: frozenset(),
    State.SKIPPED: frozenset(),
    State.EXPIRED: frozenset(),
}


class Outcome(TextChoices):
    """How an attempt to reach somebody ended, by telephone or on a visit (FUP-02, FUP-30); POSTPONED is written by the
    system.
    """

    REACHED = "REACHED", _("Reached")
    NO_ANSWER = "NO_ANSWER", _("No answer")
    BUSY = "BUSY", _("Busy")
    SWITCHED_OFF = "SWITCHED_OFF", _("Switched off")
    CALL_LATER = "CALL_LATER", _("Asked to call later")
    WRONG_NUMBER = "WRONG_NUMBER", _("Wrong number")
    NOT_THE_OWNER = "NOT_THE_OWNER", _("Not the owner")
    NOT_AT_HOME = "NOT_AT_HOME", _("Not at home")
    WRONG_ADDRESS = "WRONG_ADDRESS", _("Does not live there")
    REFUSED = "REFUSED", _("Refused to talk")
    OTHER = "OTHER", _("Something else")
    POSTPONED = "POSTPONED", _("Postponed")


ATTEMPTS = tuple(choice for choice in Outcome.choices if choice[0] != Outcome.POSTPONED)


class Result(TextChoices):
    """How a task ended that needs no words of its own kind."""

    DONE = "DONE", _("Done as asked")
    REACHED = "REACHED", _("Reached, settled")
    APPOINTMENT = "APPOINTMENT", _("Appointment made")
    NOT_REACHED = "NOT_REACHED", _("Not reached, given up")
    REFUSED = "REFUSED", _("Refused by the customer")


class Priority(TextChoices):
    """Stored as a number from 1; the smaller comes first."""

    URGENT = "1", _("Urgent")
    HIGH = "2", _("High")
    NORMAL = "3", _("Normal")
    LOW = "4", _("Low")


class Rank(TextChoices):
    """Whom a rung of the ladder tells."""

    OWNER = "OWNER", _("Whoever does it")
    OUTLET = "OUTLET", _("Manager of the outlet")
    BRANCH = "BRANCH", _("Branch")
    GROUP = "GROUP", _("Headquarters")


@dataclass(frozen=True)
class Kind:
    """A kind of task: its name, how heavy one is in the share of work, how it may end. With a ``page``, which takes
    what the task is about, it ends with what is done there (``act``), and not by hand. ``by_phone``: it is a call;
    ``in_person``: a visit.
    """

    key: str
    label: Text
    icon: str = "list-todo"
    weight: int = 1
    outcomes: tuple[tuple[str, Text], ...] = tuple(Result.choices)
    attempts: bool = True
    page: str = ""
    act: Text = ""
    by_phone: bool = False
    in_person: bool = False


Insiders = Callable[[Iterable[int], datetime.date], Mapping[int, frozenset[int]]]


@dataclass(frozen=True)
class Subject:
    """Something that tasks may be about: its page, and ``find``: the label of one that an actor sees, or None.
    ``insiders`` says of some of them, on a day, who alone may hear of those that are closed to named people.
    """

    type: str
    label: Text
    url_name: str
    find: Callable[[Actor, int], str | None] = field(compare=False)
    insiders: Insiders | None = field(default=None, compare=False)


MANUAL = Kind("worklist.manual", _("Task by hand"), "square-pen")
_kinds: dict[str, Kind] = {}
_subjects: dict[str, Subject] = {}


def register_kinds(*kinds: Kind) -> None:
    _kinds.update({kind.key: kind for kind in kinds})


def register_subjects(*subjects: Subject) -> None:
    _subjects.update({subject.type: subject for subject in subjects})


def kind(key: str) -> Kind:
    """Return a kind by its key; one that nobody registers any more keeps its key as its name."""
    return _kinds.get(key) or Kind(key, key)


def kinds() -> dict[str, Kind]:
    return dict(_kinds)


def subject(key: str) -> Subject | None:
    return _subjects.get(key)


def subjects() -> tuple[Subject, ...]:
    """Return everything that tasks may be about."""
    return tuple(_subjects.values())
