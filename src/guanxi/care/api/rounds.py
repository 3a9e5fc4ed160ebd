"""Rounds over the API: listing them, one with its answers, filing one and correcting it."""

import datetime
from typing import Annotated, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.care.models import Answer, Round
from guanxi.care.permissions import Verb
from guanxi.care.policy.checklists import LONGEST, Reply
from guanxi.care.queries import rounds as queries
from guanxi.care.services import rounds as services
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain

router = Router()
ListCode = Annotated[str, Field(max_length=40, pattern=Plain)]


class RoundOut(Schema):
    """A round that was asked for (``due_at``), filed (``filed_at``), or both."""

    id: int
    code: str
    outlet_id: int
    day: datetime.date
    due_at: datetime.datetime | None
    filed_at: datetime.datetime | None
    corrected_at: datetime.datetime | None
    person_id: int | None
    fulfilled: int
    missing: int


class AnswerOut(Schema):
    item: str
    finding: str
    remark: str


class SheetOut(RoundOut):
    """A round with its answers."""

    answers: list[AnswerOut]


class RoundPage(Schema):
    items: list[RoundOut]
    next: str | None


class RoundQuery(PageQuery):
    outlet_id: int | None = Field(None, ge=1, lt=2**31)
    code: ListCode | None = None
    day_from: datetime.date | None = None
    day_until: datetime.date | None = None
    filed: bool | None = None


class AnswerIn(Input):
    item: ListCode
    finding: Literal["FULFILLED", "MISSING", "NOT_APPLICABLE"]
    remark: str = Field("", max_length=LONGEST, pattern=Plain, description="What is wrong; needed if it is missing")


class AnswersIn(Input):
    answers: list[AnswerIn] = Field(max_length=100, description="One for each item of the list")

    def replies(self) -> dict[str, Reply]:
        return {answer.item: Reply(answer.finding, answer.remark) for answer in self.answers}


class RoundIn(AnswersIn):
    outlet_id: int = Field(ge=1, lt=2**31)
    code: ListCode
    day: datetime.date = Field(description="Today: a round is filed on its day, never later")


def _sheet(row: Round, answers: list[Answer]) -> dict[str, object]:
    held = {name: getattr(row, name) for name in RoundOut.model_fields}
    told = [{"item": item.item.code, "finding": item.finding, "remark": item.remark} for item in answers]
    return held | {"answers": told}


@router.get("/rounds", response={200: RoundPage, **REFUSALS}, summary="List rounds")
def list_rounds(request: ApiRequest, query: Query[RoundQuery]) -> object:
    check(request.actor, Verb.VIEW_ROUNDS)
    rows = queries.visible_to(request.actor).filter(**query.dict(include={"outlet_id", "code"}, exclude_none=True))
    if query.day_from:
        rows = rows.filter(day__gte=query.day_from)
    if query.day_until:
        rows = rows.filter(day__lte=query.day_until)
    if query.filed is not None:
        rows = rows.filter(filed_at__isnull=not query.filed)
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.get("/rounds/{round_id}", response={200: SheetOut, **REFUSALS}, summary="A round with its answers")
def get_round(request: ApiRequest, round_id: int) -> object:
    check(request.actor, Verb.VIEW_ROUNDS)
    row = queries.round_of(request.actor, round_id)
    return _sheet(row, queries.answers(row))


@router.post("/rounds", response={200: SheetOut, **REFUSALS}, summary="File today's round of a list at an outlet")
def file_round(request: ApiRequest, body: RoundIn) -> object:
    row = services.file_round(
        actor=request.actor, outlet_id=body.outlet_id, code=body.code, day=body.day, replies=body.replies(),
        at=clock.now(),
    )  # fmt: skip
    return _sheet(row, queries.answers(row))


@router.post(
    "/rounds/{round_id}/correct", response={200: SheetOut, **REFUSALS}, summary="Correct a round that one filed today"
)
def correct_round(request: ApiRequest, round_id: int, body: AnswersIn) -> object:
    row = services.correct_round(actor=request.actor, round_id=round_id, replies=body.replies(), at=clock.now())
    return _sheet(row, queries.answers(row))
