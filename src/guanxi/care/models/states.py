import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.care.policy.pace import expected_km
from guanxi.care.states.owners import AT_RISK, LEAST_COMPLETE, DueBy, Kind, Phase, Record, State
from guanxi.care.states.tiers import Tier
from guanxi.customers.models import Customer
from guanxi.customers.states import OUT_OF_REACH
from guanxi.network.models import Node
from guanxi.vehicles.models import CarModel, MaintenanceStep, Vehicle
from guanxi.vehicles.states import Line


class Terms(models.Model):
    """The limits by which owners and cars are judged, from a day on, for a product line or all (AMB-01, CLASS-34).

    Rows are never changed once their day has come: what was judged by them stays explained.
    """

    source = models.CharField(_("Preset"), max_length=40)
    line = models.CharField(_("Product line"), max_length=12, choices=Line.choices, blank=True)
    valid_from = models.DateField(_("From"))
    window_months = models.SmallIntegerField(_("Window (months)"))
    lost_months = models.SmallIntegerField(_("Lost after (months)"))
    active_visits = models.SmallIntegerField(_("Active from (visits)"))
    swing_visits = models.SmallIntegerField(_("Swing from (visits)"))
    observe_months = models.SmallIntegerField(_("Observed for (months)"), null=True)
    new_months = models.SmallIntegerField(_("New for (months)"))
    new_as = models.CharField(_("New owners are"), max_length=16, choices=State.choices)
    kpi_lost_months = models.SmallIntegerField(_("Lost in the KPI after (months)"))
    new_car_months = models.SmallIntegerField(_("New-car period (months)"))
    ending_days = models.SmallIntegerField(_("Warranty ending (days before)"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "line", "valid_from"], name="care_terms_once"),
            models.CheckConstraint(
                condition=Q(lost_months__lte=models.F("window_months"), lost_months__gt=0), name="care_terms_window"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.line} {self.valid_from}"


