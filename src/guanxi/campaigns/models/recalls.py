"""Recalls and service campaigns by a list of cars, and how far each car has come."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.campaigns.states import STARTED, CarState, Channel, State
from guanxi.customers.models import Customer
from guanxi.network.models import Node
from guanxi.vehicles.models import Vehicle
from guanxi.workshop.models import Visit


class Recall(models.Model):
    """A recall or a service campaign of a place: what is done to the cars of its list, and how their owners are
    invited. ``is_safety``: calls and letters need no consent. A second person approves it before anybody is invited.
    """

    name = models.CharField(_("Name of the campaign"), max_length=120)
    reference = models.CharField(_("Number of the authority or maker"), max_length=40, blank=True)
    about = models.TextField(_("What is to be done"), max_length=2000)
    node = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Place"))
    is_safety = models.BooleanField(_("Safety: needs no consent"), default=False)
    channel = models.CharField(_("Channel"), max_length=8, choices=Channel.choices)
    template = models.CharField(_("Template"), max_length=40, blank=True)
    role = models.ForeignKey(Role, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Whose tasks"))
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.DRAFT)
    reason = models.CharField(_("Reason"), max_length=400, blank=True)
    made_at = models.DateTimeField(_("Written at"))
    made_by = models.CharField(_("Written by"), max_length=160)
    submitted_at = models.DateTimeField(_("Submitted at"), null=True, blank=True)
    submitted_by_id = models.BigIntegerField(_("Submitted by"), null=True, blank=True)
    submitted_by = models.CharField(_("Submitted by"), max_length=160, blank=True)
    approved_at = models.DateTimeField(_("Approved at"), null=True, blank=True)
    approved_by_id = models.BigIntegerField(_("Approved by"), null=True, blank=True)
    approved_by = models.CharField(_("Approved by"), max_length=160, blank=True)
    opened_at = models.DateTimeField(_("Opened at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("Closed at"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="campaigns_recall_state"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(about=""), name="campaigns_recall_said"),
            models.CheckConstraint(
                condition=Q(state__in=STARTED, opened_at__isnull=False)
                | (~Q(state__in=STARTED) & Q(opened_at__isnull=True)),
                name="campaigns_recall_opened_iff_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.APPROVED, *STARTED]) | Q(approved_at__isnull=False),
                name="campaigns_recall_approved",
            ),
            models.CheckConstraint(
                condition=Q(submitted_by_id__isnull=True)
                | Q(approved_by_id__isnull=True)
                | ~Q(submitted_by_id=F("approved_by_id")),
                name="campaigns_recall_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.RETURNED, State.CANCELLED]) | ~Q(reason=""),
                name="campaigns_recall_reasoned",
            ),
        ]
        indexes = [models.Index(fields=["node", "-made_at"], name="campaigns_recall_at")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"ZH{self.pk:06d}"

    @property
    def key(self) -> str:
        """The one reason for which an owner is written to in this recall."""
        return f"recall:{self.pk}"

    def key_of(self, vehicle_id: int, work: str = "invite") -> str:
        """Return the key of the task about one car: to invite its owner, or to find another way to him."""
        return f"recall:{self.pk}:{vehicle_id}:{work}"

    @property
    def is_written(self) -> bool:
        return self.channel in {Channel.SMS, Channel.EMAIL}


class RecallCar(models.Model):
    """One car of a recall: its owner and outlet when it came onto the list, and how far it has come.

    What comes onto the list of a running recall waits for a second person: ``is_approved``.
    """

    recall = models.ForeignKey(Recall, models.CASCADE, db_index=False, related_name="cars")
    vehicle = models.ForeignKey(Vehicle, models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, blank=True, related_name="+")
    outlet = models.ForeignKey(Node, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    state = models.CharField(_("State"), max_length=12, choices=CarState.choices, default=CarState.OPEN)
    is_approved = models.BooleanField(_("Approved"), default=True)
    added_by_id = models.BigIntegerField(_("Put on the list by"), null=True, blank=True)
    since = models.DateTimeField(_("Since"))
    invited_at = models.DateTimeField(_("Invited at"), null=True, blank=True)
    done_on = models.DateField(_("Done on"), null=True, blank=True)
    visit = models.ForeignKey(Visit, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.CharField(_("In words"), max_length=400, blank=True)
    by = models.CharField(_("Recorded by"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "vehicle"], name="campaigns_car_once"),
            models.CheckConstraint(condition=Q(state__in=CarState.values), name="campaigns_car_state"),
            models.CheckConstraint(
                condition=Q(state=CarState.DONE, done_on__isnull=False)
                | (~Q(state=CarState.DONE) & Q(done_on__isnull=True)),
                name="campaigns_car_done_iff_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["outlet", "recall"], name="campaigns_car_at"),
            models.Index(
                fields=["recall", "outlet"], condition=Q(state="OPEN", is_approved=True), name="campaigns_car_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} of {self.recall_id}"
