"""What customers said of wanting to buy (SUP-09)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.states import Intention
from guanxi.customers.models import Customer
from guanxi.network.models import Node
from guanxi.vehicles.models import Vehicle


class PurchaseIntention(models.Model):
    """A customer wants to buy, as he said in a conversation, and the task by which his outlet follows it. Seen where it
    was said and by the outlet; an empty kind: he did not say how.
    """

    key = models.CharField(max_length=160, unique=True, db_collation="C")
    customer = models.ForeignKey(Customer, models.PROTECT, db_index=False, related_name="intentions")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    place = models.ForeignKey(
        Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Where it was said")
    )
    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Outlet"))
    kind = models.CharField(_("How he wants to buy"), max_length=16, choices=Intention.choices, blank=True)
    words = models.TextField(_("What the customer said"), max_length=2000)
    said_at = models.DateTimeField(_("When"))
    person_id = models.BigIntegerField(_("Noted by"), null=True)
    person_name = models.CharField(_("Noted by"), max_length=160, blank=True)
    task_id = models.BigIntegerField(_("Task"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["", *Intention.values]), name="contact_centre_intention_known"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="contact_centre_intention_told"),
        ]
        indexes = [
            models.Index(fields=["-said_at", "-id"], name="contact_intention_when"),
            models.Index(fields=["outlet", "-said_at"], name="contact_intention_at"),
            models.Index(fields=["place", "-said_at"], name="contact_intention_place"),
            models.Index(fields=["customer", "-said_at"], name="contact_intention_of"),
            models.Index(fields=["vehicle"], name="contact_intention_car", condition=Q(vehicle__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def kind_label(self) -> str:
        return str(self.get_kind_display()) if self.kind else str(_("Not said"))
