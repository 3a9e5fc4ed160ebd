"""How a crisis stands, how grave it is, what is noted of it, and how far a statement has come (CRIS-01 to CRIS-06)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    OPEN = "OPEN", _("Crisis open")
    CALMED = "CALMED", _("Calmed down")
    CLOSED = "CLOSED", _("Closed")


RUNNING = (State.OPEN, State.CALMED)
MOVES: dict[str, frozenset[str]] = {
    State.OPEN: frozenset({State.CALMED}),
    State.CALMED: frozenset({State.OPEN, State.CLOSED}),
    State.CLOSED: frozenset({State.OPEN}),
}
TONES: dict[str, str] = {State.OPEN: "red", State.CALMED: "amber", State.CLOSED: "green"}


class Risk(TextChoices):
    LOW = "LOW", _("Low risk")
    MEDIUM = "MEDIUM", _("Medium risk")
    HIGH = "HIGH", _("High risk")
    EXTREME = "EXTREME", _("Extreme risk")


RISK_TONES: dict[str, str] = {Risk.LOW: "", Risk.MEDIUM: "amber", Risk.HIGH: "red", Risk.EXTREME: "red"}


class Act(TextChoices):
    """What is noted in the log of a crisis; the first three are written by hand."""

    HEARD = "HEARD", _("Heard")
    DECIDED = "DECIDED", _("Decision made")
    DONE = "DONE", _("Done")
    OPENED = "OPENED", _("Crisis opened")
    CHANGED = "CHANGED", _("Assessment changed")
    LINKED = "LINKED", _("Complaint linked")
    UNLINKED = "UNLINKED", _("Complaint taken off")
    IN_CHARGE = "IN_CHARGE", _("Put in charge")
    TOLD = "TOLD", _("Told at once")
    ASKED = "ASKED", _("Work given")
    DRAFTED = "DRAFTED", _("Statement drafted")
    APPROVED = "APPROVED", _("Statement approved")
    SAID = "SAID", _("Statement made")
    CONTACT = "CONTACT", _("Contact allowed or stopped")
    SHUT = "SHUT", _("Room closed to named people")
    UNSHUT = "UNSHUT", _("Room open to all again")
    LISTED = "LISTED", _("Care list")
    CALMED = "CALMED", _("Calmed down")
    REOPENED = "REOPENED", _("Opened again")
    CLOSED = "CLOSED", _("Closed")


BY_HAND = (Act.HEARD, Act.DECIDED, Act.DONE)


class Stage(TextChoices):
    """How far a version of the statement has come."""

    DRAFT = "DRAFT", _("Draft")
    APPROVED = "APPROVED", _("Approved")
    SAID = "SAID", _("Said")


STAGE_TONES: dict[str, str] = {Stage.DRAFT: "", Stage.APPROVED: "blue", Stage.SAID: "green"}


class Result(TextChoices):
    """How the task of whoever is in charge ends; it does not end by hand."""

    DECIDED = "DECIDED", _("Decided what is done")
    CALMED = "CALMED", _("Calmed down")


class Reached(TextChoices):
    """How far an affected owner has been reached."""

    TO_CONTACT = "TO_CONTACT", _("To contact")
    CONTACTED = "CONTACTED", _("Contacted")
    REFUSED = "REFUSED", _("Refused contact")
    UNREACHABLE = "UNREACHABLE", _("Not reached")


REACHED_TONES: dict[str, str] = {
    Reached.TO_CONTACT: "", Reached.CONTACTED: "green", Reached.REFUSED: "red", Reached.UNREACHABLE: "amber",
}  # fmt: skip


class Cell(TextChoices):
    """By what the watch counts complaints."""

    MODEL = "MODEL", _("Model")
    MATTER = "MATTER", _("Part or matter")
    VIN = "VIN", _("VIN range")
    OUTLET = "OUTLET", _("Outlet")
    MEDIA = "MEDIA", _("Media reports")


COUNTED = (Cell.MODEL, Cell.MATTER, Cell.VIN, Cell.OUTLET)  # at night, among complaints


class AlarmState(TextChoices):
    OPEN = "OPEN", _("To be looked at")
    CRISIS = "CRISIS", _("Became a crisis")
    DISMISSED = "DISMISSED", _("Dismissed")


ALARM_TONES: dict[str, str] = {AlarmState.OPEN: "red", AlarmState.CRISIS: "amber", AlarmState.DISMISSED: ""}


class AlarmResult(TextChoices):
    """How the task to judge an alarm ends; it does not end by hand."""

    CRISIS = "CRISIS", _("Became a crisis")
    DISMISSED = "DISMISSED", _("Dismissed")


class Medium(TextChoices):
    """Where something was published."""

    PRESS = "PRESS", _("Newspaper or magazine")
    AIR = "AIR", _("Television or radio")
    SITE = "SITE", _("Website or forum")
    SOCIAL = "SOCIAL", _("Social media")


class ReportState(TextChoices):
    NEW = "NEW", _("Not answered yet")
    ANSWERED = "ANSWERED", _("Answered")
    CLOSED = "CLOSED", _("Closed")


REPORT_TONES: dict[str, str] = {ReportState.NEW: "red", ReportState.ANSWERED: "blue", ReportState.CLOSED: "green"}


class ReportResult(TextChoices):
    """How the task to answer a report ends; it does not end by hand."""

    ANSWERED = "ANSWERED", _("Answered")
    CLOSED = "CLOSED", _("Closed")
