from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One change or reveal: who, what, before, after, from where. Append-only in the database (NFR-06)."""

    at = models.DateTimeField(_("When"))
    person_id = models.BigIntegerField(_("Person"), null=True)
    person_name = models.CharField(_("Who"), max_length=160)
    verb = models.CharField(_("What"), max_length=80)
    subject_type = models.CharField(_("Kind of record"), max_length=40)
    subject_id = models.CharField(_("Record"), max_length=80)
    subject_label = models.CharField(_("Name of the record"), max_length=240)
    node_id = models.IntegerField(_("Place"), null=True)
    before = models.JSONField(_("Before"), null=True)
    after = models.JSONField(_("After"), null=True)
    note = models.CharField(_("Note"), max_length=400, blank=True)
    channel = models.CharField(_("Channel"), max_length=20)
    ip = models.GenericIPAddressField(_("Address"), null=True)
    agent = models.CharField(_("Program"), max_length=240, blank=True)
    request_id = models.CharField(_("Request"), max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["node_id", "-at"], name="records_audit_node_at"),
            models.Index(fields=["person_id", "-at"], name="records_audit_person_at"),
            models.Index(fields=["subject_type", "subject_id", "-at"], name="records_audit_subject_at"),
            models.Index(fields=["verb", "-at"], name="records_audit_verb_at"),
            BrinIndex(fields=["at"], name="records_audit_at_brin"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.person_name} {self.verb} {self.subject_label}"

    @property
    def who(self) -> str:
        """The name as it was then; the system's own acts in the reader's language."""
        return str(_("System")) if self.person_id is None and self.person_name == "system" else self.person_name


class PresetVersion(models.Model):
    """A part of a preset as it was applied: which file content, when and by whom."""

    carmaker = models.CharField(_("Preset"), max_length=40)
    part = models.CharField(_("Part"), max_length=40)
    digest = models.CharField(_("Digest"), max_length=64)
    changes = models.IntegerField(_("Changes"))
    at = models.DateTimeField(_("When"))
    person_name = models.CharField(_("Who"), max_length=160)

    class Meta:
        indexes = [models.Index(fields=["carmaker", "part", "-at"], name="records_preset_latest")]

    def __str__(self) -> str:
        return f"{self.carmaker}/{self.part} {self.digest[:8]}"


class Reply(models.Model):
    """The first answer to an API call that carried an idempotency key."""

    person_id = models.BigIntegerField(_("Person"))
    key = models.CharField(_("Key"), max_length=100)
    fingerprint = models.CharField(_("Fingerprint of the request"), max_length=64)
    status = models.SmallIntegerField(_("Status"))
    body = models.TextField(_("Body"))
    at = models.DateTimeField(_("When"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "key"], name="records_reply_once")]
        indexes = [models.Index(fields=["at"], name="records_reply_at")]

    def __str__(self) -> str:
        return f"{self.key} {self.status}"


class Attachment(models.Model):
    """A file that belongs to something as evidence; it stays as it was and is only withdrawn, with a reason (CMP-06).

    What it belongs to is named by kind and key; whose it is, the capability that owns the kind says.
    """

    subject_type = models.CharField(_("Kind of record"), max_length=40)
    subject_id = models.CharField(_("Record"), max_length=80)
    node_id = models.IntegerField(_("Place"))
    place_id = models.IntegerField(_("Also read at"))
    name = models.CharField(_("File"), max_length=120)
    media_type = models.CharField(_("Type"), max_length=40)
    size = models.IntegerField(_("Size"))
    sha256 = models.CharField(_("Digest"), max_length=64)
    content = models.BinaryField()
    note = models.CharField(_("What it shows"), max_length=400, blank=True)
    at = models.DateTimeField(_("When"))
    person_id = models.BigIntegerField(_("Person"), null=True)
    person_name = models.CharField(_("Who"), max_length=160)
    withdrawn_at = models.DateTimeField(_("Withdrawn"), null=True, blank=True)
    withdrawn_by = models.CharField(_("Withdrawn by"), max_length=160, blank=True)
    withdrawn_why = models.CharField(_("Reason"), max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "sha256"], condition=Q(withdrawn_at__isnull=True),
                name="records_attachment_once",
            ),
            models.CheckConstraint(condition=Q(size__gte=1), name="records_attachment_something"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_why="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why="")),
                name="records_attachment_withdrawn_why",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["subject_type", "subject_id", "at"], name="records_attachment_of")]

    def __str__(self) -> str:
        return self.name

    @property
    def kilobytes(self) -> int:
        return -(-self.size // 1024)

    @property
    def is_shown(self) -> bool:
        """Whether it is a picture that may be shown small: not withdrawn."""
        return self.withdrawn_at is None and self.media_type.startswith("image/")
