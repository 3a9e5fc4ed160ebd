"""Categories of enquiries, and enquiries: who asked what, what he was told, and who had to find it out."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.contact_centre.states import OPEN, Aim, Angle, EnquiryKind, EnquiryState, Way
from guanxi.customers.models import Customer
from guanxi.foundation.models import Bilingual
from guanxi.foundation.personal_data import mask_phone
from guanxi.network.models import Node
from guanxi.rectification.models import Department
from guanxi.vehicles.models import Vehicle


class EnquiryCategory(Bilingual):
    """What customers ask about: whose matter it is, which department usually answers, within how many working days."""

    code = models.CharField(_("Code"), max_length=24, primary_key=True)
    angle = models.CharField(_("Whose matter"), max_length=8, choices=Angle.choices)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("Department"))
    answer_days = models.SmallIntegerField(_("Answered within (working days)"))
    is_active = models.BooleanField(_("In use"), default=True)
    source = models.CharField(_("Preset"), max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_days__range=(1, 60), angle__in=Angle.values), name="contact_centre_category_sound"
            )
        ]

    def __str__(self) -> str:
        return self.code


AT_ONCE = Q(state=EnquiryState.CLOSED, department__isnull=True, due_at__isnull=True, reply="") & ~Q(answer="")
PASSED_ON = Q(department__isnull=False, due_at__isnull=False, outlet__isnull=False)


class Enquiry(models.Model):
    """What somebody asked, suggested or said, in his words; answered at once, or by a department of an outlet.

    ``place`` is where it was taken, which also tells the customer; ``outlet`` whose matter it is. ``number`` is that of
    the caller, whole, for who is called back need not have a record. ``answer`` was given at once, ``reply`` by the
    department; ``reason`` says why it was passed on.
    """

    token = models.UUIDField(unique=True)
    place = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Taken at"))
    outlet = models.ForeignKey(
        Node, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Outlet")
    )
    way = models.CharField(_("Came in"), max_length=8, choices=Way.choices, default=Way.PHONE)
    number = models.CharField(_("Number of the caller"), max_length=40, blank=True)
    caller = models.CharField(_("Name of the caller"), max_length=80, blank=True)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, db_index=False, related_name="enquiries",
        verbose_name=_("Customer"),
    )  # fmt: skip
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Car")
    )
    category = models.ForeignKey(
        EnquiryCategory, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Category")
    )
    kind = models.CharField(_("Kind"), max_length=12, choices=EnquiryKind.choices)
    aim = models.CharField(_("What is suggested"), max_length=12, choices=Aim.choices, blank=True)
    words = models.TextField(_("What the customer said"), max_length=2000)
    answer = models.TextField(_("What he was told at once"), max_length=2000, blank=True)
    is_first_contact = models.BooleanField(_("Resolved in the first contact"))
    state = models.CharField(_("State"), max_length=16, choices=EnquiryState.choices)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, db_index=False, related_name="+",
        verbose_name=_("Department"),
    )  # fmt: skip
    due_at = models.DateTimeField(_("Answer due"), null=True, blank=True)
    reply = models.TextField(_("Answer of the department"), max_length=2000, blank=True)
    reason = models.CharField(_("Reason"), max_length=400, blank=True)
    started_at = models.DateTimeField(_("Began"))
    taken_at = models.DateTimeField(_("Taken"))
    taken_by_id = models.BigIntegerField(_("Taken by"), null=True)
    taken_by = models.CharField(_("Taken by"), max_length=160)
    answered_at = models.DateTimeField(_("Answered"), null=True, blank=True)
    answered_by = models.CharField(_("Answered by"), max_length=160, blank=True)
    closed_at = models.DateTimeField(_("Customer told"), null=True, blank=True)
    closed_by = models.CharField(_("Told by"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=Way.values, kind__in=EnquiryKind.values, state__in=EnquiryState.values),
                name="contact_centre_enquiry_known",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="contact_centre_enquiry_said"),
            models.CheckConstraint(
                condition=Q(aim="") | Q(aim__in=Aim.values, kind=EnquiryKind.SUGGESTION),
                name="contact_centre_enquiry_aim",
            ),
            models.CheckConstraint(
                condition=Q(started_at__lte=F("taken_at")), name="contact_centre_enquiry_forward"
            ),
            models.CheckConstraint(
                condition=(Q(is_first_contact=True) & AT_ONCE) | (Q(is_first_contact=False) & PASSED_ON),
                name="contact_centre_enquiry_at_once_or_passed_on",
            ),
            models.CheckConstraint(
                condition=Q(state=EnquiryState.CLOSED, closed_at__isnull=False)
                | (~Q(state=EnquiryState.CLOSED) & Q(closed_at__isnull=True)),
                name="contact_centre_enquiry_closed_iff_dated",
            ),
            models.CheckConstraint(
                condition=Q(state=EnquiryState.WITH_DEPARTMENT, answered_at__isnull=True, reply="")
                | Q(is_first_contact=True)
                | (~Q(state=EnquiryState.WITH_DEPARTMENT) & Q(answered_at__isnull=False) & ~Q(reply="")),
                name="contact_centre_enquiry_answered",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["-taken_at", "-id"], name="contact_centre_enquiry_when"),
            models.Index(fields=["place", "-taken_at", "-id"], name="contact_centre_enquiry_from"),
            models.Index(fields=["outlet", "-taken_at", "-id"], name="contact_centre_enquiry_at"),
            models.Index(
                fields=["customer", "-taken_at"], condition=Q(customer__isnull=False), name="contact_centre_enquiry_of"
            ),
            models.Index(fields=["number", "-taken_at"], condition=~Q(number=""), name="contact_centre_enquiry_by"),
            models.Index(fields=["due_at"], condition=Q(state__in=OPEN), name="contact_centre_enquiry_due"),
            models.Index(
                fields=["vehicle"], condition=Q(vehicle__isnull=False), name="contact_centre_enquiry_car"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return f"ZX{self.pk:07d}"

    @property
    def masked(self) -> str:
        """The number of the caller as lists show it."""
        return mask_phone(self.number) if self.number else ""

    def is_late(self, at: datetime.datetime) -> bool:
        return self.state == EnquiryState.WITH_DEPARTMENT and self.due_at is not None and self.due_at < at

    def key(self, work: str) -> str:
        """Return the key of the task that is written for a step of this enquiry."""
        return f"contact_centre:{self.pk}:{work}"
