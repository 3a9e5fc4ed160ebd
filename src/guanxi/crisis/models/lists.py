"""The care list of a crisis: owners whose cars are affected, and how far each has been reached."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.crisis.models.rooms import Crisis
from guanxi.crisis.states import Reached
from guanxi.customers.models import Customer
from guanxi.network.models import Node
from guanxi.vehicles.models import Vehicle


class Affected(models.Model):
    """An owner whose car is affected, at the outlet whose customer he is."""

    crisis = models.ForeignKey(Crisis, models.PROTECT, db_index=False, related_name="affected")
    vehicle = models.ForeignKey(Vehicle, models.CASCADE, db_index=False, related_name="+", verbose_name=_("Car"))
    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="+", verbose_name=_("Owner"))
    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Outlet"))
    state = models.CharField(_("State"), max_length=12, choices=Reached.choices, default=Reached.TO_CONTACT)
    asked_at = models.DateTimeField(_("Call asked for"), null=True, blank=True)
    since = models.DateTimeField(_("Since"))
    by = models.CharField(_("By"), max_length=160)
    note = models.CharField(_("Note"), max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["crisis", "vehicle"], name="crisis_affected_once"),
            models.CheckConstraint(condition=Q(state__in=Reached.values), name="crisis_affected_state"),
        ]
        indexes = [
            models.Index(fields=["customer"], name="crisis_affected_who"),
            models.Index(fields=["vehicle"], name="crisis_affected_car"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.vehicle_id} in {self.crisis_id}"

    @property
    def call_key(self) -> str:
        """The key of the task to call this owner."""
        return f"crisis.call:{self.crisis_id}:{self.vehicle_id}"
