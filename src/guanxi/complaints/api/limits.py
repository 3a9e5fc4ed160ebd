"""Limits that were passed over the API: see them, say what comes of one."""

import datetime
from typing import Annotated

from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import limits
from guanxi.complaints.services import limits as answering
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain

router = Router()


class BreachOut(Schema):
    """More complaints of a category at an outlet than a limit allows, since the first day of its period."""

    id: int
    limit_id: str
    outlet_id: int
    category_id: str
    since: datetime.date
    many: int
    words: str
    answered_at: datetime.datetime | None


class BreachPage(Schema):
    items: list[BreachOut]
    next: str | None


class OutcomeIn(Input):
    words: Annotated[str, Field(min_length=1, max_length=2000, pattern=Plain)]


@router.get("/", response={200: BreachPage, **REFUSALS}, summary="Limits that were passed")
def list_breaches(request: ApiRequest, query: Query[PageQuery]) -> object:
    check(request.actor, Verb.VIEW)
    found = paging.take(limits.visible_to(request.actor), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/{breach_id}", response={200: BreachOut, **REFUSALS}, summary="Say what comes of it")
def answer_breach(request: ApiRequest, breach_id: int, body: OutcomeIn) -> object:
    return answering.answer(actor=request.actor, breach_id=breach_id, words=body.words, at=clock.now())
