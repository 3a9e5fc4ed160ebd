"""Listening samples: the sheets by which calls are judged, and the calls that were drawn to be judged."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.models.calls import Call
from guanxi.contact_centre.policy import reviews
from guanxi.network.models import Node


class ScoreSheet(models.Model):
    """What a call is judged by, from a day on: items with their most points, and how many calls of an agent are drawn
    each week. What it says is never changed; a new one follows.
    """

    source = models.CharField(_("Preset"), max_length=40)
    since = models.DateField(_("From"))
    draws = models.SmallIntegerField(_("Calls of an agent and week"))
    items = models.JSONField(_("Items"), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "since"], name="contact_centre_sheet_once"),
            models.CheckConstraint(condition=Q(draws__range=(1, 50)), name="contact_centre_sheet_draws"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.since}"

    @property
    def lines(self) -> tuple[reviews.Item, ...]:
        return tuple(reviews.Item(**row) for row in self.items)


DONE = Q(reviewed_at__isnull=False, sheet__isnull=False, points__isnull=False, most__isnull=False)
OPEN = Q(reviewed_at__isnull=True, sheet__isnull=True, points__isnull=True, most__isnull=True)


class Review(models.Model):
    """A call that was drawn to be listened to, or read again; and the points it got. ``week`` is a Monday."""

    call = models.OneToOneField(Call, models.PROTECT, related_name="review")
    node = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Place"))
    agent_id = models.BigIntegerField(_("Agent"))
    agent_name = models.CharField(_("Agent"), max_length=160)
    week = models.DateField(_("Week from"))
    drawn_at = models.DateTimeField(_("Drawn at"))
    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, null=True, blank=True, related_name="+")
    scores = models.JSONField(_("Points by item"), default=dict, blank=True)
    points = models.SmallIntegerField(_("Points"), null=True, blank=True)
    most = models.SmallIntegerField(_("Most points"), null=True, blank=True)
    note = models.TextField(_("Note"), max_length=2000, blank=True)
    reviewed_at = models.DateTimeField(_("Reviewed"), null=True, blank=True)
    reviewed_by_id = models.BigIntegerField(_("Reviewed by"), null=True, blank=True)
    reviewed_by = models.CharField(_("Reviewed by"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=DONE | OPEN, name="contact_centre_review_whole"),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__gte=0, points__lte=F("most")),
                name="contact_centre_review_points",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by_id__isnull=True) | ~Q(reviewed_by_id=F("agent_id")),
                name="contact_centre_review_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["-week", "-id"], name="contact_centre_review_when"),
            models.Index(fields=["node", "-week", "-id"], name="contact_centre_review_at"),
            models.Index(fields=["agent_id", "-week", "-id"], name="contact_centre_review_of"),
        ]

    def __str__(self) -> str:
        return f"review of {self.call_id}"

    @property
    def share(self) -> int | None:
        """The points of a hundred."""
        return round(100 * self.points / self.most) if self.points is not None and self.most else None
