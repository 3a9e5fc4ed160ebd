"""What media and the network report: registered, linked, answered, closed (CRIS-07, CMP-38)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.complaints.models import Complaint
from guanxi.crisis.models.rooms import Crisis
from guanxi.crisis.states import Medium, ReportState
from guanxi.network.models import Node


class Report(models.Model):
    """An article or a post about us or a customer of ours, what was answered, and how it ended. Its words stay."""

    place = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Place"))
    medium = models.CharField(_("Medium"), max_length=8, choices=Medium.choices)
    source = models.CharField(_("Newspaper, site or account"), max_length=120)
    address = models.CharField(_("Address on the network"), max_length=400, blank=True)
    title = models.CharField(_("Title"), max_length=200)
    day = models.DateField(_("Published on"))
    words = models.TextField(_("What it says"), max_length=2000)
    complaint = models.ForeignKey(
        Complaint, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Complaint")
    )
    crisis = models.ForeignKey(
        Crisis, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("Crisis event")
    )
    state = models.CharField(_("State"), max_length=8, choices=ReportState.choices, default=ReportState.NEW)
    made_at = models.DateTimeField(_("Registered on"))
    made_by = models.CharField(_("Registered by"), max_length=160)
    answer = models.TextField(_("Answer given"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("Answered"), null=True, blank=True)
    answered_by = models.CharField(_("Answered by"), max_length=160, blank=True)
    conclusion = models.TextField(_("Conclusion"), max_length=2000, blank=True)
    closed_at = models.DateTimeField(_("Closed on"), null=True, blank=True)
    closed_by = models.CharField(_("Closed by"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address"], condition=~Q(address=""), name="crisis_report_once"),
            models.CheckConstraint(
                condition=Q(medium__in=Medium.values) & ~Q(title="") & ~Q(words="") & ~Q(source=""),
                name="crisis_report_told",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.NEW, answered_at__isnull=True, closed_at__isnull=True)
                | (Q(state=ReportState.ANSWERED, answered_at__isnull=False, closed_at__isnull=True) & ~Q(answer=""))
                | (Q(state=ReportState.CLOSED, closed_at__isnull=False) & ~Q(conclusion="")),
                name="crisis_report_in_order",
            ),
        ]
        indexes = [models.Index(fields=["place", "-day"], name="crisis_report_at")]

    def __str__(self) -> str:
        return self.title

    @property
    def task_key(self) -> str:
        """The key of the task to answer it."""
        return f"crisis.media:{self.pk}"
