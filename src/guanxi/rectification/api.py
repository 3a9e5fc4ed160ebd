"""Rectification notices over the API: the list, one, and every step."""

import datetime
from typing import Annotated

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain
from guanxi.rectification import queries
from guanxi.rectification.models import Notice
from guanxi.rectification.permissions import Verb
from guanxi.rectification.services import answering, deciding, issuing
from guanxi.rectification.states import State

router = Router()
Key = Annotated[int, Field(ge=1, lt=2**31)]
Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=Plain)]
Short = Annotated[str, Field(min_length=1, max_length=400, pattern=Plain)]
Code = Annotated[str, Field(max_length=24, pattern=Plain)]


class RectificationRoundOut(Schema):
    """One answer of the department, and what the customer said of it."""

    number: int
    cause: str
    measure: str
    proof: str
    answered_at: datetime.datetime
    verified_at: datetime.datetime | None
    is_satisfied: bool | None
    verdict: str


class RectificationOut(Schema):
    """A notice to a department of an outlet."""

    id: int
    number: str
    outlet_id: int
    place_id: int = Field(description="Where it was issued; there it is verified")
    department: str = Field(alias="department_id")
    problem: str = Field(alias="problem_id")
    customer_id: int | None
    vehicle_id: int | None
    words: str
    state: str
    issued_at: datetime.datetime
    due_at: datetime.datetime
    received_at: datetime.datetime | None
    rounds: int
    reason: str
    ended_at: datetime.datetime | None


class RectificationOneOut(RectificationOut):
    answers: list[RectificationRoundOut]

    @staticmethod
    def resolve_answers(row: Notice) -> object:
        return queries.rounds(row)


class RectificationPage(Schema):
    items: list[RectificationOut]
    next: str | None


class NoticeQuery(PageQuery):
    outlet_id: Key | None = None
    state: State | None = None
    customer_id: Annotated[int, Field(ge=1, lt=2**63)] | None = None


class IssueIn(Input):
    """``token``: your own name for this notice; the same one again is answered with the notice that it made."""

    outlet_id: Key
    problem: Code
    words: Words
    token: str = Field(min_length=8, max_length=64, pattern=Plain)
    department: Code = ""
    days: int | None = Field(None, ge=1, le=60)
    customer_id: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    vehicle_id: Annotated[int, Field(ge=1, lt=2**63)] | None = None


class RectificationAnswerIn(Input):
    cause: Words
    measure: Words
    proof: Short


class ReasonIn(Input):
    reason: Short


class InsistIn(ReasonIn):
    department: Code


class VerifyIn(Input):
    is_satisfied: bool
    words: Words


@router.get("/notices", response={200: RectificationPage, **REFUSALS}, summary="List rectification notices")
def list_notices(request: ApiRequest, query: Query[NoticeQuery]) -> object:
    check(request.actor, Verb.VIEW)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    found = paging.take(queries.visible_to(request.actor).filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.get(
    "/notices/{rectified_id}", response={200: RectificationOneOut, **REFUSALS}, summary="One notice with its answers"
)
def get_notice(request: ApiRequest, rectified_id: int) -> object:
    check(request.actor, Verb.VIEW)
    return queries.notice(request.actor, rectified_id)


@router.post("/notices", response={201: RectificationOut, **REFUSALS}, summary="Issue a rectification notice")
def issue_notice(request: ApiRequest, body: IssueIn) -> object:
    notice = issuing.NewNotice(**body.dict())
    return Status(201, issuing.issue(actor=request.actor, notice=notice, at=clock.now()))


@router.post(
    "/notices/{rectified_id}/receive", response={200: RectificationOut, **REFUSALS}, summary="Confirm its receipt"
)
def receive_notice(request: ApiRequest, rectified_id: int) -> object:
    return answering.receive(actor=request.actor, notice_id=rectified_id, at=clock.now())


@router.post(
    "/notices/{rectified_id}/answer",
    response={200: RectificationRoundOut, **REFUSALS},
    summary="Answer for the department",
)
def answer_notice(request: ApiRequest, rectified_id: int, body: RectificationAnswerIn) -> object:
    said = answering.Answer(**body.dict())
    return answering.answer(actor=request.actor, notice_id=rectified_id, answer=said, at=clock.now())


@router.post(
    "/notices/{rectified_id}/refuse", response={200: RectificationOut, **REFUSALS}, summary="Refuse for the department"
)
def refuse_notice(request: ApiRequest, rectified_id: int, body: ReasonIn) -> object:
    return answering.refuse(actor=request.actor, notice_id=rectified_id, reason=body.reason, at=clock.now())


@router.post(
    "/notices/{rectified_id}/insist",
    response={200: RectificationOut, **REFUSALS},
    summary="Send a refused notice out again",
)
def insist_on_notice(request: ApiRequest, rectified_id: int, body: InsistIn) -> object:
    return deciding.insist(actor=request.actor, notice_id=rectified_id, at=clock.now(), **body.dict())


@router.post(
    "/notices/{rectified_id}/verify", response={200: RectificationOut, **REFUSALS}, summary="What the customer says"
)
def verify_notice(request: ApiRequest, rectified_id: int, body: VerifyIn) -> object:
    return deciding.verify(actor=request.actor, notice_id=rectified_id, at=clock.now(), **body.dict())


@router.post(
    "/notices/{rectified_id}/withdraw", response={200: RectificationOut, **REFUSALS}, summary="Withdraw a notice"
)
def withdraw_notice(request: ApiRequest, rectified_id: int, body: ReasonIn) -> object:
    return deciding.withdraw(actor=request.actor, notice_id=rectified_id, reason=body.reason, at=clock.now())
