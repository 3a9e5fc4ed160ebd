"""What customers said of wanting to buy, over the API."""

import datetime
from typing import Literal

from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.queries import intentions as queries
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest

router = Router()


class IntentionOut(Schema):
    """A customer wants to buy, and the task by which his outlet follows it."""

    id: int
    customer_id: int
    vehicle_id: int | None
    place_id: int = Field(description="Where it was said")
    outlet_id: int
    kind: str = Field(description="How he wants to buy; empty if he did not say")
    words: str
    said_at: datetime.datetime
    person_name: str
    task_id: int


class IntentionPage(Schema):
    items: list[IntentionOut]
    next: str | None


class IntentionQuery(Schema):
    kind: Literal["ADDITIONAL", "REPLACEMENT", "CROSS", "RECOMMENDATION"] | None = None
    customer_id: int | None = Field(None, ge=1, lt=2**63)
    outlet_id: int | None = Field(None, ge=1, lt=2**31)
    since: datetime.date | None = None
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=200)


@router.get("/intentions", response={200: IntentionPage, **REFUSALS}, summary="List intentions to buy")
def list_intentions(request: ApiRequest, query: Query[IntentionQuery]) -> object:
    check(request.actor, Verb.VIEW)
    rows = queries.visible_to(request.actor)
    if query.since:
        rows = rows.filter(said_at__gte=clock.start_of(query.since))
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit", "since"})
    found = paging.take(rows.filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}
