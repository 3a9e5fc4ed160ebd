"""Tasks, the attempts at them, the ladder of escalation, and who stands in for whom."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role, User
from guanxi.network.models import Node
from guanxi.worklist import states
from guanxi.worklist.states import ENDED, LIVE, Outcome, Priority, Rank, State

IS_LIVE = Q(state__in=LIVE)


class Task(models.Model):
    """A piece of work at a place: what, about whom, why, by when, and whose it is.

    It belongs to a role of the place until a person has it. ``reason`` is a text of the catalogue and ``values`` its
    values, so that each reader sees it in his language; words written by hand stand in ``note``. While it lives, no
    second task has its ``key``. ``due_at`` may be postponed; ``first_due_at`` is not. A term, if there is one, says
    how it was reckoned, so that it can be reckoned anew when the calendar changes. ``next_rung_at`` is when the next
    rung of the ladder is reached.
    """

    kind = models.CharField(_("Kind"), max_length=40)
    key = models.CharField(_("Key"), max_length=160, db_collation="C")
    node = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+")
    role = models.ForeignKey(Role, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    meant_for = models.ForeignKey(User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    subject_type = models.CharField(_("About"), max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    subject_were = ArrayField(models.BigIntegerField(), default=list, blank=True)
    subject_label = models.CharField(_("About"), max_length=160, blank=True)
    reason = models.CharField(_("Why"), max_length=300)
    values = models.JSONField(default=dict, blank=True)
    note = models.TextField(_("Note"), max_length=2000, blank=True)
    opens_at = models.DateTimeField(_("Opens"))
    due_at = models.DateTimeField(_("Due"))
    first_due_at = models.DateTimeField(_("First due"))
    expires_at = models.DateTimeField(_("Expires"), null=True, blank=True)
    wake_at = models.DateTimeField(_("Next try"), null=True, blank=True)
    term_minutes = models.IntegerField(_("Term in working minutes"), null=True, blank=True)
    term_days = models.SmallIntegerField(_("Term in working days"), null=True, blank=True)
    is_assumed = models.BooleanField(_("Deadline assumed"), default=False)
    priority = models.SmallIntegerField(_("Priority"), default=3)
    weight = models.SmallIntegerField(_("Weight"), default=1)
    state = models.CharField(_("State"), max_length=8, choices=State.choices, default=State.OPEN)
    tries = models.SmallIntegerField(_("Attempts"), default=0)
    postponed = models.SmallIntegerField(_("Times postponed"), default=0)
    level = models.SmallIntegerField(_("Escalation"), default=0)
    next_rung_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=40, blank=True)
    outcome_note = models.TextField(_("What came of it"), max_length=2000, blank=True)
    next_step = models.CharField(_("Next step"), max_length=300, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    made_at = models.DateTimeField(_("Written at"))
    made_by_id = models.BigIntegerField(_("Written by"), null=True)
    finished_at = models.DateTimeField(_("Finished"), null=True, blank=True)
    finished_by_id = models.BigIntegerField(_("Finished by"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=IS_LIVE, name="worklist_task_live_once"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="worklist_task_state"),
            models.CheckConstraint(condition=~Q(key="") & ~Q(kind="") & ~Q(reason=""), name="worklist_task_told"),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | Q(role__isnull=False), name="worklist_task_somebodys"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLAIMED) | Q(owner__isnull=False), name="worklist_task_claimed_by"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, finished_at__isnull=False, next_rung_at__isnull=True)
                | Q(state__in=LIVE, finished_at__isnull=True, finished_by_id__isnull=True, outcome=""),
                name="worklist_task_ended_iff_dated",
            ),
            models.CheckConstraint(condition=~Q(state=State.DONE) | ~Q(outcome=""), name="worklist_task_outcome"),
            models.CheckConstraint(
                condition=~Q(state=State.SKIPPED) | ~Q(outcome_note=""), name="worklist_task_skipped_why"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("opens_at"), first_due_at__gte=F("opens_at")), name="worklist_task_window"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gte=F("first_due_at")), name="worklist_task_expiry"
            ),
            models.CheckConstraint(
                condition=Q(priority__range=(1, 4), weight__range=(1, 100), level__gte=0, tries__gte=0),
                name="worklist_task_numbers",
            ),
            models.CheckConstraint(
                condition=Q(subject_type="", subject_id__isnull=True) | (~Q(subject_type="") & Q(subject_id__gt=0)),
                name="worklist_task_subject_whole",
            ),
            models.CheckConstraint(
                condition=Q(term_minutes__isnull=True) | Q(term_days__isnull=True), name="worklist_task_one_term"
            ),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="worklist_task_no_loop"),
        ]
        indexes = [
            models.Index(fields=["owner", "due_at", "id"], condition=IS_LIVE, name="worklist_task_mine"),
            models.Index(
                fields=["node", "role", "due_at", "id"],
                condition=IS_LIVE & Q(owner__isnull=True),
                name="worklist_task_pile",
            ),
            models.Index(fields=["node", "due_at", "id"], name="worklist_task_place"),
            models.Index(
                fields=["role", "due_at", "id"],
                condition=IS_LIVE & Q(owner__isnull=True),
                name="worklist_task_role",
            ),
            models.Index(fields=["owner"], condition=Q(owner__isnull=False), name="worklist_task_owner"),
            models.Index(fields=["made_by_id"], condition=Q(made_by_id__isnull=False), name="worklist_task_author"),
            models.Index(fields=["due_at", "id"], condition=IS_LIVE, name="worklist_task_due"),
            models.Index(fields=["due_at", "id"], name="worklist_task_all"),
            models.Index(
                fields=["next_rung_at"], condition=Q(next_rung_at__isnull=False), name="worklist_task_rung"
            ),
            models.Index(
                fields=["expires_at"], condition=IS_LIVE & Q(expires_at__isnull=False), name="worklist_task_expires"
            ),
            models.Index(
                fields=["meant_for"], condition=IS_LIVE & Q(meant_for__isnull=False), name="worklist_task_meant"
            ),
            models.Index(
                fields=["subject_type", "subject_id", "-id"],
                condition=Q(subject_id__isnull=False),
                name="worklist_task_about",
            ),
            models.Index(
                fields=["node", "finished_at"], condition=Q(finished_at__isnull=False), name="worklist_task_ended"
            ),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="worklist_task_parent"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.subject_label or self.reason

    @property
    def why(self) -> str:
        """The reason in the reader's language; a text that lacks a value as it is."""
        try:
            return str(gettext(self.reason) % self._told)
        except (KeyError, TypeError, ValueError):
            return gettext(self.reason)

    @property
    def _told(self) -> dict[str, Any]:
        """The values for the reader: ``<name>_en`` stands for ``<name>`` in English."""
        values = dict(self.values)
        if (get_language() or "").startswith("en"):
            values |= {name.removesuffix("_en"): value for name, value in values.items() if name.endswith("_en")}
        return values

    @property
    def words(self) -> str:
        """What is to be done: written by hand, or by a capability in both languages (``words``, ``words_en``)."""
        return self.note or str(self._told.get("words", ""))

    @property
    def title(self) -> str:
        """What the task is called: as a capability says it (``title``), whom it is about, else what is to be done."""
        words = self.words.strip().splitlines()
        return str(self._told.get("title", "")) or self.subject_label or (words[0][:80] if words else self.why)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def kind_label(self) -> str:
        return str(states.kind(self.kind).label)

    @property
    def priority_label(self) -> str:
        return str(Priority(str(self.priority)).label)

    @property
    def outcome_label(self) -> str:
        return str(dict(states.kind(self.kind).outcomes).get(self.outcome, self.outcome))


