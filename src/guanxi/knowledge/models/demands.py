from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.knowledge.states import DEMAND_ENDED, DemandKind, DemandState, Urgency
from guanxi.network.models import Node


class Demand(models.Model):
    """What somebody needs of this software, who else needs it, and what becomes of it (KM-01)."""

    node = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Requested at"))
    kind = models.CharField(_("What is it?"), max_length=8, choices=DemandKind.choices)
    words = models.TextField(_("What is needed, and what for"), max_length=2000)
    token = models.CharField(max_length=64, db_collation="C")
    asked_at = models.DateTimeField(_("Requested on"))
    asked_by_id = models.BigIntegerField(_("Requested by"), null=True)
    asked_by = models.CharField(_("Requested by"), max_length=160)
    backers = ArrayField(models.BigIntegerField(), verbose_name=_("Who needs it too"), default=list, blank=True)
    state = models.CharField(_("State"), max_length=8, choices=DemandState.choices, default=DemandState.NEW)
    urgency = models.CharField(_("Priority"), max_length=6, choices=Urgency.choices, default=Urgency.NORMAL)
    answer = models.TextField(_("What becomes of it"), max_length=2000, blank=True)
    decided_at = models.DateTimeField(_("Decided at"), null=True, blank=True)
    decided_by = models.CharField(_("Decided by"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by_id", "token"], nulls_distinct=False, name="knowledge_demand_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DemandKind.values, urgency__in=Urgency.values) & ~Q(words=""),
                name="knowledge_demand_said",
            ),
            models.CheckConstraint(
                condition=Q(state=DemandState.NEW, decided_at__isnull=True)
                | (Q(state=DemandState.PLANNED, decided_at__isnull=False))
                | (Q(state__in=DEMAND_ENDED, decided_at__isnull=False) & ~Q(answer="")),
                name="knowledge_demand_decided_whole",
            ),
        ]
        indexes = [models.Index(fields=["-asked_at", "id"], name="knowledge_demand_newest")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"XQ{self.pk:06d}"

    @property
    def many(self) -> int:
        """How many people need it, with whoever asked."""
        return 1 + len(self.backers)
