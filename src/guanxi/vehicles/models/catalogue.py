"""What can be bought: brand > series > model > trim, with options, colours, warranty and maintenance plan."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.models import Bilingual
from guanxi.network.models import Node
from guanxi.vehicles.states import FeatureKind, GuaranteeClass, Line, MaintenanceKind, Powertrain


class Series(Bilingual):
    """A line of models of one brand; the brand is a place of the network."""

    brand = models.ForeignKey(Node, models.PROTECT, related_name="+")
    code = models.CharField(_("Code"), max_length=30, unique=True)
    line = models.CharField(_("Product line"), max_length=12, choices=Line.choices)
    guarantee = models.CharField(_("Three guarantees"), max_length=12, choices=GuaranteeClass.choices)
    is_current = models.BooleanField(_("Sold today"), default=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(line__in=Line.values), name="vehicles_series_line")]

    def __str__(self) -> str:
        return self.code


class CarModel(Bilingual):
    """A model of a series, with its powertrain. ``aliases`` are the names that other systems write."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="models")
    code = models.CharField(_("Code"), max_length=30, unique=True)
    powertrain = models.CharField(_("Powertrain"), max_length=16, choices=Powertrain.choices)
    aliases = models.CharField(_("Other names"), max_length=400, blank=True)
    sold_from = models.DateField(_("Sold from"), null=True, blank=True)
    sold_to = models.DateField(_("Sold until before"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sold_from__isnull=True) | Q(sold_to__isnull=True) | Q(sold_to__gt=F("sold_from")),
                name="vehicles_model_forward",
            )
        ]

    def __str__(self) -> str:
        return self.code


class Trim(Bilingual):
    """A model as it is ordered, with its list price."""

    model = models.ForeignKey(CarModel, models.PROTECT, related_name="trims")
    code = models.CharField(_("Code"), max_length=40, unique=True)
    list_price = models.DecimalField(_("List price"), max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    is_current = models.BooleanField(_("Sold today"), default=True)

    def __str__(self) -> str:
        return self.code


class Feature(Bilingual):
    """An option or a colour of a series."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="features")
    kind = models.CharField(_("Kind"), max_length=8, choices=FeatureKind.choices)
    code = models.CharField(_("Code"), max_length=40)
    price = models.DecimalField(_("Price"), max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "code"], name="vehicles_feature_once")]

    def __str__(self) -> str:
        return self.code


class WarrantyTerm(Bilingual):
    """How long a part of the car is covered: months or kilometres, whichever comes first (LIFE-17)."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="warranty_terms")
    code = models.CharField(_("What is covered"), max_length=30)
    months = models.SmallIntegerField(_("Months"), null=True, blank=True)
    km = models.IntegerField(_("Kilometres"), null=True, blank=True)
    is_whole_car = models.BooleanField(_("Decides the warranty end of the car"), default=False)
    valid_from = models.DateField(_("For cars sold from"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(months__gt=0) | Q(km__gt=0), name="vehicles_warranty_has_a_limit"),
            models.UniqueConstraint(fields=["series", "code", "valid_from"], name="vehicles_warranty_once"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.code}"


class MaintenanceStep(Bilingual):
    """One step of the maintenance plan, by time and mileage; a periodic step repeats."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="maintenance_steps")
    kind = models.CharField(_("Kind"), max_length=10, choices=MaintenanceKind.choices)
    code = models.CharField(_("Code"), max_length=30)
    months = models.SmallIntegerField(_("Months"), null=True, blank=True)
    km = models.IntegerField(_("Kilometres"), null=True, blank=True)
    is_free = models.BooleanField(_("Free of charge"), default=False)
    position = models.SmallIntegerField(_("Position"), default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(months__gt=0) | Q(km__gt=0), name="vehicles_step_has_a_limit"),
            models.UniqueConstraint(fields=["series", "code"], name="vehicles_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.code}"
