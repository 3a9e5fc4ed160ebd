"""Calls and enquiries over the API: the same verbs as the pages."""

import datetime
import uuid
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.queries import calls as queries
from guanxi.contact_centre.queries import enquiries
from guanxi.contact_centre.services import calling, enquiring, replying
from guanxi.contact_centre.services.findings import Found
from guanxi.contact_centre.services.reports import Report
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Invalid
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, Moment, Plain
from guanxi.verification.states import Said

router = Router()
Key = Annotated[int, Field(ge=1, lt=2**63)]
Outcome = Literal[
    "REACHED", "NO_ANSWER", "BUSY", "SWITCHED_OFF", "CALL_LATER", "WRONG_NUMBER", "NOT_THE_OWNER", "REFUSED",
    "NOT_AT_HOME", "WRONG_ADDRESS",
]  # fmt: skip
IntentionName = Literal["", "ADDITIONAL", "REPLACEMENT", "CROSS", "RECOMMENDATION"]
AimName = Literal["", "IMPROVEMENT", "ACTIVITY", "PROMOTION", "PUBLICITY", "TRAINING"]
Words = Annotated[str, Field(max_length=2000, pattern=Plain)]
Answer = Annotated[str, Field(max_length=1000, pattern=Plain)]


class CallOut(Schema):
    """A call or a visit as lists show it."""

    id: int
    token: uuid.UUID
    task_id: int | None
    customer_id: int
    vehicle_id: int | None
    node_id: int
    agent_id: int | None
    agent_name: str
    script_id: int | None
    number: str = Field(description="The number that was called, masked")
    means: str = Field(description="PHONE or VISIT")
    met_at: str = Field(description="Where a visit was")
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
    """What is written down about a call or a visit; sent twice with one token it is one call."""

    task_id: Key | None = None
    customer_id: Key | None = Field(None, description="Instead of the task: a call that none asked for")
    token: uuid.UUID
    script_id: Key | None = Field(
        None, description="The version that was used; if absent, that of today for the task, or none without a task"
    )
    outcome: Outcome
    answers: dict[Annotated[str, Field(max_length=40)], Answer] = Field(default_factory=dict, max_length=40)
    means: Literal["PHONE", "VISIT"] = Field(
        "PHONE", description="A visit has a place and no number; started_at is its moment, up to seven days ago"
    )
    met_at: Literal["", "HOME", "WORK", "OUTLET", "ELSEWHERE"] = ""
    started_at: Moment | None = None
    point_id: Key | None = None
    vehicle_id: Key | None = None
    is_broken_off: bool = False
    note: Words = ""
    promised_at: Moment | None = None
    promised_to: str = Field("", max_length=80, pattern=Plain)
    correction: Words = ""
    purchase: Words = ""
    purchase_kind: IntentionName = Field("", description="With its words: how the customer wants to buy")
    problem: Annotated[str, Field(max_length=24, pattern=Plain)] = Field(
        "", description="With its words: a rectification notice to the responsible department"
    )
    problem_words: Words = ""
    suggestion: Words = Field("", description="With what it is about: an enquiry with the responsible department")
    suggestion_about: Annotated[str, Field(max_length=24, pattern=Plain)] = Field(
        "", description="A category of enquiries"
    )
    suggestion_aim: AimName = Field("", description="With its words: what is suggested")
    record: dict[Annotated[str, Field(max_length=24)], FoundIn] = Field(
        default_factory=dict, max_length=40, description="How each field of the record was found, if the call verifies"
    )


class Wanted(Schema):
    customer_id: int | None = Field(None, ge=1, lt=2**63)
    task_id: int | None = Field(None, ge=1, lt=2**63)
    node_id: int | None = Field(None, ge=1, lt=2**31)
    outcome: str | None = Field(None, max_length=16, pattern=Plain)
    means: Literal["PHONE", "VISIT"] | None = None
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
    values = body.dict(exclude={"task_id", "customer_id", "script_id", "record"})
    values["record"] = {code: Said(one.found, one.words) for code, one in body.record.items()}
    if (body.task_id is None) == (body.customer_id is None):
        raise Invalid(_("A call is made for a task or to a customer."), field="task_id")
    if body.task_id is None:
        report = Report(script_id=body.script_id, **values)
        logged = calling.log_call(actor=request.actor, customer_id=body.customer_id or 0, report=report, at=clock.now())
        return Status(201, logged)
    script = body.script_id or queries.script_for(queries.task_to_call(request.actor, body.task_id), clock.today()).pk
    report = Report(script_id=script, **values)
    made = calling.record_call(actor=request.actor, task_id=body.task_id, report=report, at=clock.now())
    return Status(201, made)


class CallerQuery(Schema):
    number: str = Field("", max_length=40, pattern=Plain, description="In any spelling; nobody has no number")


class CallerOut(Schema):
    """A customer in sight who has the number; with several, a person says who it is."""

    customer_id: int
    name: str
    outlets: list[int]
    cars: list[int]
    is_wrong: bool = Field(description="The number was marked as wrong for this customer")


class EnquiryOut(Schema):
    """What somebody asked, and what he was told."""

    id: int
    code: str
    token: uuid.UUID
    place_id: int = Field(description="Where it was taken; there the customer is told")
    outlet_id: int | None
    way: str
    number: str = Field(description="The number of the caller, masked", alias="masked")
    caller: str
    customer_id: int | None
    vehicle_id: int | None
    category: str = Field(alias="category_id")
    kind: str
    aim: str = Field(description="What a suggestion asks for")
    words: str
    answer: str
    is_first_contact: bool
    state: str
    department: str | None = Field(alias="department_id")
    due_at: datetime.datetime | None
    reply: str
    reason: str
    taken_at: datetime.datetime
    taken_by_id: int | None
    answered_at: datetime.datetime | None
    closed_at: datetime.datetime | None


