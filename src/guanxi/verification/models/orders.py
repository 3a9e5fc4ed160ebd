"""Correction orders, and the rounds in which each was answered and verified."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.customers.models import Customer
from guanxi.network.models import Node
from guanxi.vehicles.models import Vehicle
from guanxi.verification import policy
from guanxi.verification.models.checks import Check, Field, Occasion
from guanxi.verification.states import ENDED, State


class Order(models.Model):
    """A correction order (信息修正单) to the outlet that filed a record: what is wrong, by when it is right.

    ``place`` issued it and verifies. ``words`` are what was said; the wrong fields are the lines of its check, if it
    came from one. ``rounds`` counts the answers of the outlet.
    """

    check_of = models.OneToOneField(Check, models.PROTECT, null=True, blank=True, related_name="order")
    occasion = models.ForeignKey(Occasion, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Occasion"))
    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Outlet"))
    place = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Issued at"))
    role = models.ForeignKey(Role, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Corrects it"))
    customer = models.ForeignKey(Customer, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Customer"))
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Car")
    )
    words = models.TextField(_("Wrong information"), max_length=2000)
    days = models.SmallIntegerField(_("Corrected within (working days)"))
    token = models.CharField(max_length=64, unique=True, db_collation="C")
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.ISSUED)
    issued_at = models.DateTimeField(_("Issued"))
    issued_by_id = models.BigIntegerField(_("Issued by"), null=True)
    issued_by = models.CharField(_("Issued by"), max_length=160)
    due_at = models.DateTimeField(_("Correction due"))
    rounds = models.SmallIntegerField(_("Times answered"), default=0)
    reason = models.CharField(_("Reason"), max_length=400, blank=True)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="verification_order_state"),
            models.CheckConstraint(condition=~Q(words=""), name="verification_order_said"),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("issued_at"), days__range=(1, 60)), name="verification_order_forward"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False) | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
                name="verification_order_ended_iff_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CORRECTED, State.DISPUTED, State.CLOSED]) | Q(rounds__gt=0),
                name="verification_order_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["outlet", "-issued_at"], name="verification_order_at"),
            models.Index(fields=["place", "-issued_at"], name="verification_order_from"),
            models.Index(fields=["customer", "-issued_at"], name="verification_order_of"),
            models.Index(fields=["due_at"], condition=~Q(state__in=ENDED), name="verification_order_due"),
            models.Index(fields=["-issued_at"], name="verification_order_newest"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"XZ{self.pk:07d}"

    def is_late(self, at: datetime.datetime) -> bool:
        return policy.is_late(self.state, self.due_at, at)

    def key(self, work: str) -> str:
        """Return the key of the task that is written for a step of this order."""
        return f"verification:{self.pk}:{work}"


class Round(models.Model):
    """One answer of the outlet, corrected or disputed, and what was said of it; never changed afterwards."""

    order = models.ForeignKey(Order, models.CASCADE, db_index=False, related_name="answers")
    number = models.SmallIntegerField(_("Which round"))
    is_dispute = models.BooleanField(_("Disputed"), default=False)
    measure = models.TextField(_("What was corrected, or why the record is right"), max_length=2000)
    proof = models.CharField(_("Proof"), max_length=400, blank=True)
    due_at = models.DateTimeField(_("Correction due"))
    answered_at = models.DateTimeField(_("Answered"))
    answered_by = models.CharField(_("Answered by"), max_length=160)
    verified_at = models.DateTimeField(_("Verified at"), null=True, blank=True)
    verified_by = models.CharField(_("Verified by"), max_length=160, blank=True)
    is_right = models.BooleanField(_("Right now"), null=True)
    verdict = models.TextField(_("What was said of it"), max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="verification_round_once"),
            models.CheckConstraint(
                condition=~Q(measure="") & (Q(is_dispute=True) | ~Q(proof="")), name="verification_round_said"
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, is_right__isnull=True, verified_by="", verdict="")
                | (Q(verified_at__isnull=False, is_right__isnull=False) & ~Q(verified_by="") & ~Q(verdict="")),
                name="verification_round_verified_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.number} to {self.order_id}"


class Correction(models.Model):
    """The value of one field that an answer wrote into the record, as it was and as it is; what is personal masked."""

    answer = models.ForeignKey(Round, models.CASCADE, db_index=False, related_name="corrections")
    field = models.ForeignKey(Field, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Field"))
    before = models.CharField(_("Before the correction"), max_length=400, blank=True)
    after = models.CharField(_("After the correction"), max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "field"], name="verification_correction_once"),
        ]

    def __str__(self) -> str:
        return f"{self.field_id} of answer {self.answer_id}"
