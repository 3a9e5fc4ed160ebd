"""What customers' answers say of the work of people at outlets (FUP-24, FUP-25, FUP-28)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.models.calls import Call, Script
from guanxi.contact_centre.states import Judged
from guanxi.network.models import Node


class Rated(models.Model):
    """Somebody whose work customers are asked about, as his outlet knows him: the consultant who delivered, the advisor
    of the visit. Without a number it is a name that came with the sale or the visit.
    """

    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Outlet"))
    judged = models.CharField(_("Whose work"), max_length=12, choices=Judged.choices)
    person_id = models.BigIntegerField(_("Person"), null=True)
    name = models.CharField(_("Name"), max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["outlet", "judged", "person_id", "name"], name="contact_centre_rated_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(judged__in=Judged.values) & ~Q(name=""), name="contact_centre_rated_known"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Rating(models.Model):
    """How many points of a hundred one answer of a call gave somebody. Never changed."""

    call = models.ForeignKey(Call, models.CASCADE, db_index=False, related_name="ratings")
    rated = models.ForeignKey(Rated, models.PROTECT, db_index=False, related_name="ratings")
    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Outlet"))
    script = models.ForeignKey(Script, models.PROTECT, related_name="+", verbose_name=_("Script"))
    key = models.CharField(_("Question"), max_length=40)
    points = models.SmallIntegerField(_("Points of a hundred"))
    day = models.DateField(_("Asked on"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "key"], name="contact_centre_rating_once"),
            models.CheckConstraint(condition=Q(points__range=(0, 100)), name="contact_centre_rating_points"),
        ]
        indexes = [
            models.Index(fields=["rated", "-day"], name="contact_centre_rating_of"),
            models.Index(fields=["outlet", "-day"], name="contact_centre_rating_at"),
        ]

    def __str__(self) -> str:
        return f"{self.points} for {self.key} of call {self.call_id}"
