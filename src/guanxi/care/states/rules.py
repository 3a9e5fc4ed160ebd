"""What a contact rule can hang on, where and how it is carried out, and how a decision about a contact ends."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Anchor(TextChoices):
    """The day that a rule counts from."""

    DELIVERY = "DELIVERY", _("Delivery of the car")
    VISIT = "VISIT", _("End of a workshop visit")
    FIRST_SERVICE = "FIRST_SERVICE", _("First maintenance due")
    PERIODIC_SERVICE = "PERIODIC_SERVICE", _("Next maintenance due")
    REGULAR = "REGULAR", _("Every so many months after delivery")
    INSURANCE = "INSURANCE", _("End of the insurance")
    INSPECTION = "INSPECTION", _("Inspection due")
    WARRANTY_END = "WARRANTY_END", _("End of the warranty")
    BIRTHDAY = "BIRTHDAY", _("Birthday")
    FAMILY_BIRTHDAY = "FAMILY_BIRTHDAY", _("Birthday in the family")
    ANNIVERSARY = "ANNIVERSARY", _("Anniversary of the purchase")
    FESTIVAL = "FESTIVAL", _("Festival")
    SOLAR_TERM = "SOLAR_TERM", _("Solar term")
    STATE = "STATE", _("Change of the owner's state")
    LAST_VISIT = "LAST_VISIT", _("Last valid visit")
    WEATHER = "WEATHER", _("Weather notice")
    COMPLAINT = "COMPLAINT", _("Closing of a complaint")


# Nobody knows these in advance: a preview looks back.
HAPPENED = (Anchor.DELIVERY, Anchor.VISIT, Anchor.STATE, Anchor.WEATHER, Anchor.COMPLAINT)
OF_DAYS = (Anchor.FESTIVAL, Anchor.SOLAR_TERM)


class Phase(TextChoices):
    """The phase of the car on the day of the anchor (LIFE-14)."""

    NEW_CAR = "NEW_CAR", _("New-car period")
    IN_WARRANTY = "IN_WARRANTY", _("Within warranty")
    OUT_OF_WARRANTY = "OUT_OF_WARRANTY", _("Out of warranty")


class Unit(TextChoices):
    DAYS = "DAYS", _("Days")
    HOURS = "HOURS", _("Hours")
    WORKING_DAYS = "WORKING_DAYS", _("Working days")


class Channel(TextChoices):
    PHONE = "PHONE", _("Telephone")
    SMS = "SMS", _("Text message")
    WECHAT = "WECHAT", _("WeChat")
    EMAIL = "EMAIL", _("E-mail")
    LETTER = "LETTER", _("Letter")
    VISIT = "VISIT", _("Personal visit")


class Where(TextChoices):
    OUTLET = "OUTLET", _("Outlet")
    CALL_CENTRE = "CALL_CENTRE", _("Call centre")


class DayKind(TextChoices):
    FESTIVAL = "FESTIVAL", _("Festival")
    SOLAR_TERM = "SOLAR_TERM", _("Solar term")


FOLLOW_UPS = ("care.call", "care.visit", "care.message", "care.letter")  # the kinds of tasks that rules write
WRITTEN = (Channel.SMS, Channel.WECHAT, Channel.EMAIL, Channel.LETTER)  # what messaging can send by itself
SENT = "SENT"  # how a task ended that messaging did
CAME = "CAME"  # how a task ended that nobody had to do: the customer came by himself


class Result(TextChoices):
    """How a decision about one contact ended. WAIT is never stored: the window is open, tomorrow asks again."""

    TASK = "TASK", _("Task written")
    MERGED = "MERGED", _("Named in another task of the same day")
    WAIT = "WAIT", _("Waits for a later day of its window")
    LATE = "LATE", _("The window had passed already")
    EXCLUDED = "EXCLUDED", _("The car is gone or has another owner")
    NO_NUMBER = "NO_NUMBER", _("No valid number or address")
    DO_NOT_CONTACT = "DO_NOT_CONTACT", _("Does not want to be contacted")
    NO_CONSENT = "NO_CONSENT", _("No consent")
    HELD = "HELD", _("Left alone while a matter is settled")
    NO_PLACE = "NO_PLACE", _("Nobody to carry it out")
    CONTROL = "CONTROL", _("Control group")
    SAMPLE = "SAMPLE", _("Not in the sample")
    BUDGET = "BUDGET", _("Contacted too recently, until the window ended")
