"""How a complaint stands, where it may go from there, what it is about, and how it ends (CMP-01, CMP-14, CMP-15)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    RECEIVED = "RECEIVED", _("Taken in")
    ANALYSING = "ANALYSING", _("Cause being sought")
    RESOLVING = "RESOLVING", _("Being resolved")
    TO_REVISIT = "TO_REVISIT", _("Resolved, customer to be asked")
    CLOSED = "CLOSED", _("Closed")


OPEN = (State.RECEIVED, State.ANALYSING, State.RESOLVING, State.TO_REVISIT)
MOVES: dict[str, frozenset[str]] = {
    State.RECEIVED: frozenset({State.ANALYSING, State.CLOSED}),
    State.ANALYSING: frozenset({State.RESOLVING, State.CLOSED}),
    State.RESOLVING: frozenset({State.TO_REVISIT}),
    State.TO_REVISIT: frozenset({State.CLOSED, State.ANALYSING}),
    State.CLOSED: frozenset(),
}
TONES: dict[str, str] = {
    State.RECEIVED: "amber", State.ANALYSING: "blue", State.RESOLVING: "blue", State.TO_REVISIT: "amber",
    State.CLOSED: "green",
}  # fmt: skip


class Kind(TextChoices):
    """What the customer brings (CLASS-43); only a complaint has to be confirmed by him before it is closed."""

    COMPLAINT = "COMPLAINT", _("Complaint")
    ENQUIRY = "ENQUIRY", _("Enquiry")
    SUGGESTION = "SUGGESTION", _("Suggestion")
    PRAISE = "PRAISE", _("Praise")
    REQUEST = "REQUEST", _("Request for help")


class Angle(TextChoices):
    SALES = "SALES", _("Sales")
    SERVICE = "SERVICE", _("Service")
    PRODUCT = "PRODUCT", _("Product")


class Level(TextChoices):
    NORMAL = "NORMAL", _("Normal")
    SIGNIFICANT = "SIGNIFICANT", _("Significant")
    CRISIS = "CRISIS", _("Crisis")


LEVEL_TONES: dict[str, str] = {Level.NORMAL: "", Level.SIGNIFICANT: "amber", Level.CRISIS: "red"}


class Party(TextChoices):
    """Who else is involved (CLASS-44)."""

    MEDIA = "MEDIA", _("Media")
    LAWYER = "LAWYER", _("Lawyer")
    POLICE = "POLICE", _("Police")
    CONSUMERS = "CONSUMERS", _("Consumers' association")
    AUTHORITY = "AUTHORITY", _("Government office")


class Caused(TextChoices):
    """The three kinds of causes (CLASS-39)."""

    SERVICE = "SERVICE", _("Service problem")
    USER = "USER", _("User problem")
    PRODUCT = "PRODUCT", _("Product problem")


class RevisitBy(TextChoices):
    """Who asks the customer in the end (AMB-29)."""

    OWNER = "OWNER", _("Whoever handled it")
    AGENT = "AGENT", _("A follow-up agent")


class Ending(TextChoices):
    """How a complaint was closed."""

    CONFIRMED = "CONFIRMED", _("Confirmed by the customer")
    EXPLAINED = "EXPLAINED", _("Not valid, explained")
    ANSWERED = "ANSWERED", _("Answered")


class Outcome(TextChoices):
    """What came of a suggestion (FORM-63) or of praise (FORM-64)."""

    ADOPTED = "ADOPTED", _("Adopted")
    NOT_ADOPTED = "NOT_ADOPTED", _("Not adopted")
    THANKED = "THANKED", _("Staff told, customer thanked")
    POSTED = "POSTED", _("Shown on the board of honour")
    REWARDED = "REWARDED", _("Staff rewarded")


OUTCOMES: dict[str, tuple[Outcome, ...]] = {
    Kind.SUGGESTION: (Outcome.ADOPTED, Outcome.NOT_ADOPTED),
    Kind.PRAISE: (Outcome.THANKED, Outcome.POSTED, Outcome.REWARDED),
}


class Checked(TextChoices):
    """What came of asking a customer of the sample once more."""

    CONFIRMED = "CONFIRMED", _("Settled, says the customer")
    REFUTED = "REFUTED", _("Not settled, says the customer")
    UNREACHED = "UNREACHED", _("Not reached")


CHECKED_TONES: dict[str, str] = {Checked.CONFIRMED: "green", Checked.REFUTED: "red", Checked.UNREACHED: "amber"}


class Period(TextChoices):
    """Within what the same problem is counted."""

    MONTH = "MONTH", _("A month")
    QUARTER = "QUARTER", _("A quarter")


class Asking(TextChoices):
    """What became of a question that a meeting wants every customer to be asked."""

    WANTED = "WANTED", _("Wanted")
    TAKEN = "TAKEN", _("Put into a script")
    DECLINED = "DECLINED", _("Not asked of everybody")


ASKING_TONES: dict[str, str] = {Asking.WANTED: "amber", Asking.TAKEN: "green", Asking.DECLINED: ""}


class CautionState(TextChoices):
    """How a caution about a dangerous customer stands (CMP-36, CC-09)."""

    PROPOSED = "PROPOSED", _("To be reviewed")
    IN_FORCE = "IN_FORCE", _("In force")
    DISMISSED = "DISMISSED", _("Not needed")
    LIFTED = "LIFTED", _("No longer in force")


CAUTION_OPEN = (CautionState.PROPOSED, CautionState.IN_FORCE)
CAUTION_MOVES: dict[str, frozenset[str]] = {
    CautionState.PROPOSED: frozenset({CautionState.IN_FORCE, CautionState.DISMISSED}),
    CautionState.IN_FORCE: frozenset({CautionState.IN_FORCE, CautionState.LIFTED}),
    CautionState.DISMISSED: frozenset(),
    CautionState.LIFTED: frozenset(),
}
CAUTION_TONES: dict[str, str] = {
    CautionState.PROPOSED: "amber", CautionState.IN_FORCE: "red", CautionState.DISMISSED: "",
    CautionState.LIFTED: "green",
}  # fmt: skip


class CautionReason(TextChoices):
    """Why whoever meets a customer should be careful."""

    THREAT = "THREAT", _("Threat")
    EXTREME = "EXTREME", _("Extreme behaviour")
    REPEATED = "REPEATED", _("Complains again and again")
    OTHER = "OTHER", _("Something else")


class CautionAct(TextChoices):
    """What was done about a caution."""

    PROPOSED = "PROPOSED", _("Caution proposed")
    IN_FORCE = "IN_FORCE", _("Caution put in force")
    DISMISSED = "DISMISSED", _("Caution found not needed")
    KEPT = "KEPT", _("Caution kept in force")
    LIFTED = "LIFTED", _("Caution lifted")


class Liability(TextChoices):
    RESPONSIBLE = "RESPONSIBLE", _("At fault")
    NOT_RESPONSIBLE = "NOT_RESPONSIBLE", _("Not at fault")


class Act(TextChoices):
    """What was said or done about a complaint."""

    OPENED = "OPENED", _("Taken in")
    JOINED = "JOINED", _("Said again")
    CONTACTED = "CONTACTED", _("First contact")
    VALID = "VALID", _("Found valid")
    INVALID = "INVALID", _("Not valid, explained")
    CAUSE = "CAUSE", _("Cause named")
    INSIDE = "INSIDE", _("Can be solved inside")
    OUTSIDE = "OUTSIDE", _("Reported outside")
    PLAN = "PLAN", _("Plan agreed with the customer")
    APPROVED = "APPROVED", _("Compensation approved")
    RESOLVED = "RESOLVED", _("Resolved")
    SATISFIED = "SATISFIED", _("Satisfied, says the customer")
    REJECTED = "REJECTED", _("Not satisfied, says the customer")
    ANSWERED = "ANSWERED", _("Answered")
    RAISED = "RAISED", _("Made a complaint")
    HANDED_OVER = "HANDED_OVER", _("Handed over")
    ESCALATED = "ESCALATED", _("Reported upward")
    POSTPONED = "POSTPONED", _("Clock stopped for a reason")
    WARNED = "WARNED", _("Told at once")
    JUDGED = "JUDGED", _("Responsibility judged")
    RECHECKED = "RECHECKED", _("Asked once more")
    VISIT = "VISIT", _("Visit to the workshop linked")


class Result(TextChoices):
    """How a task about a complaint ends; none ends by hand."""

    CONTACTED = "CONTACTED", _("Customer contacted")
    RESOLVED = "RESOLVED", _("Resolved")
    SATISFIED = "SATISFIED", _("Customer satisfied")
    REJECTED = "REJECTED", _("Customer not satisfied")
    CLOSED = "CLOSED", _("Closed without it")
