"""How good records are, and the standard that says what is asked of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.files import Customer
from guanxi.customers.states import Binding, Category, Field, Kind
from guanxi.network.models import Node


class Standard(models.Model):
    """One version of the standard of customer information (INFO-15): it holds from its day until the next begins.

    The five weights are those of the marks of a record (INFO-30); ``starts_at`` is the first moment of the day where
    the business lives. ``source`` names the preset that brought it; empty for one that people published.
    """

    valid_from = models.DateField(_("Holds from"), unique=True)
    starts_at = models.DateTimeField()
    note = models.CharField(_("What is new"), max_length=200, blank=True)
    source = models.CharField(_("From preset"), max_length=60, blank=True, db_collation="C")
    published_at = models.DateTimeField(_("Published"))
    person_id = models.BigIntegerField(_("By"), null=True)
    person_name = models.CharField(_("By"), max_length=80)
    complete = models.SmallIntegerField(_("Complete"))
    valid = models.SmallIntegerField(_("Valid"))
    fresh = models.SmallIntegerField(_("Fresh"))
    unique = models.SmallIntegerField(_("Unique"))
    proven = models.SmallIntegerField(_("Proven by use"))
    fresh_days = models.SmallIntegerField(_("Fresh for (days)"))
    stale_days = models.SmallIntegerField(_("Stale after (days)"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(complete=100 - F("valid") - F("fresh") - F("unique") - F("proven")),
                name="customers_standard_whole",
            ),
            models.CheckConstraint(
                condition=Q(fresh_days__gt=0, stale_days__gte=F("fresh_days")), name="customers_standard_days"
            ),
        ]

    def __str__(self) -> str:
        return f"standard from {self.valid_from}"


class StandardField(models.Model):
    """How binding one field is in a version of the standard, what it weighs, and from which category on."""

    standard = models.ForeignKey(Standard, models.CASCADE, db_index=False, related_name="fields")
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices)
    field = models.CharField(_("Field"), max_length=12, choices=Field.choices)
    binding = models.CharField(_("Binding"), max_length=8, choices=Binding.choices)
    weight = models.SmallIntegerField(_("Weight"))
    applies_from = models.CharField(_("From category"), max_length=10, choices=Category.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "kind", "field"], name="customers_standard_field_once"),
            models.CheckConstraint(
                condition=Q(weight__range=(0, 100)) & (~Q(binding=Binding.OPTIONAL) | Q(weight=0)),
                name="customers_standard_field_weight",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.field}"


class Quality(models.Model):
    """How good one record is: five marks of 0 to 100, their mean, and what is wrong (INFO-30, KPI-05, KPI-06)."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="quality")
    complete = models.SmallIntegerField(_("Complete"))
    valid = models.SmallIntegerField(_("Valid"))
    fresh = models.SmallIntegerField(_("Fresh"))
    unique = models.SmallIntegerField(_("Unique"))
    proven = models.SmallIntegerField(_("Proven by use"))
    score = models.SmallIntegerField(_("Quality"))
    doubts = ArrayField(models.CharField(max_length=16), default=list)
    as_of = models.DateField(_("As of"))
    standard = models.ForeignKey(  # nothing checks it: it only says which records a new version grades anew
        Standard, models.DO_NOTHING, null=True, db_index=False, db_constraint=False, related_name="+"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__range=(0, 100)), name="customers_quality_range")]

    def __str__(self) -> str:
        return f"{self.score} of {self.customer_id}"


class OutletQuality(models.Model):
    """The quality of an outlet's records on a day: means and counts, for rank and trend (INFO-34)."""

    outlet = models.ForeignKey(Node, models.CASCADE, db_index=False, related_name="+")
    day = models.DateField(_("Day"))
    customers = models.IntegerField(_("Customers"))
    usable = models.IntegerField(_("Without junk"))
    verified = models.IntegerField(_("Verified"))
    complete = models.DecimalField(_("Complete"), max_digits=5, decimal_places=2)
    valid = models.DecimalField(_("Valid"), max_digits=5, decimal_places=2)
    fresh = models.DecimalField(_("Fresh"), max_digits=5, decimal_places=2)
    unique = models.DecimalField(_("Unique"), max_digits=5, decimal_places=2)
    proven = models.DecimalField(_("Proven by use"), max_digits=5, decimal_places=2)
    score = models.DecimalField(_("Quality"), max_digits=5, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outlet", "day"], name="customers_outlet_quality_once")]

    def __str__(self) -> str:
        return f"{self.outlet_id} {self.day}"
