"""The states of templates and messages, why a message is skipped, and what a template may name."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from guanxi.privacy.states import Medium


class Draft(TextChoices):
    """Where a version of a template stands."""

    DRAFT = "DRAFT", _("Draft")
    APPROVED = "APPROVED", _("Approved")
    RETIRED = "RETIRED", _("Retired")


DRAFT_MOVES: dict[Draft, frozenset[Draft]] = {
    Draft.DRAFT: frozenset({Draft.APPROVED, Draft.RETIRED}),
    Draft.APPROVED: frozenset({Draft.RETIRED}),
    Draft.RETIRED: frozenset(),
}


class State(TextChoices):
    """Where a message stands. What is uncertain was perhaps sent: its sender died with it in hand."""

    QUEUED = "QUEUED", _("Waiting to be sent")
    SENDING = "SENDING", _("Being sent")
    SENT = "SENT", _("Sent")
    DELIVERED = "DELIVERED", _("Delivered")
    FAILED = "FAILED", _("Failed")
    UNCERTAIN = "UNCERTAIN", _("Uncertain")
    SKIPPED = "SKIPPED", _("Not sent")


MOVES: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.SENDING, State.SKIPPED}),
    State.SENDING: frozenset({State.SENT, State.FAILED, State.UNCERTAIN, State.QUEUED}),
    State.SENT: frozenset({State.DELIVERED, State.FAILED}),
    State.DELIVERED: frozenset(),
    State.FAILED: frozenset({State.QUEUED}),
    State.UNCERTAIN: frozenset({State.QUEUED}),
    State.SKIPPED: frozenset(),
}

AGAIN = tuple(state for state, after in MOVES.items() if State.QUEUED in after and state != State.SENDING)


class Reason(TextChoices):
    """Why somebody is not written to."""

    DUPLICATE = "DUPLICATE", _("Written for this reason already")
    DO_NOT_CONTACT = "DO_NOT_CONTACT", _("Does not want to be contacted there")
    NO_ADDRESS = "NO_ADDRESS", _("No number or address that works")
    DECLINED = "DECLINED", _("Declined or withdrew consent")
    NO_CONSENT = "NO_CONSENT", _("Was never asked for consent")
    HELD = "HELD", _("Left alone while a matter is settled")
    BUDGET = "BUDGET", _("Written to lately for this purpose")
    NO_VALUE = "NO_VALUE", _("Something that the template names is not known")
    STOPPED = "STOPPED", _("Stopped before it was sent")


class Language(TextChoices):
    ZH = "zh", _("Chinese")
    EN = "en", _("English")


CHANNELS = tuple((medium.value, medium.label) for medium in (Medium.SMS, Medium.WECHAT, Medium.EMAIL, Medium.LETTER))
ANSWERED = (Medium.SMS, Medium.WECHAT, Medium.EMAIL)  # channels by which customers answer
WITH_SUBJECT = (Medium.EMAIL, Medium.LETTER)
# What a template may name, and what it stands for.
VARIABLES = {
    "customer": _("Name of the customer"),
    "salutation": _("Name with Mr or Ms"),
    "car": _("Model of the car it is about, else of the one bought last"),
    "plate": _("Its plate"),
    "outlet": _("Name of the place that writes"),
    "outlet_phone": _("Its hotline or telephone"),
    "consultant": _("Consultant of the customer"),
    "insured_until": _("Day on which its insurance ends"),
    "link": _("Address of a page that was made for the reader"),
    "offer_code": _("Offer code of a campaign, perhaps one of his own"),
}
