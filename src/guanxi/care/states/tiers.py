"""What a customer is worth to the workshop, in five tiers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Tier(TextChoices):
    """The tiers of financial contribution, from the lowest to the highest (CLASS-36, NUM-035)."""

    NORMAL = "NORMAL", _("Normal card")
    SILVER = "SILVER", _("Silver card")
    GOLD = "GOLD", _("Gold card")
    DIAMOND = "DIAMOND", _("Diamond card")
    VIP = "VIP", _("VIP customer")


ABOVE = (Tier.VIP, Tier.DIAMOND, Tier.GOLD, Tier.SILVER)  # those with a limit, the highest first
HIGH = (Tier.DIAMOND, Tier.VIP)
