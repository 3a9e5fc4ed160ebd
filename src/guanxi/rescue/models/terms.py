"""Terms, kinds of help, tariff and discounts of rescues, and who helps where."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.customers.states import Category
from guanxi.foundation.models import Bilingual
from guanxi.network.models import Node
from guanxi.rescue import policy


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
    call_help = models.CharField(_("Help for a car that calls by itself"), max_length=24, default="TOW")
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


class Discount(Bilingual):
    """What a member pays less, from a day to a day (RESC-11): those with a tag, or of a class, at an
    outlet of the network.

    Kilometres that are free for him, then so much in a hundred of the rest. Never rewritten. No helps: with all.
    """

    code = models.CharField(_("Code"), max_length=24, db_collation="C")
    valid_from = models.DateField(_("Valid from"))
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    tag = models.CharField(_("Tag of the customer"), max_length=24, blank=True)
    category = models.CharField(_("Class of the customer"), max_length=10, choices=Category.choices, blank=True)
    helps = ArrayField(models.CharField(max_length=24), verbose_name=_("With these kinds of help"), default=list)
    percent = models.SmallIntegerField(_("Less, in a hundred"))
    free_km = models.SmallIntegerField(_("Kilometres free for members"))
    source = models.CharField(_("Preset"), max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="rescue_discount_once"),
            models.CheckConstraint(
                condition=Q(percent__range=(0, 100), free_km__range=(0, 1000)) & ~Q(percent=0, free_km=0),
                name="rescue_discount_possible",
            ),
            models.CheckConstraint(
                condition=(Q(tag="") & ~Q(category="")) | (~Q(tag="") & Q(category="")), name="rescue_discount_of_whom"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="rescue_discount_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"

    @property
    def less(self) -> policy.Less:
        return policy.Less(self.percent, self.free_km)


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
