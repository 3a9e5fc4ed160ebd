"""How a version of an article and a question stand, and where they may go from there (KM-03, KM-04); matters that
articles may solve, as the capabilities that own them register them (KM-02).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound


class Stage(TextChoices):
    """Where a version of an article stands."""

    DRAFT = "DRAFT", _("Draft")
    IN_REVIEW = "IN_REVIEW", _("To be reviewed")
    PUBLISHED = "PUBLISHED", _("In force")
    RETIRED = "RETIRED", _("Retired")


UNPUBLISHED = (Stage.DRAFT, Stage.IN_REVIEW)
STAGE_MOVES: dict[str, frozenset[str]] = {
    Stage.DRAFT: frozenset({Stage.IN_REVIEW, Stage.RETIRED}),
    Stage.IN_REVIEW: frozenset({Stage.PUBLISHED, Stage.DRAFT, Stage.RETIRED}),
    Stage.PUBLISHED: frozenset({Stage.RETIRED}),
    Stage.RETIRED: frozenset(),
}
STAGE_TONES: dict[str, str] = {
    Stage.DRAFT: "amber", Stage.IN_REVIEW: "blue", Stage.PUBLISHED: "green", Stage.RETIRED: "",
}  # fmt: skip


class State(TextChoices):
    """Where a question stands."""

    ASKED = "ASKED", _("With the expert")
    ANSWERED = "ANSWERED", _("Answered, does it help?")
    SOLVED = "SOLVED", _("Solved")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


OPEN = (State.ASKED, State.ANSWERED)
MOVES: dict[str, frozenset[str]] = {
    State.ASKED: frozenset({State.ANSWERED, State.WITHDRAWN}),
    State.ANSWERED: frozenset({State.SOLVED, State.ASKED}),
    State.SOLVED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
TONES: dict[str, str] = {State.ASKED: "amber", State.ANSWERED: "blue", State.SOLVED: "green", State.WITHDRAWN: ""}


class Ending(TextChoices):
    """How a task about a question ends; none ends by hand."""

    ANSWERED = "ANSWERED", _("Answered")
    HELPED = "HELPED", _("The answer helped")
    ASKED_AGAIN = "ASKED_AGAIN", _("Asked again")


class DemandKind(TextChoices):
    """What a demand on this software is about (KM-01)."""

    FUNCTION = "FUNCTION", _("Something new")
    CHANGE = "CHANGE", _("Something should work otherwise")
    FAULT = "FAULT", _("Something does not work")


class DemandState(TextChoices):
    """How a demand stands."""

    NEW = "NEW", _("To be decided")
    PLANNED = "PLANNED", _("Planned")
    DONE = "DONE", _("There")
    DECLINED = "DECLINED", _("Not done")


DEMAND_ENDED = (DemandState.DONE, DemandState.DECLINED)
DEMAND_MOVES: dict[str, frozenset[str]] = {
    DemandState.NEW: frozenset({DemandState.PLANNED, DemandState.DONE, DemandState.DECLINED}),
    DemandState.PLANNED: frozenset({DemandState.PLANNED, DemandState.DONE, DemandState.DECLINED}),
    DemandState.DONE: frozenset(),
    DemandState.DECLINED: frozenset({DemandState.PLANNED}),
}
DEMAND_TONES: dict[str, str] = {
    DemandState.NEW: "amber", DemandState.PLANNED: "blue", DemandState.DONE: "green", DemandState.DECLINED: "",
}  # fmt: skip


class Urgency(TextChoices):
    """How soon a demand is met."""

    HIGH = "HIGH", _("Soon")
    NORMAL = "NORMAL", _("In its turn")
    LOW = "LOW", _("When there is time")


class Worth(TextChoices):
    """What a reader says of an article, or that it solved something."""

    HELPFUL = "HELPFUL", _("Helpful")
    UNHELPFUL = "UNHELPFUL", _("Not helpful")
    SOLVED = "SOLVED", _("Solved it")


VOTES = (Worth.HELPFUL, Worth.UNHELPFUL)


class ReaderStanding(TextChoices):
    """How somebody stands who has to confirm that he has read something (INFO-16)."""

    CONFIRMED = "CONFIRMED", _("Has confirmed")
    WAITING = "WAITING", _("Not confirmed yet")
    LATE = "LATE", _("Too late")


STANDING_TONES: dict[str, str] = {
    ReaderStanding.CONFIRMED: "green",
    ReaderStanding.WAITING: "",
    ReaderStanding.LATE: "red",
}


@dataclass(frozen=True)
class Case:
    """A matter that an article may solve, as an actor sees it: its words, about which models, where its page is.

    ``terms`` are names of our own, such as its category in both languages, by which articles are found as well.
    """

    label: str
    words: str
    url: str
    models: tuple[str, ...] = ()
    terms: str = ""

    @property
    def searched(self) -> str:
        return f"{self.words}\n{self.terms}".strip()


_matters: dict[str, Callable[[Actor, int], Case]] = {}


def register_matter(subject_type: str, find: Callable[[Actor, int], Case]) -> None:
    """Let a capability say what its matters are about; ``find`` raises NotFound for what an actor does not see."""
    _matters[subject_type] = find


def matter(actor: Actor, subject_type: str, subject_id: int) -> Case:
    """Return a matter as an actor sees it.

    :raises NotFound: there is no such thing, or not for this actor.
    """
    find = _matters.get(subject_type)
    if find is None:
        raise NotFound
    return find(actor, subject_id)
