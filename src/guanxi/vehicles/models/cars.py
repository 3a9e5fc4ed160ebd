"""The cars: VIN, plates, who owns and drives them, sale, cover, mileage."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import User
from guanxi.customers.models import Customer
from guanxi.foundation.models import Traced
from guanxi.network.models import Node
from guanxi.vehicles.models.catalogue import Trim
from guanxi.vehicles.states import Condition, DoubtState, ReadingSource, Role


class Vehicle(Traced):
    """A car by its VIN (ISO 3779, GB 16735). It is seen by those who see somebody who drives or owns it now.

    ``plate``, ``odometer_km``, ``sold_on`` and the three ends are the present state; their history stands in
    the tables beside.
    """

    vin = models.CharField(_("VIN"), max_length=17, db_collation="C")
    is_vin_doubtful = models.BooleanField(_("Check digit does not match"), default=False)
    trim = models.ForeignKey(Trim, models.PROTECT, null=True, blank=True, related_name="vehicles")
    model_text = models.CharField(_("Model as written"), max_length=60, blank=True)
    colour = models.CharField(_("Colour"), max_length=30, blank=True)
    engine_no = models.CharField(_("Engine number"), max_length=40, blank=True)
    made_on = models.DateField(_("Made on"), null=True, blank=True)
    plate = models.CharField(_("Plate"), max_length=12, blank=True, db_collation="C")
    condition = models.CharField(_("Condition"), max_length=10, choices=Condition.choices, default=Condition.IN_USE)
    condition_on = models.DateField(_("Since"), null=True, blank=True)
    sold_on = models.DateField(_("Sold on"), null=True, blank=True)
    warranty_until = models.DateField(_("Warranty until"), null=True, blank=True)
    warranty_km = models.IntegerField(_("Warranty up to (km)"), null=True, blank=True)
    insured_until = models.DateField(_("Insured until"), null=True, blank=True)
    inspected_until = models.DateField(_("Inspection due"), null=True, blank=True)
    odometer_km = models.IntegerField(_("Mileage (km)"), null=True, blank=True)
    odometer_on = models.DateField(_("Read on"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vin"], name="vehicles_vin_once"),
            models.CheckConstraint(condition=Q(vin__regex=r"^[A-HJ-NPR-Z0-9]{17}$"), name="vehicles_vin_shape"),
            models.CheckConstraint(
                condition=Q(odometer_km__isnull=True) | Q(odometer_km__range=(0, 5_000_000)),
                name="vehicles_odometer_range",
            ),
        ]
        indexes = [
            models.Index(fields=["plate"], name="vehicles_vehicle_plate", condition=~Q(plate="")),
            *(
                models.Index(fields=[end], name=f"vehicles_{end}", condition=Q(**{f"{end}__isnull": False}))
                for end in ("warranty_until", "insured_until", "inspected_until")
            ),
            BrinIndex(fields=["run_id"], name="vehicles_vehicle_run"),
        ]

    def __str__(self) -> str:
        return self.plate or self.vin


class Plate(Traced):
    """A number plate of a car, from a day to a day (GA 36)."""

    vehicle = models.ForeignKey(Vehicle, models.CASCADE, related_name="plates")
    number = models.CharField(_("Plate"), max_length=12, db_collation="C")
    since = models.DateField(_("Since"), null=True, blank=True)
    until = models.DateField(_("Until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle"], condition=Q(until__isnull=True), name="vehicles_plate_one_now"),
        ]
        indexes = [
            models.Index(fields=["number"], name="vehicles_plate_number"),
            BrinIndex(fields=["run_id"], name="vehicles_plate_run"),
        ]

    def __str__(self) -> str:
        return self.number


class Participant(Traced):
    """Who owns, drives or pays for a car, from a day to a day (INFO-11)."""

    vehicle = models.ForeignKey(Vehicle, models.CASCADE, db_index=False, related_name="participants")
    customer = models.ForeignKey(Customer, models.PROTECT, db_index=False, related_name="cars")
    role = models.CharField(_("Role"), max_length=8, choices=Role.choices)
    since = models.DateField(_("Since"), null=True, blank=True)
    until = models.DateField(_("Until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="vehicles_participant_forward",
            ),
            models.UniqueConstraint(
                fields=["vehicle"], condition=Q(role="OWNER", until__isnull=True), name="vehicles_one_owner"
            ),
            models.UniqueConstraint(
                fields=["vehicle", "customer", "role", "since"], nulls_distinct=False, name="vehicles_participant_once"
            ),
        ]
        indexes = [
            models.Index(fields=["customer"], name="vehicles_participant_of"),
            BrinIndex(fields=["run_id"], name="vehicles_participant_run"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.role} of {self.vehicle_id}"


class Sale(Traced):
    """A car sold by an outlet; seen by that outlet and those above it."""

    vehicle = models.ForeignKey(Vehicle, models.CASCADE, db_index=False, related_name="sales")
    customer = models.ForeignKey(Customer, models.PROTECT, db_index=False, related_name="purchases")
    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+")
    sold_on = models.DateField(_("Sold on"), null=True)
    consultant = models.ForeignKey(User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    consultant_name = models.CharField(_("Consultant"), max_length=40, blank=True)
    price = models.DecimalField(_("Price"), max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("Currency"), max_length=3, default="CNY")
    use = models.CharField(_("Use"), max_length=40, blank=True)
    order_no = models.CharField(_("Order number"), max_length=40, blank=True, db_collation="C")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "outlet"], name="vehicles_sale_once"),
            models.CheckConstraint(condition=Q(price__isnull=True) | Q(price__gte=0), name="vehicles_sale_price"),
        ]
        indexes = [
            models.Index(fields=["outlet", "-sold_on"], name="vehicles_sale_at"),
            models.Index(fields=["customer"], name="vehicles_sale_to"),
            models.Index(fields=["order_no"], name="vehicles_sale_order", condition=~Q(order_no="")),
            BrinIndex(fields=["run_id"], name="vehicles_sale_run"),
        ]

    def __str__(self) -> str:
        return f"sale of {self.vehicle_id}"


class Cover(Traced):
    """Extended cover bought beyond the warranty."""

    vehicle = models.ForeignKey(Vehicle, models.CASCADE, db_index=False, related_name="covers")
    name = models.CharField(_("Cover"), max_length=60)
    since = models.DateField(_("Since"))
    until = models.DateField(_("Until"))
    km = models.IntegerField(_("Up to (km)"), null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("since")), name="vehicles_cover_forward")]
        indexes = [models.Index(fields=["vehicle"], name="vehicles_cover_of")]

    def __str__(self) -> str:
        return f"{self.name} of {self.vehicle_id}"


class Reading(Traced):
    """What the odometer said on a day; an implausible reading is kept but does not count."""

    vehicle = models.ForeignKey(Vehicle, models.CASCADE, db_index=False, related_name="readings")
    read_on = models.DateField(_("Read on"))
    km = models.IntegerField(_("Mileage (km)"))
    source = models.CharField(_("Source"), max_length=8, choices=ReadingSource.choices)
    is_plausible = models.BooleanField(_("Plausible"), default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(km__range=(0, 5_000_000)), name="vehicles_reading_range"),
            models.UniqueConstraint(fields=["vehicle", "read_on", "source"], name="vehicles_reading_once"),
        ]
        indexes = [BrinIndex(fields=["run_id"], name="vehicles_reading_run")]

    def __str__(self) -> str:
        return f"{self.km} km of {self.vehicle_id}"


class OwnerDoubt(models.Model):
    """A hint that a car changed hands: who brought it is not who owns it (LIFE-18)."""

    vehicle = models.ForeignKey(Vehicle, models.CASCADE, related_name="doubts")
    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+")
    seen_on = models.DateField(_("Seen on"))
    name = models.CharField(_("Brought by"), max_length=80, blank=True)
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=DoubtState.choices, default=DoubtState.OPEN)
    decided_at = models.DateTimeField(_("Decided"), null=True)
    run_id = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vehicle", "outlet"], condition=Q(state="OPEN"), name="vehicles_doubt_one_open"
            )
        ]
        indexes = [models.Index(fields=["outlet", "-seen_on"], name="vehicles_doubt_at")]

    def __str__(self) -> str:
        return f"doubt about {self.vehicle_id}"
