from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.care.models import Rule
from guanxi.insight.states import Arm
from guanxi.network.models import Node


class Mark(models.Model):
    """Up to where a dataset holds what the database holds: all that transactions before ``oldest`` wrote.

    ``origin`` names the table as it lies on the disk, the columns that are read of it and the transaction that wrote
    this row: brought here by a restore, the row names another than its own, the mark is worth nothing and all is read
    anew; so it is after an upgrade that reads other columns.
    """

    dataset = models.CharField(_("Dataset"), max_length=40, unique=True)
    origin = models.CharField(_("Where it was read"), max_length=80)
    oldest = models.BigIntegerField(_("Oldest transaction under way then"))

    def __str__(self) -> str:
        return self.dataset


class Part(models.Model):
    """One file of a dataset: the rows of a span of keys. Files that no part names are remains and are removed."""

    dataset = models.CharField(_("Dataset"), max_length=40)
    number = models.IntegerField(_("Span of keys"))
    file = models.CharField(_("File"), max_length=60)
    rows = models.IntegerField(_("Rows"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "number"], name="insight_part_once")]

    def __str__(self) -> str:
        return self.file


class Night(models.Model):
    """A day up to which all states were worked out, and what that changed."""

    day = models.DateField(_("Day"), unique=True)
    done_at = models.DateTimeField(_("Done"))
    owners = models.IntegerField(_("Owners changed"))
    cars = models.IntegerField(_("Cars changed"))
    changes = models.IntegerField(_("Changes of state"))

    def __str__(self) -> str:
        return f"{self.day}"


class Touched(models.Model):
    """A customer or a car of which something was written since its state was worked out."""

    customer_id = models.BigIntegerField(_("Customer"), null=True)
    vehicle_id = models.BigIntegerField(_("Car"), null=True)

    def __str__(self) -> str:
        return f"{self.customer_id or self.vehicle_id}"


class EffectTerms(models.Model):
    """By what the effect of a contact rule is judged: how long after its window opened a visit, or a sale, counts as
    following it, and how many customers each arm needs before a comparison is made.
    """

    source = models.CharField(_("Preset"), max_length=40, unique=True)
    came_days = models.SmallIntegerField(_("A visit counts for (days)"), default=30)
    bought_days = models.SmallIntegerField(_("A sale counts for (days)"), default=90)
    fewest = models.SmallIntegerField(_("Fewest customers in an arm"), default=30)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(came_days__range=(1, 365), bought_days__range=(1, 730), fewest__range=(2, 10_000)),
                name="insight_effectterms_numbers",
            )
        ]

    def __str__(self) -> str:
        return self.source


class Effect(models.Model):
    """What followed of the customers of one version of a contact rule, by place, month and arm: counts, no names.

    The month is that in which the window opened. A customer counts once. Of those whose days are over (``closed`` for
    visits, ``settled`` for sales) it is known whether they came or bought; the others are still open. ``days`` holds
    after how many days each of those who came did, in order.
    """

    rule = models.ForeignKey(Rule, models.CASCADE, db_index=False, related_name="+")
    code = models.CharField(_("Rule"), max_length=40, db_collation="C")
    place = models.ForeignKey(Node, models.CASCADE, db_index=False, related_name="+")
    month = models.DateField(_("Month"))
    arm = models.CharField(_("Arm"), max_length=8, choices=Arm.choices)
    customers = models.IntegerField(_("Customers"))
    contacted = models.IntegerField(_("Contacted"))
    reached = models.IntegerField(_("Reached"))
    closed = models.IntegerField(_("Days for a visit are over"))
    came = models.IntegerField(_("Came"))
    settled = models.IntegerField(_("Days for a sale are over"))
    bought = models.IntegerField(_("Bought"))
    days = ArrayField(models.SmallIntegerField(), verbose_name=_("Days until they came"), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "place", "month", "arm"], name="insight_effect_once"),
            models.CheckConstraint(condition=Q(arm__in=Arm.values), name="insight_effect_arm"),
            models.CheckConstraint(
                condition=Q(
                    came__gte=0, came__lte=F("closed"), closed__lte=F("customers"), bought__gte=0,
                    bought__lte=F("settled"), settled__lte=F("customers"), reached__gte=0, reached__lte=F("contacted"),
                    contacted__lte=F("customers"),
                ),
                name="insight_effect_numbers",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["code", "month"], name="insight_effect_of_rule"),
            models.Index(fields=["place", "month"], name="insight_effect_at"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.arm} at {self.place_id} in {self.month}"
