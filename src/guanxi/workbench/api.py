"""One's own notifications, and the saved views of lists, over the API."""

import datetime
from typing import Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.foundation import clock, paging
from guanxi.foundation.errors import NotFound
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery
from guanxi.workbench import queries, services
from guanxi.workbench.models import SavedView

notifications = Router()
views = Router()
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


class NotificationQuery(PageQuery):
    unread: bool = Field(False, description="Only those that are not read")


class ViewOut(Schema):
    """A list as somebody likes it."""

    id: int
    table: str = Field(description="Which list: network.outlets, access.people …")
    name: str
    query: str = Field(description="Search, filters, sort order and columns, as in the address of the list")
    is_shared: bool
    node_id: int | None = Field(description="The place with which it is shared")
    is_mine: bool
    created_at: datetime.datetime


class ViewPage(Schema):
    items: list[ViewOut]
    next: str | None


class ViewQuery(PageQuery):
    table: str | None = Field(None, max_length=60, pattern=r"^[a-z_.]*$")


class ViewIn(Input):
    table: str = Field(max_length=60, pattern=r"^[a-z_]+\.[a-z_]+$")
    name: str = Field(min_length=1, max_length=60, pattern=r"^[^\x00]*$")
    query: str = Field("", max_length=services.LONGEST_QUERY)
    is_shared: bool = False
    node_id: int | None = Field(None, ge=1, lt=2**31, description="Where to share it; without it at the own place")


@notifications.get("", response={200: NotificationPage, **REFUSALS}, summary="List my notifications, oldest first")
def list_notifications(request: ApiRequest, query: Query[NotificationQuery]) -> object:
    rows = queries.notifications(request.actor)
    if query.unread:
        rows = rows.filter(read_at__isnull=True)
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@notifications.post("/read", response={204: None, **REFUSALS}, summary="Mark all my notifications as read")
def read_all(request: ApiRequest) -> Status[None]:
    services.mark_all_read(actor=request.actor, at=clock.now())
    return Status(204, None)


@notifications.post(
    "/{notification_id}/read", response={204: None, **REFUSALS}, summary="Mark one notification as read"
)
def read(request: ApiRequest, notification_id: int) -> Status[None]:
    if not 0 < notification_id < MOST_ID:
        raise NotFound
    services.mark_read(actor=request.actor, notification_id=notification_id, at=clock.now())
    return Status(204, None)


def _shown(view: SavedView, person_id: int) -> dict[str, Any]:
    values = {name: getattr(view, name) for name in ViewOut.model_fields if name != "is_mine"}
    return values | {"is_mine": view.owner_id == person_id}


@views.get("", response={200: ViewPage, **REFUSALS}, summary="List my saved views and those shared with me")
def list_views(request: ApiRequest, query: Query[ViewQuery]) -> object:
    rows = queries.views_visible_to(request.actor)
    if query.table:
        rows = rows.filter(table=query.table)
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": [_shown(row, request.actor.person_id) for row in found.rows], "next": found.next}


@views.post("", response={201: ViewOut, **REFUSALS}, summary="Save a view")
def save_view(request: ApiRequest, body: ViewIn) -> object:
    """A view of mine with the same name on the same list is replaced."""
    view = services.save_view(actor=request.actor, at=clock.now(), **body.dict())
    return Status(201, _shown(view, request.actor.person_id))


@views.delete("/{view_id}", response={204: None, **REFUSALS}, summary="Delete a view of mine")
def delete_view(request: ApiRequest, view_id: int) -> object:
    services.delete_view(actor=request.actor, view_id=view_id)
    return Status(204, None)
