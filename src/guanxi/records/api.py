"""The audit trail, the presets and attachments over the API."""

import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.foundation import clock, pages, paging, presets
from guanxi.foundation.actor import check, check_everywhere
from guanxi.foundation.rest import FILE_BODY, REFUSALS, ApiRequest, Input, Plain, sent_file
from guanxi.records import queries, services, states
from guanxi.records.permissions import Verb
from guanxi.records.services import attaching

router = Router()


class EntryOut(Schema):
    """One line of the trail."""

    id: int
    at: datetime.datetime
    person_id: int | None
    person_name: str
    verb: str
    subject_type: str
    subject_id: str
    subject_label: str
    node_id: int | None
    before: Any = None
    after: Any = None
    channel: str
    request_id: str


class EntryPage(Schema):
    items: list[EntryOut]
    next: str | None


class EntryQuery(Schema):
    verb: str | None = Field(None, max_length=80, pattern=r"^[^\x00]*$")
    subject_type: str | None = Field(None, max_length=40, pattern=r"^[^\x00]*$")
    subject_id: str | None = Field(None, max_length=80, pattern=r"^[^\x00]*$")
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=200)


@router.get("/audit", response={200: EntryPage, **REFUSALS}, summary="Read the audit trail, oldest first")
def audit(request: ApiRequest, query: Query[EntryQuery]) -> object:
    check(request.actor, Verb.VIEW_AUDIT)
    rows = queries.visible_to(request.actor)
    wanted = {"verb": query.verb, "subject_type": query.subject_type, "subject_id": query.subject_id}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


class VersionOut(Schema):
    part: str
    digest: str
    at: datetime.datetime


class PresetOut(Schema):
    name: str
    title_zh: str
    title_en: str
    applied: list[VersionOut]


class ChangeOut(Schema):
    kind: str
    subject: str
    detail: str


class PartOut(Schema):
    """What one part of a preset would change now; its digest is sent back to apply exactly this."""

    key: str
    digest: str
    changes: list[ChangeOut]


class ApplyIn(Input):
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class AppliedOut(Schema):
    changes: int


@router.get("/presets", response={200: list[PresetOut], **REFUSALS}, summary="List presets and what was applied")
def list_presets(request: ApiRequest) -> object:
    check_everywhere(request.actor, Verb.APPLY_PRESETS)
    names = presets.names()
    versions = queries.preset_versions(names)
    return [
        {
            "name": name,
            **{key: presets.title(name).get(key, "") for key in ("title_zh", "title_en")},
            "applied": [row for (maker, _part), row in versions.items() if maker == name],
        }
        for name in names
    ]


@router.get("/presets/{name}", response={200: list[PartOut], **REFUSALS}, summary="What a preset would change")
def compare_preset(request: ApiRequest, name: str) -> object:
    check_everywhere(request.actor, Verb.APPLY_PRESETS)
    return [
        {
            "key": part.loader.key,
            "digest": part.digest,
            "changes": [
                {"kind": change.kind, "subject": change.subject, "detail": str(change.detail)}
                for change in presets.compare(part)
            ],
        }
        for part in presets.read(name)
    ]


@router.post("/presets/{name}/{key}/apply", response={200: AppliedOut, **REFUSALS}, summary="Apply a part as shown")
def apply_preset(request: ApiRequest, name: str, key: str, body: ApplyIn) -> object:
    count = services.apply_preset_part(actor=request.actor, carmaker=name, key=key, digest=body.digest)
    return {"changes": count}


Key = Annotated[int, Field(ge=1, lt=2**63)]
Kind = Annotated[str, Field(max_length=40, pattern=Plain, description="Such as complaints.complaint")]


class EvidenceOut(Schema):
    """A file that belongs to something; one that was withdrawn stays on the list with the reason."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    note: str
    at: datetime.datetime
    person_name: str
    withdrawn_at: datetime.datetime | None
    withdrawn_why: str


class AttachmentWithdrawIn(Input):
    reason: Annotated[str, Field(min_length=1, max_length=400, pattern=Plain)]


@router.get(
    "/attachments/of/{held_by}/{held_id}", response={200: list[EvidenceOut], **REFUSALS}, summary="The files of it"
)
def list_attachments(request: ApiRequest, held_by: Kind, held_id: Key) -> object:
    states.held(request.actor, held_by, held_id)
    return queries.attachments(held_by, held_id)


@router.post(
    "/attachments/of/{held_by}/{held_id}",
    response={201: EvidenceOut, **REFUSALS},
    summary="Attach a picture (JPEG, PNG, WebP) or a PDF",
    openapi_extra=FILE_BODY,
)
def attach(request: ApiRequest, held_by: Kind, held_id: Key) -> object:
    file = attaching.File(*sent_file(request, attaching.largest()))
    made = attaching.attach(
        actor=request.actor, subject_type=held_by, subject_id=held_id, file=file, at=clock.now()
    )  # fmt: skip
    return Status(201, made)


@router.get("/attachments/{evidence_id}", response={200: None, **REFUSALS}, summary="A file to keep")
def get_attachment(request: ApiRequest, evidence_id: Key) -> HttpResponse:
    row = attaching.open_attachment(actor=request.actor, attachment_id=evidence_id)
    return pages.download(pages.File(row.name, row.media_type, bytes(row.content)))


@router.post(
    "/attachments/{evidence_id}/withdraw", response={200: EvidenceOut, **REFUSALS}, summary="Withdraw with a reason"
)
def withdraw_attachment(request: ApiRequest, evidence_id: Key, body: AttachmentWithdrawIn) -> object:
    return attaching.withdraw(
        actor=request.actor, attachment_id=evidence_id, reason=body.reason, at=clock.now()
    )  # fmt: skip
