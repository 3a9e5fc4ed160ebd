"""How a rescue and each sending stand and where they may go, who pays, who cannot help (RESC-01, RESC-08)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    TAKEN = "TAKEN", _("To be dispatched")
    SENT = "SENT", _("Waiting for acceptance")
    ACCEPTED = "ACCEPTED", _("On the way")
    ARRIVED = "ARRIVED", _("At the place")
    DONE = "DONE", _("Helped, to be called back")
    CLOSED = "CLOSED", _("Called back")
    CANCELLED = "CANCELLED", _("Cancelled")


RUNNING = (State.TAKEN, State.SENT, State.ACCEPTED, State.ARRIVED)
WITH_PROVIDER = (State.SENT, State.ACCEPTED, State.ARRIVED)
OPEN = (*RUNNING, State.DONE)
ENDED = (State.CLOSED, State.CANCELLED)
MOVES: dict[str, frozenset[str]] = {
    State.TAKEN: frozenset({State.SENT, State.CANCELLED}),
    State.SENT: frozenset({State.ACCEPTED, State.TAKEN, State.CANCELLED}),
    State.ACCEPTED: frozenset({State.ARRIVED, State.TAKEN, State.CANCELLED}),
    State.ARRIVED: frozenset({State.DONE, State.TAKEN}),
    State.DONE: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
    State.CANCELLED: frozenset(),
}
TONES: dict[str, str] = {
    State.TAKEN: "red", State.SENT: "amber", State.ACCEPTED: "blue", State.ARRIVED: "blue", State.DONE: "amber",
    State.CLOSED: "green", State.CANCELLED: "",
}  # fmt: skip


class Sending(TextChoices):
    """How one sending of a provider stands."""

    SENT = "SENT", _("Dispatched")
    ACCEPTED = "ACCEPTED", _("Accepted")
    REFUSED = "REFUSED", _("Turned down by the provider")
    LAPSED = "LAPSED", _("Not answered in time")
    RECALLED = "RECALLED", _("Recalled")
    ARRIVED = "ARRIVED", _("Arrived")
    FAILED = "FAILED", _("Could not help")
    FINISHED = "FINISHED", _("Help given")


RUNS = (Sending.SENT, Sending.ACCEPTED, Sending.ARRIVED)
SENDING_TONES: dict[str, str] = {
    Sending.SENT: "amber", Sending.ACCEPTED: "blue", Sending.REFUSED: "red", Sending.LAPSED: "red",
    Sending.RECALLED: "", Sending.ARRIVED: "blue", Sending.FAILED: "red", Sending.FINISHED: "green",
}  # fmt: skip


class Result(TextChoices):
    """How a rescue ended at the place."""

    ON_SITE = "ON_SITE", _("Put right at the place")
    TOWED = "TOWED", _("Towed to a workshop")
    ELSEWHERE = "ELSEWHERE", _("Taken elsewhere, as the customer wished")


class Claim(TextChoices):
    """Whether the house pays for a rescue, and if not, why."""

    ENTITLED = "ENTITLED", _("The house pays its share")
    NO_CAR = "NO_CAR", _("The car is not on file")
    NO_SALE = "NO_SALE", _("The day of its sale is not known")
    TOO_OLD = "TOO_OLD", _("Older than the years that are covered")
    TOO_FAR = "TOO_FAR", _("More kilometres than are covered")
    USED_UP = "USED_UP", _("The rescues of this year are used up")


class Inability(TextChoices):
    """Why a provider is not offered."""

    HELP = "HELP", _("Does not offer this help")
    CLOSED = "CLOSED", _("Not open now")
    DISTANCE = "DISTANCE", _("Too far away")
    TRIED = "TRIED", _("Was sent already")


class Ending(TextChoices):
    """How a task about a rescue ends; none ends by hand."""

    SENT = "SENT", _("Somebody was sent")
    ANSWERED = "ANSWERED", _("Answered by the provider")
    ARRIVED = "ARRIVED", _("Arrived")
    RECEIVED = "RECEIVED", _("The car is in the workshop")
    CALLED = "CALLED", _("The customer was called back")
