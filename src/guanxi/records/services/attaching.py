"""Attachments as evidence (CMP-06): added with what they really are, opened with a line on the trail, withdrawn."""

import datetime
import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.records import policy, queries, states
from guanxi.records.models import Attachment
from guanxi.records.permissions import Verb
from guanxi.records.services.trail import audit

MOST, MEGABYTE, SHORT = 50, 1024 * 1024, 400


@dataclass(frozen=True)
class File:
    """A file as it was sent, with what it shows."""

    name: str
    content: bytes
    note: str = ""


def largest() -> int:
    """Return how many bytes a file may have."""
    return int(settings.ATTACHMENT_MB) * MEGABYTE


def attach(*, actor: Actor, subject_type: str, subject_id: int, file: File, at: datetime.datetime) -> Attachment:
    """Attach a file to something as evidence: asks the capability that owns it, checks size and what the file really
    is, writes, audits. The same file again is the one that is there.

    :raises NotFound: there is no such thing, or not for this actor.
    :raises NotAllowed: the actor may see it, but adds nothing to it.
    :raises Invalid: no file, one too large, one that is no picture and no PDF, or there are fifty already.
    """
    held = _changeable(actor, subject_type, subject_id)
    media = _media(file.content)
    digest = hashlib.sha256(file.content).hexdigest()
    with db.atomic():
        db.serialise(f"records.attachments.{subject_type}.{subject_id}")
        there = queries.attachments(subject_type, subject_id)
        known = next((row for row in there if row.sha256 == digest and row.withdrawn_at is None), None)
        if known is not None:
            return known
        if len(there) >= MOST:
            raise Invalid(_("There are %(most)s files here already.") % {"most": MOST}, field="file")
        made = Attachment.objects.create(
            subject_type=subject_type, subject_id=str(subject_id), node_id=held.node_id, place_id=held.place_id,
            name=policy.clean_name(file.name, media), media_type=media.name, size=len(file.content), sha256=digest,
            content=file.content, note=" ".join(file.note.split())[:SHORT], at=at, person_id=actor.user_id,
            person_name=actor.name[:160],
        )  # fmt: skip
        _line(actor, "records.attach", made, held)
    return made


def _changeable(actor: Actor, subject_type: str, subject_id: int) -> states.Held:
    """Return what a file is attached to, if the actor may add to it.

    :raises NotFound: there is no such thing, or not for this actor.
    :raises NotAllowed: he may only look at it.
    """
    held = states.held(actor, subject_type, subject_id)
    if not held.may_add:
        raise NotAllowed
    return held


def _media(content: bytes) -> policy.Media:
    """Return what a file is by its content.

    :raises Invalid: there is none, it is too large, or nothing that is taken in.
    """
    if not content:
        raise Invalid(_("Choose a file first."), field="file")
    if len(content) > largest():
        raise Invalid(_("This file is larger than %(most)s MB.") % {"most": settings.ATTACHMENT_MB}, field="file")
    media = policy.media_of(content)
    if media is None:
        raise Invalid(_("Only pictures (JPEG, PNG, WebP) and PDF files can be attached."), field="file")
    return media


def open_attachment(*, actor: Actor, attachment_id: int) -> Attachment:
    """Return a file with its content: asks the capability that owns what it belongs to, audits. One that was withdrawn
    is opened only by those who read the audit trail there.

    :raises NotFound: there is none, or not for this actor.
    """
    with db.atomic():
        row = queries.attachment(attachment_id)
        held = states.held(actor, row.subject_type, int(row.subject_id))
        if row.withdrawn_at is not None and not actor.can(Verb.VIEW_AUDIT, row.node_id):
            raise NotFound(_("This file was withdrawn."))
        _line(actor, "records.open_attachment", row, held)
    return row


def show_picture(*, actor: Actor, attachment_id: int, at: datetime.datetime) -> Attachment:
    """Return a picture that is shown small on the page of what it belongs to: asks the capability that owns it, audits
    once a person, a thing and a day: a page of twelve pictures is one look, not twelve openings. One that was withdrawn
    is shown to nobody.

    :raises NotFound: there is none, or not for this actor; it was withdrawn, or is no picture.
    """
    with db.atomic():
        row = queries.attachment(attachment_id)
        held = states.held(actor, row.subject_type, int(row.subject_id))
        if not row.is_shown:
            raise NotFound
        seen = (actor, row.subject_type, row.subject_id, clock.start_of(clock.day_of(at)))
        if queries.was_shown(*seen):
            return row
        db.serialise(f"{queries.SHOWN}.{actor.person_id}.{row.subject_type}.{row.subject_id}")
        if not queries.was_shown(*seen):
            audit(
                actor=actor, verb=queries.SHOWN, subject_type=row.subject_type, subject_id=row.subject_id,
                subject_label=held.label, node_id=row.node_id,
            )  # fmt: skip
    return row


def withdraw(*, actor: Actor, attachment_id: int, reason: str, at: datetime.datetime) -> Attachment:
    """Withdraw a file with a reason; it stays on the list: locks, asks the capability that owns what it belongs to,
    writes, audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor adds nothing to what it belongs to.
    :raises Conflict: it was withdrawn before.
    :raises Invalid: no reason.
    """
    why = " ".join(reason.split())[:SHORT]
    if not why:
        raise Invalid(_("Say why."), field="reason")
    with db.atomic():
        row = db.lock(Attachment.objects.defer("content"), attachment_id)
        held = _changeable(actor, row.subject_type, int(row.subject_id))
        if row.withdrawn_at is not None:
            raise Conflict(_("It was withdrawn before."))
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = at, actor.name[:160], why
        row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
        _line(actor, "records.withdraw_attachment", row, held, why)
    return row


def _line(actor: Actor, verb: str, row: Attachment, held: states.Held, note: str = "") -> None:
    audit(
        actor=actor, verb=verb, subject_type=row.subject_type, subject_id=row.subject_id, subject_label=held.label,
        node_id=row.node_id, after={"file": row.name, "size": row.size, "sha256": row.sha256}, note=note,
    )  # fmt: skip
