"""Cautions about dangerous customers (危险客户), and what was done about each (CMP-36, CC-09)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import User
from guanxi.complaints.models.cases import Complaint
from guanxi.complaints.states import CAUTION_OPEN, CautionAct, CautionReason, CautionState
from guanxi.customers.models import Customer
from guanxi.network.models import Node

REVIEWED = Q(reviewed_at__isnull=False)
PLANNED = ~Q(plan="") & Q(owner__isnull=False)
UNPLANNED = Q(plan="", owner__isnull=True, review_on__isnull=True)


class Caution(models.Model):
    """Whoever meets a customer of an outlet or call centre (``place``) should be careful: why, how to deal with him
    (``plan``), the one person who decides (``owner``), and when it is looked at again.

    What was said when it was proposed stands in its steps, which fewer people read: in force, everybody who sees the
    customer reads the plan and the owner.
    """

    customer = models.ForeignKey(
        Customer, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Customer")
    )  # fmt: skip
    place = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Place"))
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Complaint")
    )
    reason = models.CharField(_("Reason"), max_length=8, choices=CautionReason.choices)
    is_by_rule = models.BooleanField(_("Proposed by rule"), default=False)
    state = models.CharField(
        _("State"), max_length=9, choices=CautionState.choices, default=CautionState.PROPOSED
    )  # fmt: skip
    proposed_at = models.DateTimeField(_("Proposed"))
    proposed_by_id = models.BigIntegerField(_("Proposed by"), null=True)
    proposed_by = models.CharField(_("Proposed by"), max_length=160, blank=True)
    reviewed_at = models.DateTimeField(_("Reviewed"), null=True, blank=True)
    reviewed_by_id = models.BigIntegerField(_("Reviewed by"), null=True, blank=True)
    reviewed_by = models.CharField(_("Reviewed by"), max_length=160, blank=True)
    plan = models.TextField(_("How to deal with him"), max_length=2000, blank=True)
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Decides alone")
    )
    owner_name = models.CharField(_("Decides alone"), max_length=160, blank=True)
    review_on = models.DateField(_("Next review"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "place"], condition=Q(state__in=CAUTION_OPEN), name="complaints_caution_once"
            ),
            models.CheckConstraint(condition=Q(reason__in=CautionReason.values), name="complaints_caution_reason"),
            models.CheckConstraint(
                condition=(UNPLANNED & Q(state=CautionState.PROPOSED, reviewed_at__isnull=True, ended_at__isnull=True))
                | (PLANNED & REVIEWED & Q(state=CautionState.IN_FORCE, review_on__isnull=False, ended_at__isnull=True))
                | (UNPLANNED & REVIEWED & Q(state=CautionState.DISMISSED, ended_at__isnull=False))
                | (PLANNED & REVIEWED & Q(state=CautionState.LIFTED, review_on__isnull=True, ended_at__isnull=False)),
                name="complaints_caution_whole",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by_id__isnull=True)
                | Q(reviewed_by_id__isnull=True)
                | ~Q(reviewed_by_id=F("proposed_by_id")),
                name="complaints_caution_second_person",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "-proposed_at"], name="complaints_caution_at"),
            models.Index(fields=["customer"], name="complaints_caution_of"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"JS{self.pk:07d}"


class CautionStep(models.Model):
    """Something that was said or decided about a caution: who, when, in which words. Never changed."""

    caution = models.ForeignKey(Caution, models.CASCADE, db_index=False, related_name="steps")
    at = models.DateTimeField(_("When"))
    person_id = models.BigIntegerField(_("Person"), null=True)
    person_name = models.CharField(_("Person"), max_length=160, blank=True)
    act = models.CharField(_("What"), max_length=9, choices=CautionAct.choices)
    words = models.TextField(_("Words"), max_length=2000)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=CautionAct.values) & ~Q(words=""), name="complaints_caution_step_whole"
            )
        ]
        indexes = [models.Index(fields=["caution", "at"], name="complaints_caution_step_of")]

    def __str__(self) -> str:
        return f"{self.act} of {self.caution_id}"
