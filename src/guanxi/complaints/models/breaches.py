"""Outlets at which the same problem came up more often than a limit allows (CMP-40)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.complaints.models.rules import Category, Limit
from guanxi.network.models import Node


class Breach(models.Model):
    """More complaints of a category at an outlet than a limit allows, in the month or quarter that begins on ``since``.
    ``many`` grows while the period lasts. Somebody above the outlet says what comes of it.
    """

    limit = models.ForeignKey(Limit, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Limit"))
    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Outlet"))
    place = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Looked at from"))
    category = models.ForeignKey(
        Category, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Category")
    )  # fmt: skip
    since = models.DateField(_("Period from"))
    many = models.IntegerField(_("Complaints"))
    found_at = models.DateTimeField(_("Found at"))
    words = models.TextField(_("What comes of it"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("Answered at"), null=True, blank=True)
    answered_by = models.CharField(_("Answered by"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["limit", "outlet", "category", "since"], name="complaints_breach_once"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, words="") | (Q(answered_at__isnull=False) & ~Q(words="")),
                name="complaints_breach_whole",
            ),
        ]
        indexes = [models.Index(fields=["-since", "id"], include=["outlet", "place"], name="complaints_breach_newest")]

    def __str__(self) -> str:
        return f"{self.limit_id} at {self.outlet_id}"
