"""The family of a customer, as far as he told of it: people who have no record of their own (INFO-09)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.files import Customer
from guanxi.customers.states import Kin


class FamilyMember(models.Model):
    """Somebody of a customer's family and his birthday; the year only if it was told."""

    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="family")
    kin = models.CharField(_("Who it is"), max_length=8, choices=Kin.choices)
    name = models.CharField(_("Name"), max_length=80, blank=True)
    month = models.SmallIntegerField(_("Month"))
    day = models.SmallIntegerField(_("Day"))
    year = models.SmallIntegerField(_("Year"), null=True, blank=True)
    noted_at = models.DateTimeField(_("Noted"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kin__in=Kin.values), name="customers_family_kin"),
            models.CheckConstraint(
                condition=Q(month__range=(1, 12), day__range=(1, 29))
                | Q(month__in=(1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), day=30)
                | Q(month__in=(1, 3, 5, 7, 8, 10, 12), day=31),
                name="customers_family_day",
            ),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__range=(1900, 2200)), name="customers_family_year"
            ),
            models.UniqueConstraint(fields=["customer", "kin", "name", "month", "day"], name="customers_family_once"),
        ]
        indexes = [models.Index(fields=["month", "day"], name="customers_family_born")]

    def __str__(self) -> str:
        return f"{self.kin} of {self.customer_id}"
