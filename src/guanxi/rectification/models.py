"""Departments and kinds of problems, notices, and the rounds in which each was answered and verified."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.customers.models import Customer
from guanxi.foundation.models import Bilingual
from guanxi.network.models import Node
from guanxi.rectification import policy
from guanxi.rectification.states import ENDED, State
from guanxi.vehicles.models import Vehicle


class Department(Bilingual):
    """A department of an outlet, the role that answers for it, and the one that verifies what a program issued."""

    code = models.CharField(_("Code"), max_length=24, primary_key=True)
    role = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("Answers for it"))
    verifier = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("Verifies"))
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Preset"), max_length=40)

    def __str__(self) -> str:
        return self.code


class Problem(Bilingual):
    """A kind of problem: whose it usually is, within how many working days it is answered, and then verified."""

    code = models.CharField(_("Code"), max_length=24, primary_key=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="problems", verbose_name=_("Department"))
    answer_days = models.SmallIntegerField(_("Answered within (working days)"))
    verify_days = models.SmallIntegerField(_("Verified within (working days)"))
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Preset"), max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_days__range=(1, 60), verify_days__range=(1, 60)), name="rectification_problem_days"
            )
        ]

    def __str__(self) -> str:
        return self.code


class Notice(models.Model):
    """A notice to a department of an outlet: what is wrong, by when it is to be put right, how it stands.

    ``place`` is where it was issued, which also verifies: an outlet that issued it itself, or the call centre. What was
    said when it was refused or withdrawn stands in ``reason``. ``rounds`` counts the answers.
    """

    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Outlet"))
    place = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Issued at"))
    department = models.ForeignKey(
        Department, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Department")
    )
    problem = models.ForeignKey(
        Problem, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Kind of problem")
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Customer")
    )
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Car")
    )
    words = models.TextField(_("What is wrong"), max_length=2000)
    token = models.CharField(max_length=64, db_collation="C")
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.ISSUED)
    issued_at = models.DateTimeField(_("Issued"))
    issued_by_id = models.BigIntegerField(_("Issued by"), null=True)
    issued_by = models.CharField(_("Issued by"), max_length=160)
    due_at = models.DateTimeField(_("Answer due"))
    received_at = models.DateTimeField(_("Received"), null=True, blank=True)
    received_by = models.CharField(_("Received by"), max_length=160, blank=True)
    rounds = models.SmallIntegerField(_("Times answered"), default=0)
    reason = models.CharField(_("Reason"), max_length=400, blank=True)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issued_by_id", "token"], nulls_distinct=False, name="rectification_notice_once"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="rectification_notice_state"),
            models.CheckConstraint(condition=~Q(words=""), name="rectification_notice_said"),
            models.CheckConstraint(condition=Q(due_at__gte=F("issued_at")), name="rectification_notice_forward"),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False) | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
                name="rectification_notice_ended_iff_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.REFUSED, State.WITHDRAWN]) | ~Q(reason=""),
                name="rectification_notice_reasoned",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.ANSWERED, State.CLOSED]) | Q(rounds__gt=0),
                name="rectification_notice_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["outlet", "-issued_at"], name="rectification_notice_at"),
            models.Index(fields=["place", "-issued_at"], name="rectification_notice_from"),
            models.Index(
                fields=["customer", "-issued_at"], condition=Q(customer__isnull=False), name="rectification_notice_of"
            ),
            models.Index(fields=["due_at"], condition=~Q(state__in=ENDED), name="rectification_notice_due"),
            models.Index(fields=["-issued_at"], name="rectification_notice_newest"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"ZG{self.pk:07d}"

    def is_late(self, at: datetime.datetime) -> bool:
        return policy.is_late(self.state, self.due_at, at)

    def key(self, work: str) -> str:
        """Return the key of the task that is written for a step of this notice."""
        return f"rectification:{self.pk}:{work}"


class Round(models.Model):
    """One answer of the department, and what the customer said of it when asked; never changed afterwards."""

    notice = models.ForeignKey(Notice, models.CASCADE, db_index=False, related_name="answers")
    number = models.SmallIntegerField(_("Which round"))
    cause = models.TextField(_("Cause"), max_length=2000)
    measure = models.TextField(_("What was done"), max_length=2000)
    proof = models.CharField(_("Proof"), max_length=400)
    due_at = models.DateTimeField(_("Answer due"))
    answered_at = models.DateTimeField(_("Answered"))
    answered_by = models.CharField(_("Answered by"), max_length=160)
    verified_at = models.DateTimeField(_("Verified at"), null=True, blank=True)
    verified_by = models.CharField(_("Verified by"), max_length=160, blank=True)
    is_satisfied = models.BooleanField(_("Put right"), null=True)
    verdict = models.TextField(_("Word of the customer"), max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "number"], name="rectification_round_once"),
            models.CheckConstraint(
                condition=~Q(cause="") & ~Q(measure="") & ~Q(proof=""), name="rectification_round_said"
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, is_satisfied__isnull=True, verified_by="", verdict="")
                | (Q(verified_at__isnull=False, is_satisfied__isnull=False) & ~Q(verified_by="") & ~Q(verdict="")),
                name="rectification_round_verified_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.number} to {self.notice_id}"
