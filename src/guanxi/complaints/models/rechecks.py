"""Closed complaints that were drawn, so that headquarters asks the customer once more."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.complaints.models.cases import Complaint
from guanxi.complaints.states import Checked
from guanxi.network.models import Node


class Recheck(models.Model):
    """A closed complaint of a random sample, and what its customer says once more; he is called from ``place``."""

    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="recheck")
    place = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Called from"))
    drawn_on = models.DateField(_("Drawn on"))
    due_at = models.DateTimeField(_("Due"))
    result = models.CharField(_("Result"), max_length=9, choices=Checked.choices, blank=True)
    words = models.TextField(_("Word of the customer"), max_length=2000, blank=True)
    checked_at = models.DateTimeField(_("Asked"), null=True, blank=True)
    checked_by_id = models.BigIntegerField(_("Asked by"), null=True, blank=True)
    checked_by = models.CharField(_("Asked by"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(result="", checked_at__isnull=True, words="")
                | (Q(result__in=Checked.values, checked_at__isnull=False) & ~Q(words="")),
                name="complaints_recheck_whole",
            )
        ]
        indexes = [models.Index(fields=["place", "-drawn_on"], name="complaints_recheck_at")]

    def __str__(self) -> str:
        return f"recheck of {self.complaint_id}"
