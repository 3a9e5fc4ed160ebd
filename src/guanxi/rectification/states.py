"""How a notice stands, and where it may go from there (FUP-06, FUP-07)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    ISSUED = "ISSUED", _("Issued")
    RECEIVED = "RECEIVED", _("Received, being put right")
    REFUSED = "REFUSED", _("Refused by the department")
    ANSWERED = "ANSWERED", _("Answered, to be verified")
    CLOSED = "CLOSED", _("Verified and filed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")


WITH_DEPARTMENT = (State.ISSUED, State.RECEIVED)
OPEN = (*WITH_DEPARTMENT, State.REFUSED, State.ANSWERED)
ENDED = (State.CLOSED, State.WITHDRAWN)
MOVES: dict[str, frozenset[str]] = {
    State.ISSUED: frozenset({State.RECEIVED, State.ANSWERED, State.REFUSED, State.WITHDRAWN}),
    State.RECEIVED: frozenset({State.ANSWERED, State.REFUSED, State.WITHDRAWN}),
    State.REFUSED: frozenset({State.ISSUED, State.WITHDRAWN}),
    State.ANSWERED: frozenset({State.CLOSED, State.RECEIVED}),
    State.CLOSED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
TONES: dict[str, str] = {
    State.ISSUED: "amber", State.RECEIVED: "blue", State.REFUSED: "red", State.ANSWERED: "blue", State.CLOSED: "green",
    State.WITHDRAWN: "",
}  # fmt: skip


class Ending(TextChoices):
    """How a task about a notice ends; none ends by hand."""

    ANSWERED = "ANSWERED", _("Answered")
    REFUSED = "REFUSED", _("Refused")
    VERIFIED = "VERIFIED", _("Verified by the customer")
    REJECTED = "REJECTED", _("Not put right, asked again")
    DECIDED = "DECIDED", _("Decided upon")
