"""What the watch over complaints found, and by which terms it watches."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.crisis import policy
from guanxi.crisis.models.rooms import Crisis
from guanxi.crisis.states import AlarmState, Cell
from guanxi.network.models import Node


class Terms(models.Model):
    """How the watch counts, how often it may be wrong, and what is normal handling no more; from a day on."""

    source = models.CharField(_("Preset"), max_length=40)
    valid_from = models.DateField(_("Valid from"), unique=True)
    window_days = models.SmallIntegerField(_("Days looked at"))
    base_days = models.SmallIntegerField(_("Days before, to compare with"))
    per_month = models.DecimalField(_("False alarms a month at most"), max_digits=5, decimal_places=2)
    least = models.SmallIntegerField(_("Complaints at least"))
    said_again = models.SmallIntegerField(_("Said again so often"))
    rejected = models.SmallIntegerField(_("Solutions rejected so often"))
    media_least = models.SmallIntegerField(_("Media reports at least"), default=3)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(window_days__range=(1, 90), base_days__range=(7, 730), per_month__gt=0, least__gte=1,
                            said_again__gte=1, rejected__gte=1, media_least__gte=1),
                name="crisis_terms_possible",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.source} {self.valid_from}"


class Alarm(models.Model):
    """More complaints about a model, part, VIN range or outlet than its own past lets expect, or as many media reports
    about a place as the terms name; with all its figures.
    """

    cell = models.CharField(_("Counted by"), max_length=8, choices=Cell.choices)
    key = models.CharField(_("Which"), max_length=40, db_collation="C")
    label = models.CharField(_("Which"), max_length=160)
    place = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Place"))
    day = models.DateField(_("Day"))
    seen = models.IntegerField(_("Seen"))
    before = models.IntegerField(_("Seen before"))
    exposure = models.FloatField(_("Exposure in the days looked at"))
    exposure_before = models.FloatField(_("Exposure in the days before"))
    expected = models.FloatField(_("Expected number"))
    chance = models.FloatField(_("Probability by chance"))
    limit = models.FloatField(_("Alarm at or below"))
    cells = models.IntegerField(_("Compared that night"))
    window_days = models.SmallIntegerField(_("Days looked at"))
    base_days = models.SmallIntegerField(_("Days before, to compare with"))
    state = models.CharField(_("State"), max_length=10, choices=AlarmState.choices, default=AlarmState.OPEN)
    crisis = models.ForeignKey(Crisis, models.PROTECT, null=True, blank=True, related_name="alarms")
    decided_at = models.DateTimeField(_("Decided"), null=True, blank=True)
    decided_by = models.CharField(_("Decided by"), max_length=160, blank=True)
    reason = models.TextField(_("Why dismissed"), max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cell", "key", "day"], name="crisis_alarm_once"),
            models.UniqueConstraint(
                fields=["cell", "key"], condition=Q(state=AlarmState.OPEN), name="crisis_alarm_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state=AlarmState.OPEN, decided_at__isnull=True, crisis__isnull=True, reason="")
                | Q(state=AlarmState.CRISIS, decided_at__isnull=False, crisis__isnull=False)
                | (Q(state=AlarmState.DISMISSED, decided_at__isnull=False, crisis__isnull=True) & ~Q(reason="")),
                name="crisis_alarm_decided_whole",
            ),
        ]
        indexes = [models.Index(fields=["place", "-day"], name="crisis_alarm_at")]

    def __str__(self) -> str:
        return f"{self.cell} {self.key} {self.day}"

    @property
    def odds(self) -> str:
        """The probability by chance, once in so many."""
        return policy.odds(self.chance)

    @property
    def limit_odds(self) -> str:
        """The probability at or below which an alarm is given, once in so many."""
        return policy.odds(self.limit)

    @property
    def task_key(self) -> str:
        """The key of the task to judge it."""
        return f"crisis.alarm:{self.pk}"
