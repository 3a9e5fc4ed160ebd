"""What a car, its participants and its papers can be."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Line(TextChoices):
    PASSENGER = "PASSENGER", _("Passenger cars")
    COMMERCIAL = "COMMERCIAL", _("Commercial vehicles")


class Powertrain(TextChoices):
    PETROL = "PETROL", _("Petrol")
    DIESEL = "DIESEL", _("Diesel")
    HYBRID = "HYBRID", _("Hybrid")
    PLUG_IN = "PLUG_IN", _("Plug-in hybrid")
    RANGE_EXTENDED = "RANGE_EXTENDED", _("Range extended")
    ELECTRIC = "ELECTRIC", _("Battery electric")
    GAS = "GAS", _("Natural gas")


class GuaranteeClass(TextChoices):
    """Whether the three guarantees (三包) of household cars hold."""

    HOUSEHOLD = "HOUSEHOLD", _("Three guarantees: household cars")
    NONE = "NONE", _("Warranty terms only")


class MaintenanceKind(TextChoices):
    FIRST = "FIRST", _("First maintenance")
    MANDATORY = "MANDATORY", _("Mandatory maintenance")
    PERIODIC = "PERIODIC", _("Periodic maintenance")


class Condition(TextChoices):
    IN_USE = "IN_USE", _("In use")
    SCRAPPED = "SCRAPPED", _("Scrapped")
    LEFT = "LEFT", _("Left the country")


class Role(TextChoices):
    OWNER = "OWNER", _("Owner")
    DRIVER = "DRIVER", _("Driver")
    PAYER = "PAYER", _("Payer")
    CONTACT = "CONTACT", _("Contact for the car")


class ReadingSource(TextChoices):
    VISIT = "VISIT", _("Workshop")
    OWNER = "OWNER", _("Said by the owner")
    IMPORT = "IMPORT", _("Import")
    CAR = "CAR", _("Sent by the car")


class DoubtState(TextChoices):
    OPEN = "OPEN", _("Undecided")
    CONFIRMED = "CONFIRMED", _("Owner changed")
    DISMISSED = "DISMISSED", _("Same owner")


class FeatureKind(TextChoices):
    OPTION = "OPTION", _("Option")
    COLOUR = "COLOUR", _("Colour")


class WarrantyState(TextChoices):
    """Whether the warranty still holds, and what ended it (LIFE-17)."""

    RUNNING = "RUNNING", _("Within warranty")
    BY_TIME = "BY_TIME", _("Warranty ended by time")
    BY_MILEAGE = "BY_MILEAGE", _("Warranty ended by mileage")
