from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.models import Bilingual
from guanxi.network.states import Kind


class Node(Bilingual):
    """A place of the network. Where it stands is said by its placements, never by itself (ORG-10)."""

    id = models.AutoField(primary_key=True)
    code = models.CharField(_("Code"), max_length=20, unique=True)
    kind = models.CharField(_("Kind"), max_length=16, choices=Kind.choices)
    function = models.CharField(_("Function"), max_length=40, blank=True)
    valid_from = models.DateField(_("Open from"))
    valid_to = models.DateField(_("Closed from"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="network_node_kind_known"),
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9][A-Z0-9._-]*$"), name="network_node_code_shape"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="network_node_closes_after_it_opens",
            ),
            models.CheckConstraint(condition=~Q(kind="PARTNER") | ~Q(function=""), name="network_partner_has_a_type"),
        ]
        indexes = [models.Index(fields=["kind", "code"], name="network_node_kind")]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class OfferedService(Bilingual):
    """A service that an outlet may offer; the list is data of the carmaker."""

    code = models.CharField(_("Code"), max_length=24, primary_key=True)
    position = models.SmallIntegerField(_("Position"), default=0)
    is_current = models.BooleanField(_("In use"), default=True)

    def __str__(self) -> str:
        return self.code


class OutletProfile(models.Model):
    """What a customer needs to know of an outlet, and what it is allowed to do (ORG-12)."""

    node = models.OneToOneField(Node, models.PROTECT, primary_key=True, related_name="profile")
    sells = models.BooleanField(_("Sales"), default=False)
    serves = models.BooleanField(_("Service"), default=False)
    is_key = models.BooleanField(_("Key outlet"), default=False)
    province = models.CharField(_("Province"), max_length=2, blank=True)
    city_zh = models.CharField(_("City (Chinese)"), max_length=40, blank=True)
    city_en = models.CharField(_("City (English)"), max_length=60, blank=True)
    address = models.CharField(_("Address"), max_length=200, blank=True)
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    hotline = models.CharField(_("Service hotline"), max_length=30, blank=True)
    latitude = models.DecimalField(
        _("Latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("Longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    service_radius_km = models.PositiveSmallIntegerField(
        _("Service radius (km)"), null=True, blank=True, validators=[MaxValueValidator(1000)]
    )
    services = models.ManyToManyField(OfferedService, blank=True, verbose_name=_("Services offered"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sells=True) | Q(serves=True), name="network_outlet_does_something"),
            models.CheckConstraint(
                condition=Q(province="") | Q(province__regex=r"^[1-8][0-9]$"), name="network_outlet_province"
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="network_outlet_position_whole",
            ),
        ]
        indexes = [models.Index(fields=["province"], name="network_outlet_province")]

    def __str__(self) -> str:
        return f"profile of {self.node_id}"


class OpeningHours(models.Model):
    """One interval of one weekday (0 = Monday); a day may have several."""

    class Desk(models.TextChoices):
        SALES = "SALES", _("Sales")
        SERVICE = "SERVICE", _("Service")

    node = models.ForeignKey(Node, models.CASCADE, related_name="hours")
    desk = models.CharField(_("Desk"), max_length=8, choices=Desk.choices)
    weekday = models.SmallIntegerField(_("Weekday"))
    opens = models.TimeField(_("Opens"))
    closes = models.TimeField(_("Closes"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="network_hours_weekday"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="network_hours_forward"),
            models.UniqueConstraint(fields=["node", "desk", "weekday", "opens"], name="network_hours_once"),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.desk} {self.weekday} {self.opens}-{self.closes}"


def _span(column: str) -> Func:
    """An integer as a range, so that GiST can compare it without an extension."""
    return Func(F(column), F(column), Value("[]"), function="int4range")


class Placement(models.Model):
    """Where a node stands, from a day to a day. An outlet has one place per brand at a time (ORG-12)."""

    child = models.ForeignKey(Node, models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Node, models.PROTECT, related_name="placed_here")
    brand_id = models.IntegerField(_("Brand"), default=0)
    during = DateRangeField(_("During"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(child=F("parent")), name="network_placement_not_self"),
            models.CheckConstraint(condition=Q(during__isempty=False), name="network_placement_not_empty"),
            models.CheckConstraint(
                condition=Q(during__lower_inf=False, during__lower_inc=True), name="network_placement_starts"
            ),
            ExclusionConstraint(
                name="network_placement_one_at_a_time",
                expressions=[(_span("child"), "&&"), (_span("brand_id"), "&&"), ("during", "&&")],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} under {self.parent_id} {self.during}"


class Ancestry(models.Model):
    """Every node with everything above it, by period; derived from the placements by the database.

    Figures of a day join on ``descendant`` and ``during @> day``, so last year stays under last year's
    branch (issue 2, section 3).
    """

    ancestor = models.ForeignKey(Node, models.CASCADE, related_name="+")
    descendant = models.ForeignKey(Node, models.CASCADE, related_name="ancestry")
    depth = models.SmallIntegerField()
    during = DateRangeField()

    class Meta:
        indexes = [
            models.Index(fields=["ancestor", "descendant"], name="network_ancestry_down"),
            models.Index(fields=["descendant", "ancestor"], name="network_ancestry_up"),
        ]

    def __str__(self) -> str:
        return f"{self.ancestor_id} over {self.descendant_id} {self.during}"


class ImportRun(models.Model):
    """A network import: the file's findings, kept until it is applied or dropped."""

    class State(models.TextChoices):
        CHECKED = "CHECKED", _("Checked")
        APPLIED = "APPLIED", _("Applied")
        REFUSED = "REFUSED", _("Refused")

    at = models.DateTimeField(_("When"))
    person_id = models.BigIntegerField(_("Person"), null=True)
    name = models.CharField(_("File"), max_length=200)
    digest = models.CharField(_("Digest"), max_length=64)
    state = models.CharField(_("State"), max_length=10, choices=State.choices)
    rows = models.JSONField(_("Rows"), default=list)
    problems = models.JSONField(_("Findings"), default=list)
    added = models.IntegerField(_("Added"), default=0)
    changed = models.IntegerField(_("Changed"), default=0)
    applied_at = models.DateTimeField(_("Applied"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="APPLIED", applied_at__isnull=False)
                | (~Q(state="APPLIED") & Q(applied_at__isnull=True)),
                name="network_import_applied_iff_dated",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"
