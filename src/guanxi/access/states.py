"""How far a role reaches from the place where it is held (ORG-35)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Reach(TextChoices):
    """The nearest place of this kind, at or above the membership, whose whole subtree is covered."""

    NODE = "NODE", _("The place itself and below")
    OUTLET = "OUTLET", _("The whole outlet")
    BRANCH = "BRANCH", _("The whole branch")
    BRAND = "BRAND", _("The whole brand")
    GROUP = "GROUP", _("The whole group")


class LinkPurpose(TextChoices):
    INVITATION = "INVITATION", _("Invitation")
    RECOVERY = "RECOVERY", _("New password")
