from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.contact_centre.policy import calls, scripts
from guanxi.contact_centre.states import CALLED, ON_A_VISIT, VISITED, Disposition, Means, MetAt, Outcome
from guanxi.customers.models import ContactPoint, Customer
from guanxi.foundation.errors import Text
from guanxi.foundation.models import Bilingual
from guanxi.network.models import Node
from guanxi.vehicles.models import Vehicle

_HASH = Func(F("code"), Value(0), function="hashtextextended")  # a range of one, since texts have no ranges
PROMISING = Q(outcome=Outcome.CALL_LATER) | Q(
    outcome=Outcome.REACHED, disposition__in=(Disposition.PARTIAL, Disposition.BREAK_OFF)
)
LATER = Q(promised_at__isnull=False, promised_at__gt=F("ended_at"))
INTERVIEWED = (Disposition.COMPLETE, Disposition.PARTIAL, Disposition.BREAK_OFF)


class Script(Bilingual):
    """One version of what is asked and said on the telephone. What it says is never changed; a new version follows.

    ``fits`` are the codes of rules and the kinds of tasks that it is for, ``*`` for any. Without an author it came with
    a preset.
    """

    code = models.CharField(_("Code"), max_length=40)
    since = models.DateField(_("From"))
    until = models.DateField(_("Until before"), null=True, blank=True)
    fits = ArrayField(models.CharField(max_length=60), verbose_name=_("Used for"), default=list)
    questions = models.JSONField(_("Questions"), default=list)
    source = models.CharField(_("Preset"), max_length=40, blank=True)
    made_at = models.DateTimeField(_("Written at"))
    written_by_id = models.BigIntegerField(_("Author"), null=True)
    written_by = models.CharField(_("Author"), max_length=160, blank=True)
    approved_by_id = models.BigIntegerField(_("Approved by"), null=True)
    approved_by = models.CharField(_("Approved by"), max_length=160, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="contact_centre_script_one_at_a_time",
                expressions=[
                    (Func(_HASH, _HASH, Value("[]"), function="int8range"), "&&"),
                    (Func(F("since"), F("until"), function="daterange"), "&&"),
                ],
            ),
            models.UniqueConstraint(fields=["code", "since"], name="contact_centre_script_once"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z][a-z0-9_]{1,39}$"), name="contact_centre_script_code"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="contact_centre_script_forward"
            ),
            models.CheckConstraint(
                condition=Q(written_by_id__isnull=True) | Q(approved_by_id__isnull=True)
                | ~Q(written_by_id=F("approved_by_id")), name="contact_centre_script_two_people",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    @property
    def asked(self) -> tuple[scripts.Question, ...]:
        return scripts.read(self.questions)


class Terms(models.Model):
    """How often and when somebody is tried again, and who does what calls bring to light, from a day on."""

    source = models.CharField(_("Preset"), max_length=40)
    since = models.DateField(_("From"))
    most_tries = models.SmallIntegerField(_("Attempts at most"))
    hours = ArrayField(models.SmallIntegerField(), verbose_name=_("Hours to try"))
    busy_minutes = models.SmallIntegerField(_("Minutes after busy"))
    correction_role = models.ForeignKey(Role, models.PROTECT, db_index=False, related_name="+")
    correction_days = models.SmallIntegerField(_("Data corrected within (working days)"))
    purchase_role = models.ForeignKey(Role, models.PROTECT, db_index=False, related_name="+")
    purchase_days = models.SmallIntegerField(_("Purchase followed within (working days)"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "since"], name="contact_centre_terms_once"),
            models.CheckConstraint(
                condition=Q(most_tries__range=(1, 20), busy_minutes__range=(5, 240), hours__len__gte=2)
                & Q(hours__contained_by=list(range(24)))
                & Q(correction_days__range=(1, 60), purchase_days__range=(1, 60)),
                name="contact_centre_terms_sound",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.source} {self.since}"

    @property
    def plan(self) -> calls.Plan:
        return calls.Plan(self.most_tries, tuple(self.hours), self.busy_minutes)


class Call(models.Model):
    """One call or visit to a customer, by a version of a script or without one, for a task or by hand; seen by its
    place and those above it. Never changed.

    ``token`` is that of the form: sent twice, it is one call. ``number`` is the masked number that was called. A visit
    (FUP-02) has a place and a moment, but no number; it began and ended when somebody stood at the door.
    """

    token = models.UUIDField(unique=True)
    customer = models.ForeignKey(Customer, models.PROTECT, db_index=False, related_name="calls")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    task_id = models.BigIntegerField(_("Task"), null=True, blank=True)
    node = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+")
    agent_id = models.BigIntegerField(_("Agent"), null=True)
    agent_name = models.CharField(_("Agent"), max_length=160, blank=True)
    script = models.ForeignKey(Script, models.PROTECT, null=True, blank=True, related_name="calls")
    point = models.ForeignKey(ContactPoint, models.SET_NULL, null=True, blank=True, db_index=False, related_name="+")
    number = models.CharField(_("Number called"), max_length=120, blank=True)
    started_at = models.DateTimeField(_("Began"))
    ended_at = models.DateTimeField(_("Ended"))
    means = models.CharField(_("Way of contact"), max_length=8, choices=Means.choices, default=Means.PHONE)
    met_at = models.CharField(_("Where"), max_length=10, choices=MetAt.choices, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=16, choices=Outcome.choices)
    disposition = models.CharField(_("Counts as"), max_length=8, choices=Disposition.choices)
    answers = models.JSONField(_("Answers"), default=dict, blank=True)
    note = models.TextField(_("Note"), max_length=2000, blank=True)
    promised_at = models.DateTimeField(_("Promised for"), null=True, blank=True)
    promised_to = models.CharField(_("Promised to"), max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values, disposition__in=Disposition.values),
                name="contact_centre_call_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.REACHED, disposition__in=INTERVIEWED)
                | (~Q(outcome=Outcome.REACHED) & ~Q(disposition__in=INTERVIEWED)),
                name="contact_centre_call_counts",
            ),
            models.CheckConstraint(condition=Q(ended_at__gte=F("started_at")), name="contact_centre_call_forward"),
            models.CheckConstraint(
                condition=Q(means=Means.PHONE, met_at="", outcome__in=CALLED)
                | Q(means=Means.VISIT, met_at__in=MetAt.values, number="", outcome__in=VISITED),
                name="contact_centre_call_by",
            ),
            models.CheckConstraint(
                condition=Q(promised_at__isnull=True, promised_to="") | (LATER & PROMISING),
                name="contact_centre_call_promise",
            ),
        ]
        indexes = [
            models.Index(fields=["-ended_at", "-id"], name="contact_centre_call_when"),
            models.Index(fields=["node", "-ended_at", "-id"], name="contact_centre_call_at"),
            models.Index(fields=["agent_id", "-ended_at", "-id"], name="contact_centre_call_by"),
            models.Index(fields=["customer", "-ended_at"], name="contact_centre_call_to"),
            models.Index(fields=["vehicle"], name="contact_centre_call_car", condition=Q(vehicle__isnull=False)),
            models.Index(fields=["point"], name="contact_centre_call_point", condition=Q(point__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"call {self.pk}"

    @property
    def script_name(self) -> str:
        """The name of its script; empty for a call without one."""
        return self.script.name if self.script else ""

    @property
    def is_visit(self) -> bool:
        return self.means == Means.VISIT

    @property
    def outcome_label(self) -> Text:
        """How it ended; somebody who was visited was met, not reached."""
        said = ON_A_VISIT.get(Outcome(self.outcome)) if self.is_visit else None
        return said or self.get_outcome_display()

    @property
    def minutes(self) -> int:
        return round((self.ended_at - self.started_at).total_seconds() / 60)
