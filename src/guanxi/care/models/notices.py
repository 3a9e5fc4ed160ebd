"""Weather that concerns customers: entered by hand or fed by a program."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.care.states.weather import Level, Weather
from guanxi.codelists.queries import in_language
from guanxi.foundation import divisions
from guanxi.network.models import Node


class Notice(models.Model):
    """A weather notice: what, where, from when to when, and what to tell. It concerns the customers of a place and of
    all below it, or of all; in a region, or wherever they live. It is never changed, only withdrawn.
    """

    kind = models.CharField(_("Weather"), max_length=10, choices=Weather.choices)
    level = models.CharField(_("Level"), max_length=6, choices=Level.choices, blank=True)
    node = models.ForeignKey(
        Node, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Customers of")
    )
    region = models.CharField(_("Region"), max_length=4, blank=True)
    starts_on = models.DateField(_("From"))
    ends_on = models.DateField(_("To"))
    words_zh = models.CharField(_("What to tell, in Chinese"), max_length=300, blank=True)
    words_en = models.CharField(_("What to tell, in English"), max_length=400, blank=True)
    author = models.CharField(_("By"), max_length=160)
    made_at = models.DateTimeField(_("Written at"))
    withdrawn_at = models.DateTimeField(_("Withdrawn"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Weather.values), name="care_notice_kind"),
            models.CheckConstraint(condition=Q(level="") | Q(level__in=Level.values), name="care_notice_level"),
            models.CheckConstraint(condition=Q(region__regex=r"^(|\d\d|\d\d\d\d)$"), name="care_notice_region"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="care_notice_forward"),
            models.UniqueConstraint(
                fields=["kind", "region", "node", "starts_on"],
                nulls_distinct=False,
                condition=Q(withdrawn_at__isnull=True),
                name="care_notice_once",
            ),
        ]
        indexes = [models.Index(fields=["-starts_on"], name="care_notice_newest")]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.region} {self.starts_on}"

    @property
    def words(self) -> str:
        return in_language(self.words_zh, self.words_en) if self.words_zh else ""

    @property
    def region_name(self) -> str:
        found = divisions.get(self.region)
        return found.name if found else ""
