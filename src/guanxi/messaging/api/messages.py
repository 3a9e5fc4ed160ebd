"""Messages over the API: the same verbs as the pages."""

import datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, Plain
from guanxi.messaging.permissions import Verb
from guanxi.messaging.queries import messages as queries
from guanxi.messaging.services import again, queueing
from guanxi.messaging.tables import masked

router = Router()
Key = Annotated[int, Field(ge=1, lt=2**63)]


class MessageOut(Schema):
    """A message or a skip; the address is masked."""

    id: int
    customer_id: int
    vehicle_id: int | None = Field(description="The car that it is about, where it is about one")
    node_id: int
    template_id: int | None
    purpose: str
    channel: str
    address: str
    language: str
    subject: str
    body: str
    key: str
    state: str
    reason: str = Field(description="Why it was skipped; empty for all others")
    queued_at: datetime.datetime
    not_before: datetime.datetime
    sent_at: datetime.datetime | None
    carrier: str = Field(description="Through what it was sent; “browser”: shown in the system only")
    reference: str
    error: str

    @staticmethod
    def resolve_address(row: Any) -> str:
        return masked(row)


class MessagePage(Schema):
    items: list[MessageOut]
    next: str | None = Field(description="The cursor of the next page; null on the last")


class Asked(Schema):
    customer_id: Key | None = None
    key: str | None = Field(None, max_length=120, pattern=Plain)
    state: Literal["QUEUED", "SENDING", "SENT", "DELIVERED", "FAILED", "UNCERTAIN", "SKIPPED"] | None = None
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=200)


class QueueIn(Input):
    template: str = Field(min_length=1, max_length=40, pattern=Plain)
    node_id: int = Field(ge=1, lt=2**31, description="The place that writes")
    customer_ids: list[Key] = Field(min_length=1, max_length=10_000)
    key: str = Field(
        min_length=1, max_length=120, pattern=Plain,
        description="The reason in one word: nobody is written to twice for it",
    )  # fmt: skip
    language: Literal["zh", "en"] = "zh"
    cars: dict[Key, Key] = Field(default={}, description="By customer: the car that it is about, where it is about one")


class WordsIn(Input):
    """A message in own words; it may name the variables of templates."""

    channel: Literal["SMS", "WECHAT", "EMAIL", "LETTER"]
    purpose: Literal["SERVICE", "CARE", "MARKETING", "SURVEY", "SHARING"]
    subject: str = Field("", max_length=160, pattern=Plain, description="Needed by e-mail")
    body: str = Field(min_length=1, max_length=4000, pattern=Plain)
    node_id: int = Field(ge=1, lt=2**31, description="The place that writes")
    customer_ids: list[Key] = Field(min_length=1, max_length=10_000)
    key: str = Field(
        min_length=1, max_length=120, pattern=Plain,
        description="The reason in one word: nobody is written to twice for it",
    )  # fmt: skip
    language: Literal["zh", "en"] = "zh"


class OutcomeOut(Schema):
    queued: int
    skipped: dict[str, int] = Field(description="How many for each reason; what was logged before is not counted again")


@router.get("/messages", response={200: MessagePage, **REFUSALS}, summary="List messages and skips")
def list_messages(request: ApiRequest, query: Query[Asked]) -> object:
    check(request.actor, Verb.VIEW)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    found = paging.take(queries.visible_to(request.actor).filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/messages", response={200: OutcomeOut, **REFUSALS}, summary="Write to customers from a template")
def queue_messages(request: ApiRequest, body: QueueIn) -> object:
    values = body.dict()
    cars = values.pop("cars")
    values["customer_ids"] = {pk: cars.get(pk) for pk in values["customer_ids"]}
    outcome = queueing.queue_messages(actor=request.actor, at=clock.now(), **values)
    return {"queued": outcome.queued, "skipped": outcome.skipped}


@router.post("/words", response={200: OutcomeOut, **REFUSALS}, summary="Write to customers in own words")
def queue_words(request: ApiRequest, body: WordsIn) -> object:
    values = body.dict()
    whom = {name: values.pop(name) for name in ("node_id", "customer_ids", "key")}
    outcome = queueing.queue_words(
        actor=request.actor, words=queueing.FreeWords(**values), at=clock.now(), **whom
    )  # fmt: skip
    return {"queued": outcome.queued, "skipped": outcome.skipped}


@router.post("/messages/{message_id}/send-again", response={200: MessageOut, **REFUSALS}, summary="Send again")
def send_again(request: ApiRequest, message_id: int) -> object:
    return again.send_again(actor=request.actor, message_id=message_id, at=clock.now())
