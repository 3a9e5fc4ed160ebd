"""The sample of closed complaints over the API."""

import datetime
from typing import Annotated

from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import rechecks
from guanxi.complaints.services import rechecking
from guanxi.complaints.states import Checked
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain

router = Router()


class RecheckOut(Schema):
    """A closed complaint that was drawn, and what its customer says once more."""

    id: int
    complaint_id: int
    place_id: int = Field(description="Called from")
    drawn_on: datetime.date
    due_at: datetime.datetime
    result: str
    words: str
    checked_at: datetime.datetime | None
    checked_by: str


class RecheckPage(Schema):
    items: list[RecheckOut]
    next: str | None


class RecheckIn(Input):
    result: Checked
    words: Annotated[str, Field(min_length=1, max_length=2000, pattern=Plain)]


@router.get("/", response={200: RecheckPage, **REFUSALS}, summary="Closed complaints that were drawn")
def list_rechecks(request: ApiRequest, query: Query[PageQuery]) -> object:
    check(request.actor, Verb.RECHECK)
    found = paging.take(rechecks.visible_to(request.actor), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/{recheck_id}", response={200: RecheckOut, **REFUSALS}, summary="What the customer says once more")
def record_recheck(request: ApiRequest, recheck_id: int, body: RecheckIn) -> object:
    return rechecking.record_recheck(
        actor=request.actor, recheck_id=recheck_id, at=clock.now(), **body.dict()
    )  # fmt: skip
