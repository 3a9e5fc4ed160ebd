"""Supports over the API: ask, give, decline, judge."""

import datetime
from typing import Annotated

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import supports
from guanxi.campaigns.services import supporting
from guanxi.campaigns.services.supporting import NewSupport
from guanxi.campaigns.states import SupportDesk, SupportKind
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain

router = Router()
Said = Annotated[str, Field(min_length=1, max_length=2000, pattern=Plain)]
Key = Annotated[int, Field(ge=1, lt=2**31)]


class SupportOut(Schema):
    """A support that was asked for; ``campaign_id``: where its list of customers stands."""

    id: int
    number: str
    node_id: int
    desk: str
    kind: str
    words: str
    wanted_by: datetime.date
    state: str
    campaign_id: int | None
    answer: str
    answered_at: datetime.datetime | None
    score: int | None
    outcome: str


class SupportPageOut(Schema):
    items: list[SupportOut]
    next: str | None


class SupportIn(Input):
    """``token``: your own name for it; the same one again is answered with what it made."""

    node_id: Key
    desk: SupportDesk
    kind: SupportKind
    words: Said
    wanted_by: datetime.date
    token: str = Field(min_length=8, max_length=64, pattern=Plain)


class SupportGivenIn(Input):
    answer: Said
    campaign_id: Key | None = None


class SupportDeclinedIn(Input):
    answer: Said


class SupportJudgedIn(Input):
    score: Annotated[int, Field(ge=1, le=5)]
    outcome: Said


@router.get("/", response={200: SupportPageOut, **REFUSALS}, summary="Supports that were asked for")
def list_supports(request: ApiRequest, query: Query[PageQuery]) -> object:
    check(request.actor, Verb.VIEW)
    found = paging.take(supports.visible_to(request.actor), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/", response={201: SupportOut, **REFUSALS}, summary="Ask for a support")
def ask_support(request: ApiRequest, body: SupportIn) -> object:
    return Status(
        201, supporting.ask_support(actor=request.actor, support=NewSupport(**body.dict()), at=clock.now())
    )  # fmt: skip


@router.post("/{support_id}/give", response={200: SupportOut, **REFUSALS}, summary="Give it")
def give_support(request: ApiRequest, support_id: int, body: SupportGivenIn) -> object:
    return supporting.give_support(actor=request.actor, support_id=support_id, at=clock.now(), **body.dict())


@router.post("/{support_id}/decline", response={200: SupportOut, **REFUSALS}, summary="Decline it with a reason")
def decline_support(request: ApiRequest, support_id: int, body: SupportDeclinedIn) -> object:
    return supporting.decline_support(actor=request.actor, support_id=support_id, at=clock.now(), **body.dict())


@router.post("/{support_id}/judge", response={200: SupportOut, **REFUSALS}, summary="Say whether it helped")
def judge_support(request: ApiRequest, support_id: int, body: SupportJudgedIn) -> object:
    return supporting.judge_support(actor=request.actor, support_id=support_id, at=clock.now(), **body.dict())
