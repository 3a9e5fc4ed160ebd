from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.intake.states import WORKING, Origin, State
from guanxi.network.models import Node


class Run(models.Model):
    """One file on its way in. Its key is the ``run_id`` of the rows that it brings; 0 is the demonstration's.

    ``place`` is the outlet whose customers these are, or a place above the outlets that a column of the file names.
    ``merged_at`` is the moment that its rows carry as ``touched_at``: a later one was somebody else.
    """

    id = models.AutoField(primary_key=True)
    at = models.DateTimeField(_("Started"))
    person_id = models.BigIntegerField(_("By"), null=True)
    person_name = models.CharField(_("By"), max_length=160)
    language = models.CharField(max_length=8, blank=True)
    place = models.ForeignKey(Node, models.PROTECT, db_index=False, related_name="+")
    source = models.CharField(_("System"), max_length=40, db_collation="C")
    file_name = models.CharField(_("File"), max_length=200)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField(_("Size"))
    sheets = models.JSONField(default=list)
    sheet = models.SmallIntegerField(_("Sheet"), default=0)
    header_row = models.IntegerField(_("Row of the headings"), default=0)
    kind = models.CharField(_("Kind"), max_length=20, blank=True)
    mapping = models.JSONField(_("Columns"), default=dict)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.UPLOADED)
    problem = models.CharField(_("What went wrong"), max_length=600, blank=True)
    counts = models.JSONField(_("Counts"), default=dict)
    checked_at = models.DateTimeField(_("Checked"), null=True)
    merged_at = models.DateTimeField(_("Written"), null=True)
    ended_at = models.DateTimeField(_("Ended"), null=True)
    undone_at = models.DateTimeField(_("Undone"), null=True)
    emptied_at = models.DateTimeField(_("File and findings deleted"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="intake_run_state"),
            models.CheckConstraint(condition=Q(id__gt=0), name="intake_run_not_of_the_demonstration"),
            models.UniqueConstraint(
                fields=["merged_at"], condition=Q(merged_at__isnull=False), name="intake_run_one_a_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["place", "-at"], name="intake_run_at"),
            models.Index(fields=["person_id", "-at"], name="intake_run_by"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_working(self) -> bool:
        return self.state in WORKING

    def count(self, name: str) -> int:
        """Return one of the counts; 0 before it was counted."""
        value: Any = self.counts.get(name, 0)
        return int(value)

    @property
    def sums(self) -> tuple[int, int]:
        """How many rows of all tables it added and changed."""
        return tuple(sum(self.counts.get(word, {}).values()) for word in ("added", "changed"))


class Finding(models.Model):
    """What is to be said of a row or a cell, with the text as it was; as many as are kept of a run."""

    run = models.ForeignKey(Run, models.CASCADE, db_index=False, related_name="findings")
    row = models.BigIntegerField(_("Row"))
    field = models.CharField(max_length=40, blank=True)
    heading = models.CharField(_("Column"), max_length=120, blank=True)
    level = models.CharField(_("What follows"), max_length=8)
    code = models.CharField(max_length=30)
    original = models.CharField(_("Text"), max_length=200, blank=True)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.FILE)

    class Meta:
        indexes = [
            models.Index(fields=["run", "level", "row"], name="intake_finding_level"),
            models.Index(fields=["run", "code", "row"], name="intake_finding_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} in row {self.row}"


class Mapping(models.Model):
    """Which heading was which field, the last time a system's file had these headings."""

    place = models.ForeignKey(Node, models.CASCADE, related_name="+")
    source = models.CharField(_("System"), max_length=40, db_collation="C")
    kind = models.CharField(_("Kind"), max_length=20)
    digest = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    used_at = models.DateTimeField(_("Last used"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "source", "digest"], name="intake_mapping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind}"


class Before(models.Model):
    """What a row was before a run changed it: so that undoing gives it back."""

    run = models.ForeignKey(Run, models.CASCADE, db_index=False, related_name="befores")
    table_name = models.CharField(max_length=63, db_collation="C")
    key = models.BigIntegerField()
    values = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "table_name", "key"], name="intake_before_once")]

    def __str__(self) -> str:
        return f"{self.table_name} {self.key} before run {self.run_id}"
