"""Files of customers that are said to be false (INFO-33)."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.network.models import Node
from guanxi.verification.models.checks import Check
from guanxi.verification.states import FALSE_HELD, Falsity


class FalseFile(models.Model):
    """The mark of a file that an outlet filed falsely (虚假用户档案): its evidence, what another person decided, and
    why it was taken back. It deletes nothing and is never deleted.
    """

    customer = models.ForeignKey(Customer, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Customer"))
    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Outlet"))
    check_of = models.ForeignKey(
        Check, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Check that shows it")
    )
    evidence = models.TextField(_("Evidence"), max_length=2000)
    state = models.CharField(_("State"), max_length=10, choices=Falsity.choices, default=Falsity.MARKED)
    marked_at = models.DateTimeField(_("Marked on"))
    marked_by_id = models.BigIntegerField(_("Marked by"), null=True)
    marked_by = models.CharField(_("Marked by"), max_length=160)
    due_at = models.DateTimeField(_("Decision due"))
    decided_at = models.DateTimeField(_("Decided"), null=True, blank=True)
    decided_by_id = models.BigIntegerField(_("Decided by"), null=True, blank=True)
    decided_by = models.CharField(_("Decided by"), max_length=160, blank=True)
    decision = models.TextField(_("Reason of the decision"), max_length=2000, blank=True)
    undone_at = models.DateTimeField(_("Undone"), null=True, blank=True)
    undone_by = models.CharField(_("Undone by"), max_length=160, blank=True)
    undone_why = models.TextField(_("Why it was undone"), max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "outlet"], condition=Q(state__in=FALSE_HELD), name="verification_false_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=Falsity.values) & ~Q(evidence=""), name="verification_false_shown"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, state=Falsity.MARKED)
                | (Q(decided_at__isnull=False) & ~Q(state=Falsity.MARKED) & ~Q(decision="") & ~Q(decided_by="")),
                name="verification_false_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True) | Q(marked_by_id__isnull=True)
                | ~Q(decided_by_id=F("marked_by_id")),
                name="verification_false_by_another",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) & ~Q(state=Falsity.UNDONE)
                | (Q(undone_at__isnull=False, state=Falsity.UNDONE) & ~Q(undone_why="")),
                name="verification_false_undone_whole",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["outlet", "-marked_at"], name="verification_false_at"),
            models.Index(fields=["customer"], name="verification_false_of"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"XJ{self.pk:07d}"

    @property
    def key(self) -> str:
        """Return the key of the task to decide about it."""
        return f"verification:false:{self.pk}"

    def is_late(self, at: datetime.datetime) -> bool:
        return self.state == Falsity.MARKED and self.due_at < at