class Attempt(models.Model):
    """One try at a task, or its postponement: who, when, how it ended, when to try again. Never changed."""

    task = models.ForeignKey(Task, models.PROTECT, db_index=False, related_name="attempts")
    at = models.DateTimeField(_("When"))
    person_id = models.BigIntegerField(_("Person"), null=True)
    person_name = models.CharField(_("Person"), max_length=160, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=16, choices=Outcome.choices)
    note = models.TextField(_("Note"), max_length=2000, blank=True)
    next_try_at = models.DateTimeField(_("Next try"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="worklist_attempt_outcome"),
            models.CheckConstraint(
                condition=Q(next_try_at__isnull=True) | Q(next_try_at__gt=F("at")), name="worklist_attempt_forward"
            ),
        ]
        indexes = [models.Index(fields=["task", "at"], name="worklist_attempt_of")]

    def __str__(self) -> str:
        return f"{self.outcome} of {self.task_id}"


class Rung(models.Model):
    """A rung of the ladder of a kind of task ("" for all others): when it is reached, and who is told (FUP-32).

    With ``percent`` it is a reminder before the deadline, when so much of the working time is over (CMP-42).
    """

    kind = models.CharField(_("Kind"), max_length=40, blank=True)
    level = models.SmallIntegerField(_("Level"))
    minutes = models.IntegerField(_("Working minutes from the deadline"))
    percent = models.SmallIntegerField(_("Share of the term that is over"), null=True, blank=True)
    to = models.CharField(_("Tells"), max_length=8, choices=Rank.choices)
    roles = ArrayField(models.CharField(max_length=40), verbose_name=_("Roles"), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "level"], name="worklist_rung_once"),
            models.CheckConstraint(
                condition=Q(to__in=Rank.values, level__gte=1) & Q(minutes__range=(-100_000, 100_000)),
                name="worklist_rung_known",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__range=(1, 100), minutes=0),
                name="worklist_rung_one_measure",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind or '*'} {self.level}"


class Escalation(models.Model):
    """A task reached a rung of its ladder; who was told. Never changed."""

    task = models.ForeignKey(Task, models.PROTECT, db_index=False, related_name="escalations")
    level = models.SmallIntegerField(_("Level"))
    at = models.DateTimeField(_("When"))
    to = models.CharField(_("Tells"), max_length=8, choices=Rank.choices)
    told = ArrayField(models.BigIntegerField(), verbose_name=_("People told"), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "level"], name="worklist_escalation_once")]

    def __str__(self) -> str:
        return f"{self.task_id} at level {self.level}"


class Absence(models.Model):
    """A person is away from a day to a day; meanwhile new work goes to the deputy."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    first_day = models.DateField(_("First day"))
    last_day = models.DateField(_("Last day"))
    deputy = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("Note"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("Written at"))
    is_over = models.BooleanField(_("Work returned"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="worklist_absence_forward"),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("person")), name="worklist_absence_other"
            ),
            ExclusionConstraint(
                name="worklist_absence_one_at_a_time",
                expressions=[
                    (Func(F("person"), F("person"), Value("[]"), function="int8range"), "&&"),
                    (Func(F("first_day"), F("last_day"), Value("[]"), function="daterange"), "&&"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} away {self.first_day} to {self.last_day}"
