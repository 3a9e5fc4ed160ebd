"""Terms and tariff of rescues, who helps where, rescues, and each sending of a provider."""

import datetime

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.customers.models import Customer
from guanxi.foundation.models import Bilingual
from guanxi.network.models import Node
from guanxi.rescue import policy
from guanxi.rescue.states import ENDED, RUNS, WITH_PROVIDER, Claim, Result, Sending, State
from guanxi.vehicles.models import Vehicle


class Terms(models.Model):
    """Clocks, cover and roles of rescues from a day on; never rewritten."""

    source = models.CharField(_("Preset"), max_length=40)
    valid_from = models.DateField(_("Valid from"))
    dispatch_minutes = models.SmallIntegerField(_("Dispatched within (minutes)"))
    accept_minutes = models.SmallIntegerField(_("Accepted within (minutes)"))
    ready_minutes = models.SmallIntegerField(_("Minutes to get ready"))
    speed_kmh = models.SmallIntegerField(_("Speed on the road (km/h)"))
    call_back_days = models.SmallIntegerField(_("Called back within (working days)"))
    cover_months = models.SmallIntegerField(_("Months covered from the sale"))
    cover_km = models.IntegerField(_("Kilometres covered"), null=True)
    cover_times = models.SmallIntegerField(_("Rescues covered a year"))
    cover_share = models.SmallIntegerField(_("Share of the house in a hundred"))
    night_from = models.TimeField(_("Night from"))
    night_until = models.TimeField(_("Night until"))
    dispatcher = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("Dispatches"))
    answerer = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("Answers at an outlet"))
    receiver = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("Receives a towed car"))
    caller = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("Calls back"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["valid_from"], name="rescue_terms_once"),
            models.CheckConstraint(
                condition=Q(dispatch_minutes__gte=1, accept_minutes__gte=1, ready_minutes__gte=0, speed_kmh__gte=5,
                            call_back_days__gte=1, cover_months__gte=0, cover_times__gte=0,
                            cover_share__range=(0, 100)),
                name="rescue_terms_possible",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.source} {self.valid_from}"

    @property
    def cover(self) -> policy.Cover:
        return policy.Cover(self.cover_months, self.cover_km, self.cover_times, self.cover_share)


class Help(Bilingual):
    """A kind of help: a jump start, a wheel, a tow."""

    code = models.CharField(_("Code"), max_length=24, primary_key=True)
    position = models.SmallIntegerField(_("Position"), default=0)
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Preset"), max_length=40)

    def __str__(self) -> str:
        return self.code


class Tariff(models.Model):
    """What a kind of help costs from a day on (RESC-03); never rewritten."""

    help = models.ForeignKey(
        Help, models.PROTECT, db_index=False, related_name="tariffs", verbose_name=_("Kind of help")
    )
    valid_from = models.DateField(_("Valid from"))
    base = models.DecimalField(_("Price"), max_digits=10, decimal_places=2)
    per_km = models.DecimalField(_("Each further kilometre"), max_digits=10, decimal_places=2)
    included_km = models.SmallIntegerField(_("Kilometres included"))
    night_percent = models.SmallIntegerField(_("More at night, in a hundred"))
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    source = models.CharField(_("Preset"), max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["help", "valid_from"], name="rescue_tariff_once"),
            models.CheckConstraint(
                condition=Q(base__gte=0, per_km__gte=0, included_km__gte=0, night_percent__gte=0),
                name="rescue_tariff_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.help_id} {self.valid_from}"

    @property
    def rate(self) -> policy.Rate:
        return policy.Rate(self.base, self.per_km, self.included_km, self.night_percent)


class Provider(models.Model):
    """An outlet or partner that helps on the road: where, how far, with what, and whether by night."""

    node = models.OneToOneField(Node, models.PROTECT, primary_key=True, related_name="+", verbose_name=_("Provider"))
    latitude = models.DecimalField(_("Latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("Longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    radius_km = models.SmallIntegerField(
        _("Reach (km)"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    phone = models.CharField(_("Telephone"), max_length=30)
    helps = ArrayField(models.CharField(max_length=24), verbose_name=_("Helps with"))
    is_day_and_night = models.BooleanField(_("Day and night"), default=False)
    is_active = models.BooleanField(_("In use"), default=True)
    changed_at = models.DateTimeField(_("Changed"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="rescue_provider_position_whole",
            ),
            models.CheckConstraint(condition=~Q(phone="") & ~Q(helps=[]), name="rescue_provider_can_be_called"),
        ]

    def __str__(self) -> str:
        return f"provider {self.node_id}"


class Rescue(models.Model):
    """Somebody who needs help on the road (FORM-20). ``place`` took the call and dispatches; ``provider`` has it now;
    ``destination`` is the outlet to which the car is towed. ``token`` names the form that was sent.
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
            models.CheckConstraint(condition=~Q(words="") & ~Q(phone="") & ~Q(where=""), name="rescue_said"),
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
