"""Weekly meetings about complaints with their minutes, and what they want every customer to be asked (FORM-18)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import User
from guanxi.complaints.models.cases import Complaint
from guanxi.complaints.models.rules import Category
from guanxi.complaints.states import Angle, Asking
from guanxi.network.models import Node


class Meeting(models.Model):
    """The meeting of an outlet about the complaints of a week; ``week`` is its Monday. Once filed it stays."""

    place = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Outlet"))
    week = models.DateField(_("Week"))
    angle = models.CharField(_("Angle"), max_length=8, choices=Angle.choices, blank=True)
    held_on = models.DateField(_("Held on"), null=True, blank=True)
    chair = models.CharField(_("Chair"), max_length=160, blank=True)
    attendants = models.TextField(_("Who was there"), max_length=1000, blank=True)
    words = models.TextField(_("What was discussed"), max_length=2000, blank=True)
    called_at = models.DateTimeField(_("Called at"))
    called_by_id = models.BigIntegerField(_("Called by"), null=True)
    called_by = models.CharField(_("Called by"), max_length=160)
    filed_at = models.DateTimeField(_("Put on file"), null=True, blank=True)
    filed_by = models.CharField(_("Put on file by"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "week", "angle"], name="complaints_meeting_once"),
            models.CheckConstraint(condition=Q(week__iso_week_day=1), name="complaints_meeting_monday"),
            models.CheckConstraint(
                condition=Q(filed_at__isnull=True, filed_by="")
                | (Q(filed_at__isnull=False, held_on__isnull=False) & ~Q(chair="") & ~Q(attendants="")),
                name="complaints_meeting_filed_whole",
            ),
        ]
        indexes = [models.Index(fields=["-week", "id"], include=["place"], name="complaints_meeting_newest")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"YT{self.pk:06d}"


class Point(models.Model):
    """A complaint on the agenda of a meeting: why it came to it, and what somebody does about it by when."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, db_index=False, related_name="points")
    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="discussed")
    cause = models.TextField(_("Why it came to it"), max_length=1000, blank=True)
    measure = models.TextField(_("What we do about it"), max_length=1000, blank=True)
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Who does it")
    )
    person_name = models.CharField(_("Who does it"), max_length=160, blank=True)
    due_on = models.DateField(_("By when"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "complaint"], name="complaints_point_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=True, due_on__isnull=True, person_name="")
                | (Q(person__isnull=False, due_on__isnull=False) & ~Q(measure="")),
                name="complaints_point_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} in {self.meeting_id}"


class Question(models.Model):
    """What a meeting wants every customer to be asked, since a problem came up often; headquarters puts it into a
    script, or says why not.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="questions")
    place = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+", verbose_name=_("Outlet"))
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("Category")
    )
    text = models.CharField(_("Question"), max_length=300)
    state = models.CharField(_("State"), max_length=8, choices=Asking.choices, default=Asking.WANTED)
    wanted_at = models.DateTimeField(_("Wanted since"))
    wanted_by_id = models.BigIntegerField(_("Who wants it"), null=True)
    wanted_by = models.CharField(_("Who wants it"), max_length=160)
    script = models.CharField(_("Script"), max_length=40, blank=True)
    reason = models.TextField(_("Why?"), max_length=1000, blank=True)
    decided_at = models.DateTimeField(_("Decided at"), null=True, blank=True)
    decided_by = models.CharField(_("Decided by"), max_length=160, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=Asking.WANTED, decided_at__isnull=True, script="", reason="")
                | (Q(state=Asking.TAKEN, decided_at__isnull=False) & ~Q(script=""))
                | (Q(state=Asking.DECLINED, decided_at__isnull=False, script="") & ~Q(reason="")),
                name="complaints_question_decided_whole",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="complaints_question_said"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(decided_at__gte=F("wanted_at")),
                name="complaints_question_forward",
            ),
        ]
        indexes = [models.Index(fields=["-wanted_at", "id"], include=["place"], name="complaints_question_newest")]

    def __str__(self) -> str:
        return self.text
