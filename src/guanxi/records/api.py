"""The audit trail over the API: read only."""

import datetime
from typing import Any

from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.foundation import paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest
from guanxi.records import queries
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
