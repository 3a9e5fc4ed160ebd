"""The audit trail and the presets over the API."""

import datetime
from typing import Any

from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.foundation import paging, presets
from guanxi.foundation.actor import check, check_everywhere
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input
from guanxi.records import queries, services
from guanxi.records.permissions import Verb

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
