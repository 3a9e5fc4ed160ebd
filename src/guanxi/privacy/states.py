"""What consent is about: a purpose and a channel, given, refused or withdrawn (NFR-01)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Purpose(TextChoices):
    SERVICE = "SERVICE", _("Service and safety of the car")
    CARE = "CARE", _("Care and greetings")
    MARKETING = "MARKETING", _("Offers and events")
    SURVEY = "SURVEY", _("Surveys")
    SHARING = "SHARING", _("Passing data on")


class Medium(TextChoices):
    PHONE = "PHONE", _("Telephone")
    SMS = "SMS", _("Text message")
    WECHAT = "WECHAT", _("WeChat")
    EMAIL = "EMAIL", _("E-mail")
    LETTER = "LETTER", _("Letter")


# What reaches a customer by a channel; a letter goes to an address.
POINTS = {
    Medium.PHONE: ["MOBILE", "LANDLINE"], Medium.SMS: ["MOBILE"], Medium.WECHAT: ["WECHAT", "MOBILE"],
    Medium.EMAIL: ["EMAIL"], Medium.LETTER: [],
}  # fmt: skip


class Standing(TextChoices):
    GIVEN = "GIVEN", _("Given")
    REFUSED = "REFUSED", _("Declined")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
