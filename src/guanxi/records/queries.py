"""Reads of the audit trail, of applied presets and of attachments."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import NotFound, Text
from guanxi.records.models import Attachment, AuditEntry, PresetVersion
from guanxi.records.permissions import Verb

SHOWN = "records.show_pictures"
MOST_SHOWN = 12


def visible_to(actor: Actor) -> QuerySet[AuditEntry]:
    """Return the entries of the places where the actor may read the trail, and the actor's own."""
    where = actor.where(Verb.VIEW_AUDIT)
    if where is None:
        return AuditEntry.objects.all()
    return AuditEntry.objects.filter(Q(db.among("node_id", where)) | Q(person_id=actor.person_id))


def entry(actor: Actor, pk: int) -> AuditEntry | None:
    check(actor, Verb.VIEW_AUDIT)
    return visible_to(actor).filter(pk=pk).first()


def history(actor: Actor, subject_type: str, subject_id: int | str, limit: int = 50) -> list[AuditEntry]:
    """Return what happened to one record, newest first."""
    rows = visible_to(actor).filter(subject_type=subject_type, subject_id=str(subject_id))
    return list(rows.order_by("-at", "-pk")[:limit])


def verbs_used(actor: Actor) -> list[str]:
    """Return the verbs that occur in the visible trail, for the filter."""
    return list(visible_to(actor).order_by("verb").values_list("verb", flat=True).distinct()[:200])


def preset_versions(carmakers: Iterable[str]) -> dict[tuple[str, str], PresetVersion]:
    """Return the newest applied version of each part of the presets."""
    rows = PresetVersion.objects.filter(carmaker__in=list(carmakers))
    newest = rows.order_by("carmaker", "part", "-at", "-pk").distinct("carmaker", "part")
    return {(row.carmaker, row.part): row for row in newest}


def attachments(subject_type: str, subject_id: int) -> list[Attachment]:
    """Return the files of something that the asker has seen, the oldest first, without their content; one query."""
    rows = Attachment.objects.filter(subject_type=subject_type, subject_id=str(subject_id)).defer("content")
    return list(rows.order_by("at", "pk"))


def attachment(pk: int) -> Attachment:
    """Return one file within the scope; whether the actor may see what it belongs to is asked by the service.

    :raises NotFound: there is none in sight.
    """
    found = Attachment.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def was_shown(actor: Actor, subject_type: str, subject_id: str, since: datetime.datetime) -> bool:
    """Say whether the trail says already that an actor saw the pictures of something since a moment; one query."""
    rows = AuditEntry.objects.filter(subject_type=subject_type, subject_id=subject_id, verb=SHOWN, at__gte=since)
    return rows.filter(person_id=actor.user_id).exists()


@dataclass(frozen=True)
class Evidence:
    """The files of something, for its page: of what, which, whether this reader may add to them, and what they are
    called there.
    """

    subject_type: str
    subject_id: int
    rows: list[Attachment]
    may_add: bool
    title: Text = ""
    hint: Text = ""

    @property
    def count(self) -> int:
        """How many were not withdrawn."""
        return sum(row.withdrawn_at is None for row in self.rows)

    @property
    def kept(self) -> list[Attachment]:
        """Those that were not withdrawn."""
        return [row for row in self.rows if row.withdrawn_at is None]

    @property
    def pictures(self) -> list[Attachment]:
        """The first pictures, to be shown small; the others are opened by their names."""
        return [row for row in self.rows if row.is_shown][:MOST_SHOWN]


def evidence(
    subject_type: str, subject_id: int, *, may_add: bool, title: Text = "", hint: Text = ""
) -> Evidence:  # fmt: skip
    """Return the files of something whose page is shown; one query."""
    return Evidence(subject_type, subject_id, attachments(subject_type, subject_id), may_add, title, hint)
