"""How a call ends, what it counts as, and the kinds of questions of a script."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    """How a call ended, as the agent says it (FUP-30); the codes are those of attempts in the worklist."""

    REACHED = "REACHED", _("Reached")
    NO_ANSWER = "NO_ANSWER", _("No answer")
    BUSY = "BUSY", _("Busy")
    SWITCHED_OFF = "SWITCHED_OFF", _("Switched off")
    CALL_LATER = "CALL_LATER", _("Asked to call later")
    WRONG_NUMBER = "WRONG_NUMBER", _("Wrong number")
    NOT_THE_OWNER = "NOT_THE_OWNER", _("Not the owner")
    REFUSED = "REFUSED", _("Refused to talk")


class Disposition(TextChoices):
    """What a call counts as, by the standard definitions of AAPOR: interviews are 1, refusals and people who were
    not reached 2, those who cannot be asked 4.
    """

    COMPLETE = "1.1", _("Interview complete")
    PARTIAL = "1.2", _("Partial")
    REFUSAL = "2.11", _("Refusal")
    BREAK_OFF = "2.12", _("Broken off")
    NON_CONTACT = "2.2", _("Not reached")
    UNAVAILABLE = "2.21", _("Reached, has no time")
    BAD_NUMBER = "4.3", _("Number not the customer's")
    NOT_ELIGIBLE = "4.7", _("Not to be asked")


class QuestionKind(TextChoices):
    YES_NO = "YES_NO", _("Yes or no")
    CHOICE = "CHOICE", _("Choice")
    SCALE = "SCALE", _("From 1 to 10")
    TEXT = "TEXT", _("In words")
    NOTICE = "NOTICE", _("To be said")
