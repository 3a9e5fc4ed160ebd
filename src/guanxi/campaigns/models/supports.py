"""What an outlet asks of those above it to support its sales, service or promotion (SUP-15)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.campaigns.models.campaigns import Campaign
from guanxi.campaigns.states import SupportDesk, SupportKind, SupportState
from guanxi.network.models import Node


class Support(models.Model):
    """A support that was asked for: which department needs what by when, what was given for it, what came of it.

    ``campaign`` is where the list of customers stands, with the criteria by which they were chosen (SUP-16).
    """

    node = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Requested at"))
    desk = models.CharField(_("Department"), max_length=9, choices=SupportDesk.choices)
    kind = models.CharField(_("Kind of support"), max_length=11, choices=SupportKind.choices)
    words = models.TextField(_("What is needed, and what for"), max_length=2000)
    wanted_by = models.DateField(_("Wanted by"))
    token = models.CharField(max_length=64, db_collation="C")
    state = models.CharField(_("State"), max_length=9, choices=SupportState.choices, default=SupportState.ASKED)
    asked_at = models.DateTimeField(_("Requested on"))
    asked_by_id = models.BigIntegerField(_("Requested by"), null=True)
    asked_by = models.CharField(_("Requested by"), max_length=160)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Campaign")
    )
    answer = models.TextField(_("What was given"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("Given on"), null=True, blank=True)
    answered_by = models.CharField(_("Given by"), max_length=160, blank=True)
    score = models.SmallIntegerField(_("How much it helped"), null=True, blank=True)
    outcome = models.TextField(_("What came of it"), max_length=2000, blank=True)
    judged_at = models.DateTimeField(_("Judged at"), null=True, blank=True)
    judged_by = models.CharField(_("Judged by"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by_id", "token"], nulls_distinct=False, name="campaigns_support_once"
            ),
            models.CheckConstraint(
                condition=Q(desk__in=SupportDesk.values, kind__in=SupportKind.values) & ~Q(words=""),
                name="campaigns_support_said",
            ),
            models.CheckConstraint(
                condition=Q(state=SupportState.ASKED, answered_at__isnull=True, judged_at__isnull=True)
                | (Q(state__in=[SupportState.GIVEN, SupportState.DECLINED], answered_at__isnull=False,
                     judged_at__isnull=True) & ~Q(answer=""))
                | (Q(state=SupportState.JUDGED, answered_at__isnull=False, judged_at__gte=F("answered_at"),
                     score__range=(1, 5)) & ~Q(outcome="")),
                name="campaigns_support_whole",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["-asked_at", "id"], include=["node"], name="campaigns_support_newest")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"ZY{self.pk:06d}"
