"""What gateways report over the API, and what came in and could not be kept as an answer."""

import datetime
from typing import Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, Moment, Plain
from guanxi.messaging.permissions import Verb
from guanxi.messaging.queries import messages as queries
from guanxi.messaging.services import replies
from guanxi.messaging.tables import masked_mail

router = Router()


class ReplyIn(Input):
    """An answer; the same reference again changes nothing."""

    channel: Literal["SMS", "EMAIL"]
    address: str = Field(min_length=1, max_length=120, pattern=Plain)
    words: str = Field(max_length=4000, pattern=Plain)
    received_at: Moment
    reference: str = Field(min_length=1, max_length=200, pattern=Plain, description="The gateway's own number of it")


class ReplyOut(Schema):
    customers: int = Field(description="How many customers have the address")
    is_stop: bool = Field(description="Whether it stopped the channel")


@router.post("/replies", response={200: ReplyOut, **REFUSALS}, summary="Report what was answered")
def receive_reply(request: ApiRequest, body: ReplyIn) -> object:
    rows = replies.receive_reply(actor=request.actor, reply=replies.NewReply(**body.dict()), at=clock.now())
    return {"customers": sum(row.customer_id is not None for row in rows), "is_stop": rows[0].is_stop}


class StrayMailOut(Schema):
    """A mail that could not be kept as an answer; the address is masked."""

    id: int
    reference: str
    address: str
    subject: str
    why: str
    kept_at: datetime.datetime

    @staticmethod
    def resolve_address(row: Any) -> str:
        return masked_mail(row)


class StrayMailPage(Schema):
    items: list[StrayMailOut]
    next: str | None


class StrayMailQuery(Schema):
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=200)


@router.get("/stray-mails", response={200: StrayMailPage, **REFUSALS}, summary="Mails that are no answers")
def list_stray_mails(request: ApiRequest, query: Query[StrayMailQuery]) -> object:
    check(request.actor, Verb.VIEW)
    found = paging.take(queries.strays_visible_to(request.actor), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}
