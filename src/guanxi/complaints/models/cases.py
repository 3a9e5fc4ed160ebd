"""Complaints, the rounds in which each is resolved, and all that was said and done."""

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import User
from guanxi.complaints import policy
from guanxi.complaints.models.rules import Category, Cause, Process
from guanxi.complaints.states import OUTCOMES, Act, Angle, Ending, Kind, Level, Liability, Outcome, Party, State
from guanxi.customers.models import Customer
from guanxi.network.models import Node
from guanxi.vehicles.models import Vehicle
from guanxi.workshop.models import Visit

IS_OPEN = ~Q(state=State.CLOSED)


class Complaint(models.Model):
    """What a customer brought to an outlet, in his words, who is responsible for it, and how it stands.

    ``place`` is where it was taken in: the outlet itself, or the call centre. Whoever is not on file leaves
    ``caller_name``, ``caller_phone`` and ``caller_car``. ``owner`` is the one responsible person. ``due_at`` is what is
    owed next; the deadlines of the first round stay. ``rounds`` counts how often the cause was sought.
    """

    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Outlet"))
    place = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Taken in at"))
    process = models.ForeignKey(
        Process, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Process")
    )  # fmt: skip
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices, default=Kind.COMPLAINT)
    angle = models.CharField(_("Angle"), max_length=8, choices=Angle.choices)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Category")
    )
    level = models.CharField(_("Severity"), max_length=12, choices=Level.choices, default=Level.NORMAL)
    channel = models.CharField(_("Channel"), max_length=40)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Customer")
    )
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Car")
    )
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("Visit to the workshop"),
    )  # fmt: skip
    caller_name = models.CharField(_("Name of the caller"), max_length=80, blank=True)
    caller_phone = models.CharField(_("Number of the caller"), max_length=40, blank=True)
    caller_car = models.CharField(_("Plate of the caller"), max_length=40, blank=True)
    words = models.TextField(_("In the customer's words"), max_length=2000)
    desk = models.CharField(_("Outside desk"), max_length=40, blank=True)
    desk_number = models.CharField(_("Number at the desk"), max_length=40, blank=True)
    answer_by = models.DateField(_("To be answered there by"), null=True, blank=True)
    named = models.CharField(_("People named"), max_length=200, blank=True)
    parties = ArrayField(models.CharField(max_length=12), verbose_name=_("Who else is involved"), default=list)
    amount = models.DecimalField(_("Damage claimed"), max_digits=12, decimal_places=2, null=True, blank=True)
    signs = ArrayField(models.CharField(max_length=24), verbose_name=_("Signs of a crisis"), default=list)
    token = models.CharField(max_length=64, db_collation="C")
    state = models.CharField(_("State"), max_length=12, choices=State.choices, default=State.RECEIVED)
    opened_at = models.DateTimeField(_("Taken in"))
    opened_by_id = models.BigIntegerField(_("Taken in by"), null=True)
    opened_by = models.CharField(_("Taken in by"), max_length=160)
    owner = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("Responsible person"),
    )
    owner_name = models.CharField(_("Responsible person"), max_length=160, blank=True)
    contact_due_at = models.DateTimeField(_("First contact due"))
    contacted_at = models.DateTimeField(_("First contact"), null=True, blank=True)
    solve_due_at = models.DateTimeField(_("To be resolved by"))
    due_at = models.DateTimeField(_("Due next"), null=True, blank=True)
    rounds = models.SmallIntegerField(_("Rounds so far"), default=1)
    is_valid = models.BooleanField(_("Found valid"), null=True, blank=True)
    is_inside = models.BooleanField(_("Can be solved inside"), null=True, blank=True)
    approved = models.DecimalField(_("Compensation approved"), max_digits=12, decimal_places=2, null=True, blank=True)
    approved_by = models.CharField(_("Approved by"), max_length=160, blank=True)
    ending = models.CharField(_("How it was closed"), max_length=12, choices=Ending.choices, blank=True)
    summary = models.TextField(_("Summary"), max_length=2000, blank=True)
    outcome = models.CharField(_("What came of it"), max_length=12, choices=Outcome.choices, blank=True)
    is_told = models.BooleanField(_("Customer told"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Closed"), null=True, blank=True)
    liability = models.CharField(_("Fault"), max_length=16, choices=Liability.choices, blank=True)
    liable = models.CharField(_("Person at fault"), max_length=160, blank=True)
    fine = models.DecimalField(_("Fine"), max_digits=8, decimal_places=2, null=True, blank=True)
    late_fine = models.DecimalField(_("Fine for lateness"), max_digits=8, decimal_places=2, null=True, blank=True)
    judged_at = models.DateTimeField(_("Judged"), null=True, blank=True)
    judged_by = models.CharField(_("Judged by"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opened_by_id", "token"], nulls_distinct=False, name="complaints_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=State.values, kind__in=Kind.values, angle__in=Angle.values, level__in=Level.values
                ),
                name="complaints_known",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="complaints_said"),
            models.CheckConstraint(
                condition=~Q(desk="") | Q(desk_number="", answer_by__isnull=True), name="complaints_desk_named"
            ),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED, ended_at__isnull=False, due_at__isnull=True, ending__in=Ending.values)
                | (IS_OPEN & Q(ended_at__isnull=True, due_at__isnull=False, ending="")),
                name="complaints_ended_iff_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED, kind=Kind.COMPLAINT)
                | Q(ending=Ending.CONFIRMED)
                | (Q(ending=Ending.EXPLAINED, is_valid=False) & ~Q(summary="")),
                name="complaints_closed_by_his_word",
            ),
            models.CheckConstraint(
                condition=Q(outcome="")
                | Q(ending=Ending.ANSWERED, kind=Kind.SUGGESTION, outcome__in=OUTCOMES[Kind.SUGGESTION])
                | Q(ending=Ending.ANSWERED, kind=Kind.PRAISE, outcome__in=OUTCOMES[Kind.PRAISE]),
                name="complaints_outcome_fits",
            ),
            models.CheckConstraint(
                condition=Q(liability="", judged_at__isnull=True, fine__isnull=True, late_fine__isnull=True)
                | Q(liability__in=Liability.values, judged_at__isnull=False),
                name="complaints_judged_whole",
            ),
            models.CheckConstraint(
                condition=Q(fine__isnull=True) | Q(liability=Liability.RESPONSIBLE), name="complaints_fine_judged"
            ),
            models.CheckConstraint(
                condition=Q(contact_due_at__gte=F("opened_at"), rounds__gte=1), name="complaints_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["outlet", "-opened_at"], name="complaints_at"),
            models.Index(fields=["place", "-opened_at"], name="complaints_from"),
            models.Index(fields=["customer", "-opened_at"], condition=Q(customer__isnull=False), name="complaints_of"),
            models.Index(fields=["vehicle"], condition=Q(vehicle__isnull=False), name="complaints_car"),
            models.Index(fields=["visit"], condition=Q(visit__isnull=False), name="complaints_visit"),
            models.Index(fields=["owner"], condition=IS_OPEN & Q(owner__isnull=False), name="complaints_owned"),
            models.Index(  # counts, and the keys of a page, come from these alone: of a million rows none is opened
                fields=["due_at"], include=["state", "outlet", "place", "owner", "angle", "opened_at", "id"],
                condition=IS_OPEN, name="complaints_due",
            ),
            models.Index(fields=["-opened_at", "id"], include=["outlet", "place"], name="complaints_newest"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="complaints_ended"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"TS{self.pk:07d}"

    @property
    def title(self) -> str:
        """What it is about in a few words: the category, or the beginning of what was said."""
        return self.category.name if self.category else self.words[:40]

    @property
    def parties_shown(self) -> str:
        """Who else is involved, in the reader's language."""
        names = dict(Party.choices)
        return " · ".join(str(names[party]) for party in self.parties)

    def is_late(self, at: datetime.datetime) -> bool:
        return policy.is_late(self.state, self.due_at, at)

    def key(self, work: str) -> str:
        """Return the key of the task that is written for a step of this complaint."""
        return f"{work}:{self.pk}"


class Round(models.Model):
    """One pass: the cause, what was agreed and done, what the customer said when asked; then never changed."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, db_index=False, related_name="passes")
    number = models.SmallIntegerField(_("Which round"))
    began_at = models.DateTimeField(_("Began"))
    due_at = models.DateTimeField(_("To be resolved by"))
    cause = models.ForeignKey(Cause, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Cause"))
    system = models.CharField(_("System of the car"), max_length=40, blank=True)
    part = models.CharField(_("Part of the car"), max_length=80, blank=True)
    fault_code = models.CharField(_("Fault code"), max_length=40, blank=True)
    analysis = models.TextField(_("Analysis of the cause"), max_length=2000, blank=True)
    plan = models.TextField(_("Plan agreed with the customer"), max_length=2000, blank=True)
    measure = models.TextField(_("What was done about it"), max_length=2000, blank=True)
    compensation = models.DecimalField(_("Compensation"), max_digits=12, decimal_places=2, null=True, blank=True)
    resolved_at = models.DateTimeField(_("Resolved"), null=True, blank=True)
    resolved_by_id = models.BigIntegerField(_("Resolved by"), null=True, blank=True)
    resolved_by = models.CharField(_("Resolved by"), max_length=160, blank=True)
    revisit_due_at = models.DateTimeField(_("Customer to be asked by"), null=True, blank=True)
    asked_at = models.DateTimeField(_("Customer asked"), null=True, blank=True)
    asked_by = models.CharField(_("Asked by"), max_length=160, blank=True)
    is_satisfied = models.BooleanField(_("Satisfied"), null=True, blank=True)
    verdict = models.TextField(_("Word of the customer"), max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "number"], name="complaints_round_once"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, measure="")
                | (Q(resolved_at__isnull=False, cause__isnull=False) & ~Q(plan="") & ~Q(measure="")),
                name="complaints_round_resolved_whole",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=True, is_satisfied__isnull=True, verdict="")
                | (Q(asked_at__isnull=False, is_satisfied__isnull=False, resolved_at__isnull=False) & ~Q(verdict="")),
                name="complaints_round_asked_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"round {self.number} of {self.complaint_id}"


class Deed(models.Model):
    """Something that was said or done about a complaint: who, when, in which words. Never changed."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, db_index=False, related_name="deeds")
    at = models.DateTimeField(_("When"))
    person_id = models.BigIntegerField(_("Person"), null=True)
    person_name = models.CharField(_("Person"), max_length=160)
    act = models.CharField(_("What"), max_length=12, choices=Act.choices)
    words = models.TextField(_("Words"), max_length=2000, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(act__in=Act.values), name="complaints_deed_known")]
        indexes = [models.Index(fields=["complaint", "at"], name="complaints_deed_of")]

    def __str__(self) -> str:
        return f"{self.act} of {self.complaint_id}"
