"""What an owner can be by his visits, and where a car can stand in its life."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """What an owner is by his valid visits (CLASS-28 … CLASS-34, AMB-02)."""

    ACTIVE = "ACTIVE", _("Active")
    SWING = "SWING", _("Swing")
    SWING_TO_LOST = "SWING_TO_LOST", _("Swing towards lost")
    OBSERVE = "OBSERVE", _("Observe")
    NEW = "NEW", _("New, not yet served")
    LOST = "LOST", _("Lost")


LEAST_COMPLETE = 60  # of a hundred: a record below it is called incomplete
AT_RISK = (State.SWING, State.SWING_TO_LOST, State.LOST)  # a bad record is a reason of it (INFO-26)


class Record(TextChoices):
    """Whether an owner can be followed by his record; if not, it is a reason why he is lost (INFO-26)."""

    OUT_OF_REACH = "OUT_OF_REACH", _("Cannot be reached because of the record")
    INCOMPLETE = "INCOMPLETE", _("Record is incomplete")
    FIT = "FIT", _("Record can be used")


class Phase(TextChoices):
    """Where a car stands in its life (LIFE-01, LIFE-14)."""

    NEW_CAR = "NEW_CAR", _("New-car period")
    FIRST_SERVICE = "FIRST_SERVICE", _("First maintenance")
    IN_WARRANTY = "IN_WARRANTY", _("Within warranty")
    WARRANTY_ENDING = "WARRANTY_ENDING", _("Warranty ending")
    OUT_OF_WARRANTY = "OUT_OF_WARRANTY", _("Out of warranty")
    SCRAPPED = "SCRAPPED", _("Scrapped or gone")
    UNKNOWN = "UNKNOWN", _("Not known")


class DueBy(TextChoices):
    """What makes the next maintenance due first."""

    TIME = "TIME", _("By time")
    MILEAGE = "MILEAGE", _("By mileage")


class Kind(TextChoices):
    """What a count counts: owners by state or by tier, or cars by phase."""

    STATE = "STATE", _("Owners by state")
    PHASE = "PHASE", _("Cars by phase")
    LOST = "LOST", _("Lost by half a year")
    TIER = "TIER", _("Owners by tier")
