"""The working calendar: weeks and special days of places, and the announced public holidays."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.models import Bilingual
from guanxi.network.models import Node
from guanxi.worklist.policy.hours import DAY_SHAPE, WEEK_SHAPE


class WorkingWeek(models.Model):
    """The working hours of a place and everything below it, from a day on; without a place: of the whole network.

    ``hours`` are seven days parted by ``|``. Empty, the place follows those above it again from that day on.
    """

    node = models.ForeignKey(Node, models.CASCADE, null=True, blank=True, db_index=False, related_name="+")
    since = models.DateField(_("From"))
    hours = models.CharField(_("Hours"), max_length=700, blank=True)
    keeps_holidays = models.BooleanField(_("Closed on public holidays"), default=True)
    made_at = models.DateTimeField(_("Written at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "since"], name="worklist_week_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(hours="") | Q(hours__regex=WEEK_SHAPE), name="worklist_week_shape"),
        ]

    def __str__(self) -> str:
        return f"week of {self.node_id} from {self.since}"


class SpecialDay(models.Model):
    """A day on which a place keeps other hours than usual, or none (a closure), with the reason."""

    node = models.ForeignKey(Node, models.CASCADE, null=True, blank=True, db_index=False, related_name="+")
    day = models.DateField(_("Day"))
    hours = models.CharField(_("Hours"), max_length=100, blank=True)
    reason = models.CharField(_("Reason"), max_length=120)
    made_at = models.DateTimeField(_("Written at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "day"], name="worklist_day_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(hours__regex=DAY_SHAPE), name="worklist_day_shape"),
            models.CheckConstraint(condition=~Q(reason=""), name="worklist_day_reasoned"),
        ]

    def __str__(self) -> str:
        return f"{self.day} of {self.node_id}"


class HolidayYear(models.Model):
    """A year whose public holidays have been announced; one that is missing here is not known."""

    year = models.SmallIntegerField(_("Year"), primary_key=True)
    sources = ArrayField(models.CharField(max_length=200), verbose_name=_("Announcements"), default=list)

    def __str__(self) -> str:
        return str(self.year)


class PublicHoliday(Bilingual):
    """A day that an announcement names: off, or a weekend day worked in exchange."""

    day = models.DateField(_("Day"), primary_key=True)
    year = models.ForeignKey(HolidayYear, models.CASCADE, related_name="days")
    is_off = models.BooleanField(_("Day off"))

    def __str__(self) -> str:
        return f"{self.day} {self.name_zh}"
