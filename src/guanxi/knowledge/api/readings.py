"""What has to be read and confirmed, over the API."""

import datetime
from typing import Annotated

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.errors import NotFound
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain
from guanxi.knowledge.models import Reading
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles, readings
from guanxi.knowledge.services import confirming
from guanxi.knowledge.states import ReaderStanding

router = Router()


class ToReadOut(Schema):
    """An article that you have to read and confirm, and until when."""

    article_id: int = Field(alias="row.article_id")
    version: int = Field(alias="row.number")
    title_zh: str = Field(alias="row.title_zh")
    title_en: str = Field(alias="row.title_en")
    due_on: datetime.date
    is_late: bool


class ReadingAskedOut(Schema):
    """``since``: the version from which on a confirmation counts; ``roles``: who has to confirm."""

    article_id: int
    since: int
    roles: list[str]
    due_on: datetime.date
    asked_at: datetime.datetime
    reminded_on: datetime.date | None


class ReaderOut(Schema):
    """Somebody who has to confirm, at one of his places."""

    person_id: int = Field(alias="user_id")
    name: str = Field(alias="user.name")
    role: str = Field(alias="role_id")
    node_id: int
    branch_id: int | None
    standing: ReaderStanding
    due_on: datetime.date
    confirmed_at: datetime.datetime | None


class ReaderPage(Schema):
    items: list[ReaderOut]
    next: str | None


class ReadingNumbersOut(Schema):
    asked: int
    confirmed: int
    late: int


class ReadersIn(Input):
    roles: Annotated[
        tuple[Annotated[str, Field(max_length=40, pattern=Plain)], ...], Field(min_length=1, max_length=60)
    ]
    due_on: datetime.date


class ReadConfirmedIn(Input):
    version: Annotated[int, Field(ge=1, lt=2**15, description="The version that was read")]


class ReadConfirmedOut(Schema):
    version: int = Field(alias="version.number")
    at: datetime.datetime


class RemindedOut(Schema):
    people: int


class ReaderQuery(PageQuery):
    standing: ReaderStanding | None = None
    node_id: Annotated[int, Field(ge=1, lt=2**31)] | None = None


@router.get("/mine", response={200: list[ToReadOut], **REFUSALS}, summary="What you have to read and confirm")
def list_to_read(request: ApiRequest) -> object:
    check(request.actor, Verb.VIEW)
    return readings.duties(request.actor, clock.today())


@router.post(
    "/{article_id}/confirm", response={200: ReadConfirmedOut, **REFUSALS}, summary="Confirm that you have read it"
)
def confirm_article_read(request: ApiRequest, article_id: int, body: ReadConfirmedIn) -> object:
    return confirming.confirm_read(
        actor=request.actor, article_id=article_id, version=body.version, at=clock.now()
    )  # fmt: skip


@router.put("/{article_id}", response={200: ReadingAskedOut, **REFUSALS}, summary="Have it confirmed by its readers")
def ask_article_readers(request: ApiRequest, article_id: int, body: ReadersIn) -> object:
    asked = confirming.Readers(body.roles, body.due_on)
    return confirming.ask_readers(actor=request.actor, article_id=article_id, readers=asked, at=clock.now())


@router.delete("/{article_id}", response={204: None, **REFUSALS}, summary="Ask nobody any more")
def lift_article_reading(request: ApiRequest, article_id: int) -> object:
    confirming.lift_reading(actor=request.actor, article_id=article_id)
    return Status(204, None)


@router.post("/{article_id}/remind", response={200: RemindedOut, **REFUSALS}, summary="Remind who has not confirmed")
def remind_article_readers(request: ApiRequest, article_id: int) -> object:
    return {"people": confirming.remind_readers(actor=request.actor, article_id=article_id, at=clock.now())}


@router.get("/{article_id}", response={200: ReadingNumbersOut, **REFUSALS}, summary="How many have confirmed")
def count_article_readers(request: ApiRequest, article_id: int) -> object:
    reading = _reading(request, article_id)
    return readings.numbers(request.actor, [reading.pk], clock.today()).get(reading.pk, readings.Numbers())


@router.get("/{article_id}/readers", response={200: ReaderPage, **REFUSALS}, summary="Who has confirmed, who has not")
def list_article_readers(request: ApiRequest, article_id: int, query: Query[ReaderQuery]) -> object:
    rows = readings.followed(request.actor, _reading(request, article_id), clock.today())
    if query.standing:
        rows = rows.filter(standing=query.standing)
    if query.node_id:
        rows = rows.filter(node_id=query.node_id)
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


def _reading(request: ApiRequest, article_id: int) -> Reading:
    """Return what is asked of the readers of a visible article.

    :raises NotFound: nothing, or the article is none that the actor sees.
    """
    check(request.actor, Verb.VIEW_READINGS)
    reading = readings.of_article(articles.article(request.actor, article_id).pk)
    if reading is None:
        raise NotFound
    return reading
