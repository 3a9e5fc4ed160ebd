"""The two arms of the effect of a contact rule, and what a comparison of them comes to."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Arm(TextChoices):
    """Which way the draw sent a customer; it stays his arm whatever happens afterwards."""

    CONTACT = "CONTACT", _("To be contacted")
    CONTROL = "CONTROL", _("Left out at random")


class Verdict(TextChoices):
    """What a comparison says: MORE and FEWER only where nought lies outside the interval."""

    MORE = "MORE", _("Brings more")
    FEWER = "FEWER", _("Brings fewer")
    UNCLEAR = "UNCLEAR", _("No difference shown")
    TOO_FEW = "TOO_FEW", _("Too few to say")
    OPEN = "OPEN", _("Still open")
    NO_CONTROL = "NO_CONTROL", _("No control group")
