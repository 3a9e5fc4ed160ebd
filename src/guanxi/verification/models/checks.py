"""The fields that are verified and when, and checks with what was found."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.customers.models import Customer
from guanxi.foundation.models import Bilingual
from guanxi.network.models import Node
from guanxi.vehicles.models import Vehicle
from guanxi.verification.states import About, Found, Klass, Source, Truth, Verdict
from guanxi.workshop.models import Visit


class Field(Bilingual):
    """One field of the record that is compared in a call (FORM-10).

    Basic fields decide whether the record is valid; ``truth`` is what a warranty repair becomes when this field is
    wrong; what is corrected goes to the outlet on an order.
    """

    code = models.CharField(_("Code"), max_length=24, primary_key=True)
    klass = models.CharField(_("Class of information"), max_length=10, choices=Klass.choices)
    source = models.CharField(_("From the record"), max_length=10, choices=Source.choices)
    ask_zh = models.CharField(_("How to ask"), max_length=200, blank=True)
    ask_en = models.CharField(_("How to ask"), max_length=200, blank=True)
    is_basic = models.BooleanField(_("Basic field"), default=False)
    is_corrected = models.BooleanField(_("Corrected by the outlet"), default=True)
    truth = models.CharField(_("Makes a repair"), max_length=8, choices=Truth.choices, blank=True)
    position = models.SmallIntegerField(_("Position"), default=0)
    is_active = models.BooleanField(_("In use"), default=True)
    preset = models.CharField(_("Preset"), max_length=40)

    def __str__(self) -> str:
        return self.code


class Occasion(Bilingual):
    """When records are verified: in the calls of which rules, which fields, and who corrects what is wrong by when.

    ``fits`` are the codes of contact rules and the kinds of tasks whose calls verify; ``of`` the categories of visits.
    """

    code = models.CharField(_("Code"), max_length=24, primary_key=True)
    about = models.CharField(_("What is verified"), max_length=8, choices=About.choices)
    fits = ArrayField(models.CharField(max_length=60), verbose_name=_("In the calls of"), default=list, blank=True)
    of = ArrayField(models.CharField(max_length=40), verbose_name=_("Categories"), default=list, blank=True)
    within_days = models.SmallIntegerField(_("Within (days)"))
    fields = ArrayField(models.CharField(max_length=24), verbose_name=_("Fields"), default=list, blank=True)
    role = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("Corrects it"))
    correct_days = models.SmallIntegerField(_("Corrected within (working days)"))
    verifier = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("Verifies"))
    verify_days = models.SmallIntegerField(_("Verified within (working days)"))
    is_active = models.BooleanField(_("In use"), default=True)
    preset = models.CharField(_("Preset"), max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(correct_days__range=(1, 60), verify_days__range=(1, 60), within_days__range=(1, 730)),
                name="verification_occasion_days",
            )
        ]

    def __str__(self) -> str:
        return self.code


class Check(models.Model):
    """What one call found of a record; never changed. ``call_id`` is that of the contact centre, recorded with it.

    ``outlet`` filed the record, ``place`` called. ``wrong`` are the fields that were found wrong.
    """

    call_id = models.BigIntegerField(_("Call"), unique=True)
    occasion = models.ForeignKey(Occasion, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Occasion"))
    outlet = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Outlet"))
    place = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Verified where"))
    customer = models.ForeignKey(Customer, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Customer"))
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Car")
    )
    visit = models.ForeignKey(
        Visit,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("Warranty repair"),
    )
    verdict = models.CharField(_("Record found"), max_length=8, choices=Verdict.choices)
    truth = models.CharField(_("Repair"), max_length=8, choices=Truth.choices, blank=True)
    asked = models.SmallIntegerField(_("Fields asked"))
    wrong = ArrayField(models.CharField(max_length=24), verbose_name=_("Wrong fields"), default=list, blank=True)
    checked_at = models.DateTimeField(_("Checked on"))
    checked_by_id = models.BigIntegerField(_("Checked by"), null=True)
    checked_by = models.CharField(_("Checked by"), max_length=160)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values) & (Q(truth="") | Q(truth__in=Truth.values)),
                name="verification_check_known",
            ),
            models.CheckConstraint(
                condition=Q(truth="") | Q(visit__isnull=False), name="verification_check_truth_of_a_visit"
            ),
        ]
        indexes = [
            models.Index(fields=["outlet", "-checked_at"], name="verification_check_at"),
            models.Index(fields=["place", "-checked_at"], name="verification_check_from"),
            models.Index(fields=["customer", "-checked_at"], name="verification_check_of"),
            models.Index(fields=["-checked_at"], name="verification_check_newest"),
            models.Index(fields=["visit"], condition=Q(visit__isnull=False), name="verification_check_visit"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"check {self.pk}"


class Line(models.Model):
    """One field of a check: what the record showed, how it was found, and what the customer says.

    What is personal is shown masked; the digest of the whole value tells whether the record was changed since.
    """

    check_of = models.ForeignKey(Check, models.CASCADE, db_index=False, related_name="lines")
    field = models.ForeignKey(Field, models.PROTECT, related_name="+", verbose_name=_("Field"))
    shown = models.CharField(_("In the record"), max_length=400, blank=True)
    digest = models.BinaryField()
    found = models.CharField(_("Found"), max_length=10, choices=Found.choices)
    said = models.CharField(_("The customer says"), max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_of", "field"], name="verification_line_once"),
            models.CheckConstraint(
                condition=Q(found__in=Found.values) & (~Q(found=Found.WRONG) | ~Q(said="")),
                name="verification_line_said",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field_id} of {self.check_of_id}"
