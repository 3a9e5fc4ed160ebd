"""How a version of an article and a question stand, and where they may go from there (KM-03, KM-04)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    """Where a version of an article stands."""

    DRAFT = "DRAFT", _("Draft")
    IN_REVIEW = "IN_REVIEW", _("To be reviewed")
    PUBLISHED = "PUBLISHED", _("Published")
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


class Worth(TextChoices):
    """What a reader says of an article, or that it solved something."""

    HELPFUL = "HELPFUL", _("Helpful")
    UNHELPFUL = "UNHELPFUL", _("Not helpful")
    SOLVED = "SOLVED", _("Solved it")


VOTES = (Worth.HELPFUL, Worth.UNHELPFUL)
