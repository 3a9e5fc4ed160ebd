"""The classes of information, how a field was found, what a check comes to, and how a correction order stands."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Klass(TextChoices):
    """The class of information a field belongs to (INFO-01, FORM-10)."""

    BASIC = "BASIC", _("Basic information")
    VEHICLE = "VEHICLE", _("Car")
    PURCHASE = "PURCHASE", _("Purchase")
    WARRANTY = "WARRANTY", _("Warranty repair")


class Source(TextChoices):
    """Where the record holds a field; what has none there is only asked."""

    NAME = "NAME", _("Name")
    MOBILE = "MOBILE", _("Mobile")
    GENDER = "GENDER", _("Gender")
    BIRTHDAY = "BIRTHDAY", _("Birthday")
    ADDRESS = "ADDRESS", _("Address")
    MODEL = "MODEL", _("Model")
    PLATE = "PLATE", _("Plate")
    VIN = "VIN", _("VIN")
    SOLD_ON = "SOLD_ON", _("Sold on")
    SOLD_AT = "SOLD_AT", _("Sold at")
    CAME_ON = "CAME_ON", _("Came on")
    CAME_TO = "CAME_TO", _("Workshop")
    MILEAGE = "MILEAGE", _("Mileage (km)")
    WORK = "WORK", _("Done under warranty")
    NOTHING = "NOTHING", _("Only asked")


OF_CUSTOMER = (Source.NAME, Source.MOBILE, Source.GENDER, Source.BIRTHDAY, Source.ADDRESS)
OF_CAR = (
    Source.MODEL,
    Source.PLATE,
    Source.VIN,
    Source.SOLD_ON,
)  # these and those of the customer can be corrected in the answer


class About(TextChoices):
    """What an occasion verifies: the record of a sale, of a warranty repair, or whatever a call brings to light. That
    of false files says who decides about them.
    """

    SALE = "SALE", _("New car")
    VISIT = "VISIT", _("Warranty repair")
    ANY = "ANY", _("Any call")
    FALSE = "FALSE", _("False file")


class Found(TextChoices):
    """How a field was found in the call."""

    RIGHT = "RIGHT", _("Right")
    WRONG = "WRONG", _("Wrong")
    NOT_ASKED = "NOT_ASKED", _("Not asked")


@dataclass(frozen=True)
class Said:
    """How one field was found, and what the customer says instead."""

    found: str
    words: str = ""


@dataclass(frozen=True)
class Place:
    """An address as it is typed in: divisions by name, full or short, and the street."""

    province: str = ""
    city: str = ""
    district: str = ""
    line: str = ""


Typed = str | Place


class Verdict(TextChoices):
    """What a check says of the record (INFO-31)."""

    VALID = "VALID", _("Valid")
    INVALID = "INVALID", _("Invalid")
    OPEN = "OPEN", _("Not all asked")


class Truth(TextChoices):
    """What a check says of a warranty repair (INFO-28, FORM-32)."""

    TRUE = "TRUE", _("True")
    DOUBTFUL = "DOUBTFUL", _("Doubtful")
    FALSE = "FALSE", _("False")
    OPEN = "OPEN", _("Not known")


class State(TextChoices):
    """How a correction order stands (INFO-27, FORM-33)."""

    ISSUED = "ISSUED", _("To be corrected")
    CORRECTED = "CORRECTED", _("Corrected, to be verified")
    DISPUTED = "DISPUTED", _("Disputed by the outlet")
    CLOSED = "CLOSED", _("Verified and closed")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn, the record was right")


OPEN = (State.ISSUED, State.CORRECTED, State.DISPUTED)
ENDED = (State.CLOSED, State.WITHDRAWN)
MOVES: dict[str, frozenset[str]] = {
    State.ISSUED: frozenset({State.CORRECTED, State.DISPUTED, State.WITHDRAWN}),
    State.CORRECTED: frozenset({State.CLOSED, State.ISSUED}),
    State.DISPUTED: frozenset({State.ISSUED, State.WITHDRAWN}),
    State.CLOSED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
TONES: dict[str, str] = {
    State.ISSUED: "amber", State.CORRECTED: "blue", State.DISPUTED: "red", State.CLOSED: "green", State.WITHDRAWN: "",
    Verdict.VALID: "green", Verdict.INVALID: "red", Verdict.OPEN: "", Truth.TRUE: "green", Truth.DOUBTFUL: "amber",
    Truth.FALSE: "red", Found.RIGHT: "green", Found.WRONG: "red", Found.NOT_ASKED: "",
}  # fmt: skip


class Falsity(TextChoices):
    """How a file that is said to be false stands (INFO-33)."""

    MARKED = "MARKED", _("Marked, to be decided")
    CONFIRMED = "CONFIRMED", _("Confirmed as false")
    REJECTED = "REJECTED", _("Not false")
    UNDONE = "UNDONE", _("Confirmed, then undone")


FALSE_HELD = (Falsity.MARKED, Falsity.CONFIRMED)
FALSE_TONES: dict[str, str] = {
    Falsity.MARKED: "amber", Falsity.CONFIRMED: "red", Falsity.REJECTED: "green", Falsity.UNDONE: "",
}  # fmt: skip


class Ending(TextChoices):
    """How a task about an order ends; none ends by hand."""

    CORRECTED = "CORRECTED", _("Record corrected")
    DISPUTED = "DISPUTED", _("Disputed")
    VERIFIED = "VERIFIED", _("Verified by the customer")
    REJECTED = "REJECTED", _("Still wrong, asked again")
    DECIDED = "DECIDED", _("Decided upon")
