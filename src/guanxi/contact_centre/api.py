"""Calls over the API: the same verbs as the pages."""

import datetime
import uuid
from typing import Annotated, Literal

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.contact_centre import queries
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.services import calling
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, Moment, Plain
from guanxi.verification.states import Said

router = Router()
Key = Annotated[int, Field(ge=1, lt=2**63)]
Outcome = Literal[
    "REACHED", "NO_ANSWER", "BUSY", "SWITCHED_OFF", "CALL_LATER", "WRONG_NUMBER", "NOT_THE_OWNER", "REFUSED"
]
Words = Annotated[str, Field(max_length=2000, pattern=Plain)]
Answer = Annotated[str, Field(max_length=1000, pattern=Plain)]


class CallOut(Schema):
    """A call as lists show it."""

    id: int
    token: uuid.UUID
    task_id: int | None
    customer_id: int
    vehicle_id: int | None
    node_id: int
    agent_id: int | None
    agent_name: str
    script_id: int
    number: str = Field(description="The number that was called, masked")
    started_at: datetime.datetime
    ended_at: datetime.datetime
    outcome: str
    disposition: str = Field(description="What the call counts as, by the standard definitions of AAPOR")
    answers: dict[str, str]
    note: str
    promised_at: datetime.datetime | None
    promised_to: str


class CallPage(Schema):
    items: list[CallOut]
    next: str | None = Field(description="The cursor of the next page; null on the last")


class FoundIn(Input):
    """How one field of the record was found, and what the customer says if it is wrong."""

    found: Literal["RIGHT", "WRONG", "NOT_ASKED"]
    words: Annotated[str, Field(max_length=400, pattern=Plain)] = ""


class CallIn(Input):
    """What is written down about a call; sent twice with one token it is one call."""

    task_id: Key
    token: uuid.UUID
    script_id: Key | None = Field(None, description="The version that was used; that of today for the task if absent")
    outcome: Outcome
    answers: dict[Annotated[str, Field(max_length=40)], Answer] = Field(default_factory=dict, max_length=40)
    started_at: Moment | None = None
    point_id: Key | None = None
    vehicle_id: Key | None = None
    is_broken_off: bool = False
    note: Words = ""
    promised_at: Moment | None = None
    promised_to: str = Field("", max_length=80, pattern=Plain)
    correction: Words = ""
    purchase: Words = ""
    problem: Annotated[str, Field(max_length=24, pattern=Plain)] = Field(
        "", description="With its words: a rectification notice to the responsible department"
    )
    problem_words: Words = ""
    record: dict[Annotated[str, Field(max_length=24)], FoundIn] = Field(
        default_factory=dict, max_length=40, description="How each field of the record was found, if the call verifies"
    )


class Wanted(Schema):
    customer_id: int | None = Field(None, ge=1, lt=2**63)
    task_id: int | None = Field(None, ge=1, lt=2**63)
    node_id: int | None = Field(None, ge=1, lt=2**31)
    outcome: str | None = Field(None, max_length=16)
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=200)


@router.get("/calls", response={200: CallPage, **REFUSALS}, summary="List calls")
def list_calls(request: ApiRequest, query: Query[Wanted]) -> object:
    check(request.actor, Verb.VIEW)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    found = paging.take(queries.listed(request.actor).filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/calls", response={201: CallOut, **REFUSALS}, summary="Record a call")
def record_call(request: ApiRequest, body: CallIn) -> object:
    values = body.dict(exclude={"task_id", "script_id", "record"})
    values["record"] = {code: Said(one.found, one.words) for code, one in body.record.items()}
    script = body.script_id or queries.script_for(queries.task_to_call(request.actor, body.task_id), clock.today()).pk
    report = calling.Report(script_id=script, **values)
    made = calling.record_call(actor=request.actor, task_id=body.task_id, report=report, at=clock.now())
    return Status(201, made)
