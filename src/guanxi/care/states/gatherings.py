"""What a proposal of a lecture can be, and what keeps somebody from being invited."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    OPEN = "OPEN", _("To be decided")
    ACCEPTED = "ACCEPTED", _("Taken on")
    DECLINED = "DECLINED", _("Turned down")


class Exclusion(TextChoices):
    """What the night found in the way of an invitation; the first that holds, in this order."""

    GONE = "GONE", _("The car is gone or has another owner")
    MOVED = "MOVED", _("No longer counts at this outlet")
    OTHER = "OTHER", _("On the list of a lecture of another kind, or lately on one")
    ALREADY = "ALREADY", _("Invited by an earlier lecture of this kind")
    GRUDGE = "GRUDGE", _("Has a bad impression of the outlet")
    OPEN_CASE = "OPEN_CASE", _("Has an open complaint")
    EARLIER = "EARLIER", _("Taken off another list because of a complaint")
    NO_NUMBER = "NO_NUMBER", _("No valid number or address")
    DO_NOT_CONTACT = "DO_NOT_CONTACT", _("Does not want to be contacted")
    NO_CONSENT = "NO_CONSENT", _("No consent")
    HELD = "HELD", _("Left alone while a matter is settled")


# The sources advise against it (LECT-16): a person may decide otherwise.
SOFT = (Exclusion.GRUDGE, Exclusion.OPEN_CASE, Exclusion.EARLIER)


class ByHand(TextChoices):
    """Why a person took somebody off a list."""

    COMPLAINT = "COMPLAINT", _("Has complained")
    WISH = "WISH", _("Does not want to come")
    ANOTHER = "ANOTHER", _("Another reason")


class Outcome(TextChoices):
    """How the task to decide about a proposal ends."""

    ACCEPTED = "ACCEPTED", _("Taken on")
    DECLINED = "DECLINED", _("Turned down")