class Habit(models.Model):
    """How far cars of a model go a day: what is assumed of a car whose odometer says nothing yet. Without a model:
    of all cars.
    """

    model = models.OneToOneField(CarModel, models.CASCADE, null=True, related_name="+")
    metres = models.IntegerField(_("Metres a day"))
    cars = models.IntegerField(_("Cars"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model"], nulls_distinct=False, name="care_habit_once"),
            models.CheckConstraint(condition=Q(metres__gt=0), name="care_habit_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.metres} m a day of {self.model_id}"


class OwnerState(models.Model):
    """What an owner is to an outlet by his valid visits there, and his tier by what he paid there; without an outlet:
    to the whole network.

    The row of the network is seen by those who see everything and by nobody else: its difference to an outlet's own row
    would say that the owner goes elsewhere (ADR 17).
    """

    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="owner_states")
    outlet = models.ForeignKey(Node, models.CASCADE, null=True, db_index=False, related_name="+")
    state = models.CharField(_("State"), max_length=16, choices=State.choices)
    since = models.DateField(_("Since"))
    before = models.CharField(_("Before"), max_length=16, choices=State.choices, blank=True)
    visits = models.SmallIntegerField(_("Visits in a year"))
    last_visit = models.DateField(_("Last valid visit"), null=True)
    kpi_lost = models.BooleanField(_("Lost by half a year"))
    paid = models.IntegerField(_("Paid in the workshop in a year (yuan)"), default=0)
    tier = models.CharField(_("Value tier"), max_length=8, choices=Tier.choices, default=Tier.NORMAL)
    tier_since = models.DateField(_("In this tier since"), null=True)
    tier_before = models.CharField(_("Tier before"), max_length=8, choices=Tier.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "outlet"], nulls_distinct=False, name="care_state_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="care_state_known"),
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="care_state_tier"),
        ]
        indexes = [
            models.Index(fields=["outlet", "state", "since"], name="care_state_at"),
            models.Index(fields=["state", "since"], name="care_state_since", condition=Q(outlet__isnull=False)),
            models.Index(fields=["last_visit"], name="care_state_last", condition=Q(outlet__isnull=False)),
            models.Index(fields=["tier", "outlet"], name="care_state_tier_at", condition=~Q(tier=Tier.NORMAL)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.state}"

    @property
    def record_risks(self) -> list[str]:
        """What about the record makes an owner hard to follow who is about to be lost or is, in words (INFO-26)."""
        quality = getattr(self.customer, "quality", None)
        if quality is None or self.state not in AT_RISK:
            return []
        found = [str(doubt.label) for doubt in OUT_OF_REACH if doubt in quality.doubts]
        return found + ([str(Record.INCOMPLETE.label)] if quality.complete < LEAST_COMPLETE else [])


class StateChange(models.Model):
    """An owner became something else; never rewritten. An empty state: he was, or is, no owner there."""

    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="+")
    outlet = models.ForeignKey(Node, models.CASCADE, null=True, db_index=False, related_name="+")
    was = models.CharField(_("From"), max_length=16, choices=State.choices, blank=True)
    became = models.CharField(_("To"), max_length=16, choices=State.choices, blank=True)
    on = models.DateField(_("On"))
    noticed_on = models.DateField(_("Noticed on"))

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(was=models.F("became")), name="care_change_is_one")]
        indexes = [
            models.Index(fields=["customer", "-on"], name="care_change_of"),
            models.Index(fields=["outlet", "on"], name="care_change_at"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.was} → {self.became}"


class CarState(models.Model):
    """Where a car stands in its life, how far it goes a day, what is due next. Seen where the car is seen.

    What the odometer shows on a day is reckoned from ``base_km`` on ``base_on`` at ``metres`` a day, so that a night
    without news changes no row.
    """

    vehicle = models.OneToOneField(Vehicle, models.CASCADE, primary_key=True, related_name="care")
    phase = models.CharField(_("Phase"), max_length=16, choices=Phase.choices)
    phase_since = models.DateField(_("Since"), null=True)
    metres = models.IntegerField(_("Metres a day"), null=True)
    metres_least = models.IntegerField(_("At least"), null=True)
    metres_most = models.IntegerField(_("At most"), null=True)
    base_km = models.IntegerField(_("Counted from (km)"), null=True)
    base_on = models.DateField(_("Counted from"), null=True)
    readings = models.SmallIntegerField(_("Readings"), default=0)
    step = models.ForeignKey(MaintenanceStep, models.SET_NULL, null=True, db_index=False, related_name="+")
    due_from = models.DateField(_("Nothing done since"), null=True)
    due_on = models.DateField(_("Due on"), null=True)
    due_by = models.CharField(_("Due by"), max_length=8, choices=DueBy.choices, blank=True)
    due_earliest = models.DateField(_("Earliest"), null=True)
    due_latest = models.DateField(_("Latest"), null=True)
    warranty_ends = models.DateField(_("Warranty ends"), null=True)
    insured_until = models.DateField(_("Insured until"), null=True)
    inspected_until = models.DateField(_("Inspection due"), null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(phase__in=Phase.values), name="care_car_phase")]
        indexes = [
            models.Index(fields=["due_on"], name="care_car_due", condition=Q(due_on__isnull=False)),
            models.Index(fields=["warranty_ends"], name="care_car_warranty", condition=Q(warranty_ends__isnull=False)),
            models.Index(fields=["phase", "phase_since"], name="care_car_phase_since"),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle_id} {self.phase}"

    def km_on(self, day: datetime.date) -> int | None:
        """Return what the odometer is reckoned to show on a day; None if nothing is known."""
        if self.base_km is None or self.base_on is None or self.metres is None:
            return None
        return expected_km(self.base_km, self.base_on, self.metres, day)


class StateCount(models.Model):
    """How many owners an outlet had in a state, or cars in a phase, on a day; without an outlet: the network."""

    outlet = models.ForeignKey(Node, models.CASCADE, null=True, db_index=False, related_name="+")
    day = models.DateField(_("Day"))
    kind = models.CharField(_("What"), max_length=8, choices=Kind.choices)
    code = models.CharField(_("Of which"), max_length=16)
    count = models.IntegerField(_("How many"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["outlet", "day", "kind", "code"], nulls_distinct=False, name="care_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.code} at {self.outlet_id} on {self.day}"
