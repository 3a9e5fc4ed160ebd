from django.db import models
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    """How a code stands on a day."""

    FUTURE = "FUTURE", _("Not yet valid")
    VALID = "VALID", _("Valid")
    RETIRED = "RETIRED", _("Retired")
