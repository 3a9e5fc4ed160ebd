"""A crisis, the complaints that belong to it, its log, and the versions of its statement."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import User
from guanxi.complaints.models import Category, Complaint
from guanxi.crisis.states import Act, Risk, Stage, State
from guanxi.network.models import Node
from guanxi.vehicles.models import CarModel


class Crisis(models.Model):
    """What normal handling cannot remove and what may have bad effects (CRIS-01): one person leads it from one room.

    ``types`` are codes of the signs of a crisis (CLASS-44). ``matter`` is the part or matter, as complaints call it.
    ``admitted``: to whom the room is closed, beside who is in charge and who leads crises of the whole network.
    """

    place = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Place"))
    title = models.CharField(_("What it is about"), max_length=160)
    types = ArrayField(models.CharField(max_length=24), verbose_name=_("Types of crisis"), default=list)
    model = models.ForeignKey(
        CarModel, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Model")
    )
    matter = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("Part or matter"),
    )  # fmt: skip
    risk = models.CharField(_("Risk"), max_length=8, choices=Risk.choices)
    amount = models.DecimalField(_("Possible damage"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("In charge")
    )
    owner_name = models.CharField(_("In charge"), max_length=160, blank=True)
    spokesperson = models.CharField(_("Spokesperson"), max_length=160, blank=True)
    authority = models.CharField(_("Authority or media"), max_length=200, blank=True)
    state = models.CharField(_("State"), max_length=8, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(_("Opened on"))
    opened_by_id = models.BigIntegerField(_("Opened by"), null=True)
    opened_by = models.CharField(_("Opened by"), max_length=160)
    calmed_at = models.DateTimeField(_("Calmed on"), null=True, blank=True)
    closed_at = models.DateTimeField(_("Closed on"), null=True, blank=True)
    conclusion = models.TextField(_("Conclusion"), max_length=2000, blank=True)
    may_contact = models.BooleanField(_("Offers and care go on"), default=False)
    admitted = ArrayField(models.BigIntegerField(), verbose_name=_("Closed to"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values, risk__in=Risk.values) & ~Q(title=""), name="crisis_known"
            ),
            models.CheckConstraint(
                condition=(Q(state=State.CLOSED, closed_at__isnull=False) & ~Q(conclusion=""))
                | (~Q(state=State.CLOSED) & Q(closed_at__isnull=True, conclusion="")),
                name="crisis_closed_with_conclusion",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="crisis_amount_possible"
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="crisis_currency"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["place", "-opened_at"], name="crisis_at"),
            models.Index(fields=["id"], condition=Q(admitted__isnull=False), name="crisis_shut"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"WJ{self.pk:06d}"

    @property
    def source(self) -> str:
        """The name under which its people are left alone."""
        return f"crisis:{self.pk}"

    @property
    def is_shut(self) -> bool:
        """Whether the room is closed to named people."""
        return self.admitted is not None

    @property
    def lead_key(self) -> str:
        """The key of the task of whoever is in charge."""
        return f"crisis.lead:{self.pk}"


class Link(models.Model):
    """A complaint that belongs to a crisis. While the crisis runs (``is_open``) the complaint is in no other one."""

    crisis = models.ForeignKey(Crisis, models.PROTECT, db_index=False, related_name="links")
    complaint = models.ForeignKey(Complaint, models.PROTECT, db_index=False, related_name="+")
    is_open = models.BooleanField(default=True)
    at = models.DateTimeField(_("When"))
    by = models.CharField(_("By"), max_length=160)
    off_at = models.DateTimeField(_("Taken off"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["crisis", "complaint"], name="crisis_link_once"),
            models.UniqueConstraint(fields=["complaint"], condition=Q(is_open=True), name="crisis_link_one_open"),
            models.CheckConstraint(condition=Q(off_at__isnull=True) | Q(is_open=False), name="crisis_link_off"),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} in {self.crisis_id}"


class Entry(models.Model):
    """A line of the log: what was heard, decided and done, who, when. Never changed, never removed (AMB-32)."""

    crisis = models.ForeignKey(Crisis, models.PROTECT, db_index=False, related_name="entries")
    at = models.DateTimeField(_("When"))
    person_id = models.BigIntegerField(_("Person"), null=True)
    person_name = models.CharField(_("Person"), max_length=160)
    act = models.CharField(_("What"), max_length=12, choices=Act.choices)
    words = models.TextField(_("Words"), max_length=2000, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(act__in=Act.values), name="crisis_entry_known")]
        indexes = [models.Index(fields=["crisis", "at"], name="crisis_entry_of")]

    def __str__(self) -> str:
        return f"{self.act} of {self.crisis_id}"


class Statement(models.Model):
    """A version of what is said outside: written, approved by somebody else, said once; its words never change."""

    crisis = models.ForeignKey(Crisis, models.PROTECT, db_index=False, related_name="statements")
    version = models.SmallIntegerField(_("Version"))
    words = models.TextField(_("Statement"), max_length=4000)
    stage = models.CharField(_("State"), max_length=8, choices=Stage.choices, default=Stage.DRAFT)
    written_at = models.DateTimeField(_("Written at"))
    written_by_id = models.BigIntegerField(_("Written by"), null=True)
    written_by = models.CharField(_("Written by"), max_length=160)
    approved_at = models.DateTimeField(_("Approved at"), null=True, blank=True)
    approved_by_id = models.BigIntegerField(_("Approved by"), null=True, blank=True)
    approved_by = models.CharField(_("Approved by"), max_length=160, blank=True)
    said_at = models.DateTimeField(_("Said at"), null=True, blank=True)
    said_to = models.CharField(_("Said to"), max_length=200, blank=True)
    said_by = models.CharField(_("Said by"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["crisis", "version"], name="crisis_statement_once"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values) & ~Q(words=""), name="crisis_statement_known"),
            models.CheckConstraint(
                condition=Q(stage=Stage.DRAFT, approved_at__isnull=True, said_at__isnull=True)
                | Q(stage=Stage.APPROVED, approved_at__isnull=False, said_at__isnull=True)
                | (Q(stage=Stage.SAID, approved_at__isnull=False, said_at__isnull=False) & ~Q(said_to="")),
                name="crisis_statement_in_order",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | (
                    Q(approved_by_id__isnull=False)
                    & (Q(written_by_id__isnull=True) | ~Q(approved_by_id=F("written_by_id")))
                ),
                name="crisis_statement_four_eyes",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"version {self.version} of {self.crisis_id}"
