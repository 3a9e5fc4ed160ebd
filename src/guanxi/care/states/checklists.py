"""What a check list can say: where it holds, how an item is found, in what a term counts, how a shortcoming ends."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outlets(TextChoices):
    """At which outlets a list is gone through."""

    ALL = "ALL", _("All outlets")
    SALES = "SALES", _("Outlets that sell")
    SERVICE = "SERVICE", _("Outlets that serve")
    KEY = "KEY", _("Key outlets")


class Finding(TextChoices):
    """How an item was found in a round."""

    FULFILLED = "FULFILLED", _("Fulfilled")
    MISSING = "MISSING", _("Not fulfilled")
    NOT_APPLICABLE = "NOT_APPLICABLE", _("Does not apply")


class Within(TextChoices):
    WORKING_HOURS = "WORKING_HOURS", _("Working hours")
    WORKING_DAYS = "WORKING_DAYS", _("Working days")


class Ending(TextChoices):
    """How a shortcoming ended."""

    PUT_RIGHT = "PUT_RIGHT", _("Put right")
    SEEN_RIGHT = "SEEN_RIGHT", _("Seen to be right in a later round")
    WITHDRAWN = "WITHDRAWN", _("The round was corrected")


WEEK = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"),
    _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip
