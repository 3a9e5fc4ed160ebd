"""What gateways report over the API."""

from typing import Literal

from ninja import Router, Schema
from pydantic import Field

from guanxi.foundation import clock
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, Moment, Plain
from guanxi.messaging.services import replies

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
