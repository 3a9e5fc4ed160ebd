from django.db import models
from django.utils.translation import gettext_lazy as _


class Mark(models.Model):
    """Up to where a dataset holds what the database holds: all that transactions before ``oldest`` wrote.

    ``origin`` names the table as it lies on the disk and the transaction that wrote this row: brought here by a
    restore, the row names another than its own, the mark is worth nothing and all is read anew.
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
