"""One's own notifications over the API."""

import datetime

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.foundation import clock, paging
from guanxi.foundation.errors import NotFound
from guanxi.foundation.rest import REFUSALS, ApiRequest
from guanxi.workbench import queries, services

router = Router()
MOST_ID = 2**63


class NotificationOut(Schema):
    """Something that the bearer was told."""

    id: int
    at: datetime.datetime
    kind: str
    text_zh: str
    text_en: str
    url: str
    read_at: datetime.datetime | None


class NotificationPage(Schema):
    items: list[NotificationOut]
    next: str | None = Field(description="The cursor of the next page; null on the last")


class NotificationQuery(Schema):
    unread: bool = Field(False, description="Only those that are not read")
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=200)


@router.get("", response={200: NotificationPage, **REFUSALS}, summary="List my notifications, oldest first")
def list_notifications(request: ApiRequest, query: Query[NotificationQuery]) -> object:
    rows = queries.notifications(request.actor)
    if query.unread:
        rows = rows.filter(read_at__isnull=True)
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/read", response={204: None, **REFUSALS}, summary="Mark all my notifications as read")
def read_all(request: ApiRequest) -> Status[None]:
    services.mark_all_read(actor=request.actor, at=clock.now())
    return Status(204, None)


@router.post("/{notification_id}/read", response={204: None, **REFUSALS}, summary="Mark one notification as read")
def read(request: ApiRequest, notification_id: int) -> Status[None]:
    if not 0 < notification_id < MOST_ID:
        raise NotFound
    services.mark_read(actor=request.actor, notification_id=notification_id, at=clock.now())
    return Status(204, None)