class EnquiryPageOut(Schema):
    items: list[EnquiryOut]
    next: str | None


class EnquiryQuery(Schema):
    customer_id: Key | None = None
    outlet_id: int | None = Field(None, ge=1, lt=2**31)
    category: str | None = Field(None, max_length=24, pattern=Plain)
    state: Literal["WITH_DEPARTMENT", "TO_REPLY", "CLOSED"] | None = None
    aim: AimName | None = None
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=200)


class EnquiryIn(Input):
    """What was asked; sent twice with one token it is one enquiry."""

    token: uuid.UUID
    category: str = Field(max_length=24, pattern=Plain)
    words: str = Field(min_length=1, max_length=2000, pattern=Plain)
    is_resolved: bool = Field(description="In this first contact; otherwise a department of the outlet answers")
    answer: Words = ""
    kind: Literal["QUESTION", "SUGGESTION", "FEEDBACK"] = "QUESTION"
    aim: AimName = Field("", description="Of a suggestion: what is suggested")
    way: Literal["PHONE", "WECHAT", "EMAIL", "WEB", "VISIT"] = "PHONE"
    number: str = Field("", max_length=40, pattern=Plain)
    caller: str = Field("", max_length=80, pattern=Plain)
    customer_id: Key | None = None
    is_new: bool = Field(False, description="The caller becomes a potential customer of the outlet")
    vehicle_id: Key | None = None
    outlet_id: int | None = Field(None, ge=1, lt=2**31)
    department: str = Field("", max_length=24, pattern=Plain)
    started_at: Moment | None = None
    correction: Words = ""
    purchase: Words = ""
    purchase_kind: IntentionName = Field("", description="With its words: how the customer wants to buy")
    problem: str = Field("", max_length=24, pattern=Plain)
    problem_words: Words = ""


class EnquiryAnswerIn(Input):
    words: str = Field(min_length=1, max_length=2000, pattern=Plain)
    is_told: bool = Field(False, description="The department told the customer itself")


class EnquiryTransferIn(Input):
    department: str = Field(max_length=24, pattern=Plain)
    reason: str = Field(min_length=1, max_length=400, pattern=Plain)


@router.get("/callers", response={200: list[CallerOut], **REFUSALS}, summary="Whose number is it?")
def list_callers(request: ApiRequest, query: Query[CallerQuery]) -> object:
    check(request.actor, Verb.TAKE_ENQUIRY)
    held = enquiries.callers(request.actor, query.number) if query.number else []
    return [
        {
            "customer_id": one.customer.pk, "name": one.customer.name, "cars": [car.pk for car in one.cars],
            "outlets": [relation.outlet_id for relation in one.relations], "is_wrong": one.is_wrong,
        }
        for one in held
    ]  # fmt: skip


@router.get("/enquiries", response={200: EnquiryPageOut, **REFUSALS}, summary="List enquiries")
def list_enquiries(request: ApiRequest, query: Query[EnquiryQuery]) -> object:
    check(request.actor, Verb.VIEW_ENQUIRIES)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit", "category"})
    rows = enquiries.visible_to(request.actor).filter(**wanted)
    rows = rows.filter(category_id=query.category) if query.category else rows
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.get("/enquiries/{enquiry_id}", response={200: EnquiryOut, **REFUSALS}, summary="One enquiry")
def get_enquiry(request: ApiRequest, enquiry_id: int) -> object:
    check(request.actor, Verb.VIEW_ENQUIRIES)
    return enquiries.enquiry(request.actor, enquiry_id)


@router.post("/enquiries", response={201: EnquiryOut, **REFUSALS}, summary="Take an enquiry")
def take_enquiry(request: ApiRequest, body: EnquiryIn) -> object:
    found = Found(body.correction, body.purchase, body.problem, body.problem_words, body.purchase_kind)
    values = body.dict(exclude={"correction", "purchase", "purchase_kind", "problem", "problem_words"})
    new = enquiring.NewEnquiry(**values, found=found)
    return Status(201, enquiring.take(actor=request.actor, enquiry=new, at=clock.now()))


@router.post("/enquiries/{enquiry_id}/answer", response={200: EnquiryOut, **REFUSALS}, summary="Answer an enquiry")
def answer_enquiry(request: ApiRequest, enquiry_id: int, body: EnquiryAnswerIn) -> object:
    return replying.answer(actor=request.actor, enquiry_id=enquiry_id, at=clock.now(), **body.dict())


@router.post("/enquiries/{enquiry_id}/transfer", response={200: EnquiryOut, **REFUSALS}, summary="Pass an enquiry on")
def transfer_enquiry(request: ApiRequest, enquiry_id: int, body: EnquiryTransferIn) -> object:
    return replying.transfer(actor=request.actor, enquiry_id=enquiry_id, at=clock.now(), **body.dict())


@router.post("/enquiries/{enquiry_id}/reply", response={200: EnquiryOut, **REFUSALS}, summary="The customer was told")
def reply_to_enquiry(request: ApiRequest, enquiry_id: int) -> object:
    return replying.reply(actor=request.actor, enquiry_id=enquiry_id, at=clock.now())
