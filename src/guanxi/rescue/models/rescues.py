"""Rescues, and each sending of a provider."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.network.models import Node
from guanxi.rescue.models.terms import Discount, Help
from guanxi.rescue.states import ENDED, RUNS, WITH_PROVIDER, Claim, Result, Sending, State
from guanxi.vehicles.models import Vehicle


class Rescue(models.Model):
    """Somebody who needs help on the road (FORM-20). ``place`` took the call and dispatches; ``provider`` has it now;
    ``destination`` is the outlet to which the car is towed. ``token`` names the form that was sent. A car that called
    by itself says its ``reference`` there and its ``vin``, on file or not; nobody's number may be known then (RESC-12).
    """

    place = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Taken at"))
    token = models.CharField(max_length=64, db_collation="C")
    state = models.CharField(_("State"), max_length=9, choices=State.choices, default=State.TAKEN)
    help = models.ForeignKey(Help, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Kind of help"))
    is_hurt = models.BooleanField(_("Somebody is hurt"))
    is_safe = models.BooleanField(_("Everybody is in safety"))
    on_expressway = models.BooleanField(_("On an expressway"))
    can_move = models.BooleanField(_("The car can move"))
    people = models.SmallIntegerField(_("How many people"), default=1)
    caller = models.CharField(_("Name of the caller"), max_length=80)
    phone = models.CharField(_("Call back number"), max_length=30, db_collation="C")
    plate = models.CharField(_("Plate"), max_length=12, blank=True)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Customer")
    )
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Car")
    )
    reference = models.CharField(_("Number of the emergency call"), max_length=60, blank=True, db_collation="C")
    vin = models.CharField(_("VIN as the car said it"), max_length=20, blank=True, db_collation="C")
    where = models.CharField(_("Where"), max_length=200)
    latitude = models.DecimalField(_("Latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("Longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    words = models.TextField(_("Course of events"), max_length=2000)
    claim = models.CharField(_("Who pays"), max_length=9, choices=Claim.choices)
    share = models.SmallIntegerField(_("Share of the house in a hundred"))
    quoted = models.DecimalField(_("Quoted"), max_digits=10, decimal_places=2, null=True, blank=True)
    quoted_customer = models.DecimalField(
        _("Quoted to the customer"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    discount = models.ForeignKey(
        Discount, models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("Discount for members"),
    )  # fmt: skip
    discounted = models.DecimalField(_("Less for members"), max_digits=10, decimal_places=2, null=True, blank=True)
    settled = models.DecimalField(_("Settled"), max_digits=10, decimal_places=2, null=True, blank=True)
    settled_customer = models.DecimalField(
        _("Paid by the customer"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    taken_at = models.DateTimeField(_("Taken"))
    taken_by_id = models.BigIntegerField(_("Taken by"), null=True)
    taken_by = models.CharField(_("Taken by"), max_length=160)
    due_at = models.DateTimeField(_("Next step due"))
    provider = models.ForeignKey(
        Node, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Provider")
    )
    eta_at = models.DateTimeField(_("Expected"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("Arrived"), null=True, blank=True)
    done_at = models.DateTimeField(_("Help given"), null=True, blank=True)
    result = models.CharField(_("Result"), max_length=9, choices=Result.choices, blank=True)
    destination = models.ForeignKey(
        Node, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Towed to")
    )
    visit_id = models.BigIntegerField(_("Workshop visit"), null=True, blank=True)
    score = models.SmallIntegerField(_("Score"), null=True, blank=True)
    verdict = models.TextField(_("Word of the customer"), max_length=2000, blank=True)
    reason = models.CharField(_("Reason"), max_length=400, blank=True)
    ended_at = models.DateTimeField(_("Ended"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["taken_by_id", "token"], nulls_distinct=False, name="rescue_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="rescue_state"),
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(where="") & (~Q(phone="") | ~Q(reference="")), name="rescue_said"
            ),
            models.CheckConstraint(
                condition=Q(discount__isnull=True, discounted__isnull=True)
                | Q(discount__isnull=False, discounted__gt=0, quoted_customer__gte=0),
                name="rescue_discount_said",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False) | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
                name="rescue_ended_iff_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*WITH_PROVIDER, State.DONE, State.CLOSED]) | Q(provider__isnull=False),
                name="rescue_has_a_provider",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.DONE, State.CLOSED]) | (Q(done_at__isnull=False) & ~Q(result="")),
                name="rescue_done_whole",
            ),
            models.CheckConstraint(
                condition=Q(result="TOWED", destination__isnull=False) | (~Q(result="TOWED") & Q(destination=None)),
                name="rescue_towed_somewhere",
            ),
            models.CheckConstraint(
                condition=~Q(state="CLOSED") | (Q(score__range=(1, 5)) & ~Q(verdict="")), name="rescue_called_back"
            ),
            models.CheckConstraint(condition=~Q(state="CANCELLED") | ~Q(reason=""), name="rescue_cancelled_why"),
        ]
        indexes = [
            models.Index(fields=["place", "-taken_at"], name="rescue_at"),
            models.Index(fields=["provider", "-taken_at"], condition=Q(provider__isnull=False), name="rescue_by"),
            models.Index(fields=["destination"], condition=Q(destination__isnull=False), name="rescue_to"),
            models.Index(fields=["customer", "-taken_at"], condition=Q(customer__isnull=False), name="rescue_of"),
            models.Index(fields=["vehicle", "-taken_at"], condition=Q(vehicle__isnull=False), name="rescue_of_car"),
            models.Index(fields=["due_at"], condition=~Q(state__in=ENDED), name="rescue_due"),
            models.Index(fields=["-taken_at"], name="rescue_newest"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"JY{self.pk:06d}"

    def key(self, work: str) -> str:
        """Return the key of the task that is written for a step of this rescue."""
        return f"rescue:{self.pk}:{work}"

    def is_late(self, at: datetime.datetime) -> bool:
        return self.state not in ENDED and self.due_at < at


class Dispatch(models.Model):
    """One sending of a provider to a rescue, and what came of it (RESC-06, RESC-08)."""

    rescue = models.ForeignKey(Rescue, models.CASCADE, db_index=False, related_name="dispatches")
    number = models.SmallIntegerField(_("Which sending"))
    provider = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Provider"))
    state = models.CharField(_("State"), max_length=8, choices=Sending.choices, default=Sending.SENT)
    road_km = models.SmallIntegerField(_("Kilometres by road"), null=True, blank=True)
    sent_at = models.DateTimeField(_("Dispatched at"))
    sent_by = models.CharField(_("Sent by"), max_length=160)
    due_at = models.DateTimeField(_("Answer due"))
    answered_at = models.DateTimeField(_("Answered"), null=True, blank=True)
    answered_by = models.CharField(_("Answered by"), max_length=160, blank=True)
    eta_at = models.DateTimeField(_("Expected"), null=True, blank=True)
    crew = models.CharField(_("Who comes"), max_length=80, blank=True)
    crew_phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    truck = models.CharField(_("Plate of the truck"), max_length=12, blank=True)
    arrived_at = models.DateTimeField(_("Arrived"), null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=400, blank=True)
    is_complaint = models.BooleanField(_("Complained about"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rescue", "number"], name="rescue_dispatch_once"),
            models.UniqueConstraint(fields=["rescue"], condition=Q(state__in=RUNS), name="rescue_dispatch_one_runs"),
            models.CheckConstraint(condition=Q(state__in=Sending.values), name="rescue_dispatch_state"),
            models.CheckConstraint(
                condition=~Q(state__in=["ACCEPTED", "ARRIVED", "FINISHED"]) | Q(eta_at__isnull=False),
                name="rescue_dispatch_accepted_until",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("sent_at")), name="rescue_dispatch_forward"),
        ]
        indexes = [
            models.Index(fields=["provider", "-sent_at"], name="rescue_dispatch_by"),
            models.Index(fields=["due_at"], condition=Q(state="SENT"), name="rescue_dispatch_due"),
        ]

    def __str__(self) -> str:
        return f"sending {self.number} of {self.rescue_id}"
