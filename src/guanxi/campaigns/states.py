"""How a campaign stands, what it may be about, what keeps somebody from it, and what he answered."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from guanxi.worklist.states import Result


class Group(TextChoices):
    """The four parts of database marketing (DBM-02), and the supports of the main business (SUP-01)."""

    ACTIVITY = "ACTIVITY", _("Activity process")
    ACQUISITION = "ACQUISITION", _("Acquisition")
    LIFECYCLE = "LIFECYCLE", _("Life cycle")
    LOYALTY = "LOYALTY", _("Loyalty")
    SALES = "SALES", _("Sales support")
    SERVICE = "SERVICE", _("Service support")
    PROMOTION = "PROMOTION", _("Promotion support")


class State(TextChoices):
    DRAFT = "DRAFT", _("Draft")
    SUBMITTED = "SUBMITTED", _("Waits for approval")
    RETURNED = "RETURNED", _("Sent back")
    APPROVED = "APPROVED", _("Approved")
    RUNNING = "RUNNING", _("Running")
    ENDED = "ENDED", _("Ended")
    CANCELLED = "CANCELLED", _("Called off")


MOVES: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.SUBMITTED, State.CANCELLED}),
    State.SUBMITTED: frozenset({State.APPROVED, State.RETURNED, State.CANCELLED}),
    State.RETURNED: frozenset({State.SUBMITTED, State.CANCELLED}),
    State.APPROVED: frozenset({State.RUNNING, State.CANCELLED}),
    State.RUNNING: frozenset({State.ENDED}),
    State.ENDED: frozenset(),
    State.CANCELLED: frozenset(),
}
WRITABLE = (State.DRAFT, State.RETURNED)
PLANNED = (State.DRAFT, State.SUBMITTED, State.RETURNED)  # seen where it is planned; below only when it is approved
STARTED = (State.RUNNING, State.ENDED)
TONES: dict[str, str] = {
    State.DRAFT: "", State.SUBMITTED: "amber", State.RETURNED: "red", State.APPROVED: "blue", State.RUNNING: "green",
    State.ENDED: "", State.CANCELLED: "red",
}  # fmt: skip


class Channel(TextChoices):
    """How a campaign reaches people: by a message from a template, by a call, by a letter that somebody writes, or face
    to face (FUP-02).
    """

    SMS = "SMS", _("Text message")
    EMAIL = "EMAIL", _("E-mail")
    PHONE = "PHONE", _("Telephone")
    LETTER = "LETTER", _("Letter")
    VISIT = "VISIT", _("Personal visit")


WRITTEN = (Channel.SMS, Channel.EMAIL)  # goes out by itself; the others are tasks


class Arm(TextChoices):
    """Whether somebody is addressed, or was left out at random to compare with."""

    TREATED = "TREATED", _("Addressed")
    CONTROL = "CONTROL", _("Control group")


class Obstacle(TextChoices):
    """What keeps somebody of the audience from being addressed; the first that holds, in this order."""

    GONE = "GONE", _("No longer a customer there")
    COMPLAINT = "COMPLAINT", _("Has complained, or a problem of his is open")
    HELD = "HELD", _("Left alone while a matter is settled")
    DO_NOT_CONTACT = "DO_NOT_CONTACT", _("Does not want to be contacted")
    NO_NUMBER = "NO_NUMBER", _("No valid number or address")
    NO_CONSENT = "NO_CONSENT", _("No consent")
    BEFORE = "BEFORE", _("Addressed by the campaign that it repeats")
    LATELY = "LATELY", _("Addressed lately for this purpose")
    OVER_BUDGET = "OVER_BUDGET", _("Beyond the money")
    NO_VALUE = "NO_VALUE", _("Something that the template names is not known")
    CALLED_OFF = "CALLED_OFF", _("The campaign ended before")


class Response(TextChoices):
    """By what somebody answered."""

    CODE = "CODE", _("Offer code redeemed")
    HAND = "HAND", _("Told us")
    CALL = "CALL", _("Agreed on the telephone")
    VISIT = "VISIT", _("Agreed on a visit")


class Ending(TextChoices):
    """How the call, the letter or the visit of somebody ended; the first five as the worklist says it."""

    APPOINTMENT = Result.APPOINTMENT.value, Result.APPOINTMENT.label
    REACHED = Result.REACHED.value, Result.REACHED.label
    DONE = Result.DONE.value, Result.DONE.label
    REFUSED = Result.REFUSED.value, Result.REFUSED.label
    NOT_REACHED = Result.NOT_REACHED.value, Result.NOT_REACHED.label
    UNDONE = "UNDONE", _("Not done in its time")


OFFERED, TAKEN = "takes_offer", "yes"  # the question of a call script whose answer is the customer's, and which one


class Bought(TextChoices):
    """As what somebody bought his last car (SUP-07): 首购, 增购, 换购."""

    FIRST = "FIRST", _("First purchase")
    ADDITIONAL = "ADDITIONAL", _("Additional purchase")
    REPLACEMENT = "REPLACEMENT", _("Replacement of an earlier car")


class CarState(TextChoices):
    """How far a car of a recall has come."""

    OPEN = "OPEN", _("Not invited yet")
    INVITED = "INVITED", _("Owner invited")
    UNREACHABLE = "UNREACHABLE", _("Owner not reached")
    REFUSED = "REFUSED", _("Refused by the owner")
    DONE = "DONE", _("Carried out")


CAR_TONES: dict[str, str] = {
    CarState.OPEN: "", CarState.INVITED: "blue", CarState.UNREACHABLE: "amber", CarState.REFUSED: "red",
    CarState.DONE: "green",
}  # fmt: skip


class Finding(TextChoices):
    """What is wrong with a line of a list of VINs."""

    MALFORMED = "MALFORMED", _("Is no VIN")
    DOUBLE = "DOUBLE", _("Stands in the list twice")
    UNKNOWN = "UNKNOWN", _("No such car in your sight")
    ALREADY = "ALREADY", _("Is on the list already")


class SupportDesk(TextChoices):
    """Which department asks for a support (SUP-02, SUP-05, SUP-10)."""

    SALES = "SALES", _("Sales")
    SERVICE = "SERVICE", _("Service")
    PROMOTION = "PROMOTION", _("Promotion")


class SupportKind(TextChoices):
    """What is asked for (SUP-15)."""

    INFORMATION = "INFORMATION", _("Information about customers")
    SURVEY = "SURVEY", _("Survey")
    SUGGESTION = "SUGGESTION", _("Suggestion for a promotion")
    VALUE = "VALUE", _("Development of value")


class SupportState(TextChoices):
    """How a support stands."""

    ASKED = "ASKED", _("To be given")
    GIVEN = "GIVEN", _("Given, did it help?")
    JUDGED = "JUDGED", _("Judged")
    DECLINED = "DECLINED", _("Declined")


SUPPORT_MOVES: dict[str, frozenset[str]] = {
    SupportState.ASKED: frozenset({SupportState.GIVEN, SupportState.DECLINED}),
    SupportState.GIVEN: frozenset({SupportState.JUDGED}),
    SupportState.JUDGED: frozenset(),
    SupportState.DECLINED: frozenset(),
}
SUPPORT_TONES: dict[str, str] = {
    SupportState.ASKED: "amber", SupportState.GIVEN: "blue", SupportState.JUDGED: "green", SupportState.DECLINED: "",
}  # fmt: skip
