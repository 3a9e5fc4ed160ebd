from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.foundation.models import Traced
from guanxi.network.models import Node
from guanxi.vehicles.models import Vehicle
from guanxi.workshop.states import LineKind


class Visit(Traced):
    """A car in the workshop of an outlet; seen by that outlet and those above it (FORM-01, INFO-01).

    ``category`` is a code of the list ``visit_categories`` and ``counts`` what the list said of it then: whether
    the visit is valid (CLASS-46) or not (CLASS-47). Both are missing when the file that brought the visit had a
    word nobody knows.
    """

    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, db_index=False, related_name="visits")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, db_index=False, related_name="visits")
    order_no = models.CharField(_("Order number"), max_length=40, db_collation="C")
    category = models.CharField(_("Category"), max_length=40, blank=True)
    counts = models.BooleanField(_("Valid visit"), null=True)
    entered_on = models.DateField(_("Came on"))
    left_on = models.DateField(_("Left on"), null=True, blank=True)
    km = models.IntegerField(_("Mileage (km)"), null=True, blank=True)
    labour = models.DecimalField(_("Labour"), max_digits=12, decimal_places=2, null=True, blank=True)
    parts = models.DecimalField(_("Parts"), max_digits=12, decimal_places=2, null=True, blank=True)
    total = models.DecimalField(_("Total"), max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    advisor_name = models.CharField(_("Service advisor"), max_length=40, blank=True)
    brought_by = models.CharField(_("Brought by"), max_length=80, blank=True)
    brought_by_phone = models.CharField(_("Telephone of who brought it"), max_length=30, blank=True)
    words = models.TextField(_("The customer's words"), max_length=2000, blank=True)
    remark = models.TextField(_("Remark"), max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outlet", "order_no"], name="workshop_visit_once"),
            models.CheckConstraint(condition=Q(counts__isnull=True) | ~Q(category=""), name="workshop_category"),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("entered_on")), name="workshop_visit_forward"
            ),
            models.CheckConstraint(condition=~Q(order_no=""), name="workshop_visit_numbered"),
        ]
        indexes = [
            models.Index(fields=["vehicle", "-entered_on"], name="workshop_visit_of"),
            models.Index(fields=["outlet", "-entered_on"], name="workshop_visit_at"),
            models.Index(
                fields=["customer", "-entered_on"], name="workshop_visit_by", condition=Q(customer__isnull=False)
            ),
            models.Index(fields=["order_no"], name="workshop_visit_order"),
            BrinIndex(fields=["run_id"], name="workshop_visit_run"),
            models.Index(fields=["-entered_on"], name="workshop_visit_when"),
            models.Index(
                fields=["outlet", "-entered_on"], name="workshop_visit_unknown", condition=Q(counts__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.order_no


class VisitLine(models.Model):
    """One line of a visit's bill: work, a part, or something else."""

    visit = models.ForeignKey(Visit, models.CASCADE, db_index=False, related_name="lines")
    position = models.SmallIntegerField(_("Position"))
    kind = models.CharField(_("Kind"), max_length=8, choices=LineKind.choices)
    code = models.CharField(_("Number"), max_length=40, blank=True)
    name = models.CharField(_("What"), max_length=120)
    quantity = models.DecimalField(_("Quantity"), max_digits=9, decimal_places=2, default=1)
    amount = models.DecimalField(_("Amount"), max_digits=12, decimal_places=2)
    is_warranty = models.BooleanField(_("Paid by warranty"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "position"], name="workshop_line_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.visit_id}"
