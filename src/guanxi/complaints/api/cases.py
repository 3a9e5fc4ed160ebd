"""Complaints over the API: the list, one with its rounds, taking in, and every step."""

import datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.complaints.models import Complaint
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import cases
from guanxi.complaints.services import compensating, handling, intake, judging, revisit, steering
from guanxi.complaints.states import Angle, Kind, Level, Liability, Outcome, Party, State
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain

router = Router()
Key = Annotated[int, Field(ge=1, lt=2**31)]
LongKey = Annotated[int, Field(ge=1, lt=2**63)]
Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=Plain)]
Code = Annotated[str, Field(max_length=40, pattern=Plain)]
Short = Annotated[str, Field(max_length=200, pattern=Plain)]
Money = Annotated[Decimal, Field(ge=0, lt=10**9, decimal_places=2)]


class ComplaintRoundOut(Schema):
    """One pass: the cause, what was agreed and done, and what the customer said."""

    number: int
    cause: str | None = Field(None, alias="cause_id")
    system: str
    part: str
    fault_code: str
    analysis: str
    plan: str
    measure: str
    compensation: Decimal | None
    due_at: datetime.datetime
    resolved_at: datetime.datetime | None
    asked_at: datetime.datetime | None
    is_satisfied: bool | None
    verdict: str


class ComplaintOut(Schema):
    """What a customer brought to an outlet, and how it stands."""

    id: int
    number: str
    kind: str
    angle: str
    level: str
    category: str | None = Field(None, alias="category_id")
    process: str = Field(alias="process_id")
    channel: str
    outlet_id: int
    place_id: int = Field(description="Where it was taken in")
    customer_id: int | None
    vehicle_id: int | None
    visit_id: int | None = Field(description="The visit to the workshop that it is about")
    caller_name: str
    desk: str
    desk_number: str
    answer_by: datetime.date | None
    words: str
    signs: list[str]
    state: str
    owner_id: int | None = Field(description="The responsible person")
    owner_name: str
    opened_at: datetime.datetime
    contact_due_at: datetime.datetime
    contacted_at: datetime.datetime | None
    due_at: datetime.datetime | None
    rounds: int
    is_valid: bool | None
    is_inside: bool | None
    ending: str
    outcome: str = Field(description="What came of a suggestion or of praise")
    is_told: bool | None = Field(description="Whether the customer knows the answer")
    ended_at: datetime.datetime | None


class ComplaintOneOut(ComplaintOut):
    passes: list[ComplaintRoundOut]

    @staticmethod
    def resolve_passes(row: Complaint) -> object:
        return cases.rounds(row)


class ComplaintPage(Schema):
    items: list[ComplaintOut]
    next: str | None


class ComplaintQuery(PageQuery):
    outlet_id: Key | None = None
    state: State | None = None
    kind: Kind | None = None
    level: Level | None = None
    customer_id: LongKey | None = None


class ComplaintIn(Input):
    """``token``: your own name for this complaint; the same one again is answered with the complaint that it made."""

    outlet_id: Key
    angle: Angle
    words: Words
    token: str = Field(min_length=8, max_length=64, pattern=Plain)
    kind: Kind = Kind.COMPLAINT
    category: Code = ""
    level: Level = Level.NORMAL
    channel: Code = "PHONE"
    customer_id: LongKey | None = None
    vehicle_id: LongKey | None = None
    visit_id: LongKey | None = None
    caller_name: Annotated[str, Field(max_length=80, pattern=Plain)] = ""
    caller_phone: Annotated[str, Field(max_length=40, pattern=Plain)] = ""
    caller_car: Annotated[str, Field(max_length=40, pattern=Plain)] = ""
    desk: Code = Field("", description="An outside desk, of the code list outside_desks")
    desk_number: Annotated[str, Field(max_length=40, pattern=Plain)] = ""
    answer_by: datetime.date | None = Field(None, description="The day that the desk named")
    named: Short = ""
    parties: list[Party] = Field(default_factory=list)
    amount: Money | None = None
    is_another: bool = False


class ComplaintWordsIn(Input):
    words: Words


class ValidityIn(ComplaintWordsIn):
    is_valid: bool


class CauseIn(ComplaintWordsIn):
    cause: Code
    category: Code = ""
    system: Code = Field("", description="Of the code list car_systems; a product problem needs one")
    part: Annotated[str, Field(max_length=80, pattern=Plain)] = ""
    fault_code: Code = ""


class InsideIn(ComplaintWordsIn):
    is_inside: bool


class CompensationIn(ComplaintWordsIn):
    amount: Money


class SolutionIn(ComplaintWordsIn):
    compensation: Money | None = None


class RevisitIn(ComplaintWordsIn):
    is_satisfied: bool
    summary: Annotated[str, Field(max_length=2000, pattern=Plain)] = ""


class ComplaintAnswerIn(ComplaintWordsIn):
    outcome: Outcome | Literal[""] = Field("", description="Of a suggestion or of praise: what came of it")
    is_told: bool = Field(True, description="Whether the customer knows the answer")


class ComplaintReasonIn(Input):
    reason: Words


class ComplaintHandOverIn(ComplaintReasonIn):
    person_id: Key


class VerdictIn(ComplaintWordsIn):
    liability: Liability
    liable: Annotated[str, Field(max_length=160, pattern=Plain)] = ""
    fine: Money | None = None
    late_fine: Money | None = None


@router.get("/", response={200: ComplaintPage, **REFUSALS}, summary="List complaints")
def list_complaints(request: ApiRequest, query: Query[ComplaintQuery]) -> object:
    check(request.actor, Verb.VIEW)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    found = paging.take(cases.visible_to(request.actor).filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.get("/{complaint_id}", response={200: ComplaintOneOut, **REFUSALS}, summary="One complaint with its rounds")
def get_complaint(request: ApiRequest, complaint_id: int) -> object:
    check(request.actor, Verb.VIEW)
    return cases.complaint(request.actor, complaint_id)


@router.post("/", response={201: ComplaintOut, **REFUSALS}, summary="Take a complaint in")
def open_complaint(request: ApiRequest, body: ComplaintIn) -> object:
    new = intake.NewComplaint(**body.dict())
    return Status(201, intake.open_complaint(actor=request.actor, new=new, at=clock.now()))


@router.post("/{complaint_id}/join", response={200: ComplaintOut, **REFUSALS}, summary="Add what the customer says")
def join_complaint(request: ApiRequest, complaint_id: int, body: ComplaintWordsIn) -> object:
    return intake.join(actor=request.actor, complaint_id=complaint_id, at=clock.now(), **body.dict())


@router.post("/{complaint_id}/contact", response={200: ComplaintOut, **REFUSALS}, summary="Record the first contact")
def record_contact(request: ApiRequest, complaint_id: int, body: ComplaintWordsIn) -> object:
    return handling.record_contact(actor=request.actor, complaint_id=complaint_id, at=clock.now(), **body.dict())


@router.post("/{complaint_id}/validity", response={200: ComplaintOut, **REFUSALS}, summary="Decide whether it is valid")
def decide_validity(request: ApiRequest, complaint_id: int, body: ValidityIn) -> object:
    return handling.decide_validity(actor=request.actor, complaint_id=complaint_id, at=clock.now(), **body.dict())


@router.post("/{complaint_id}/cause", response={200: ComplaintRoundOut, **REFUSALS}, summary="Name the cause")
def name_cause(request: ApiRequest, complaint_id: int, body: CauseIn) -> object:
    where = handling.Where(body.system, body.part, body.fault_code)
    return handling.name_cause(
        actor=request.actor, complaint_id=complaint_id, cause=body.cause, words=body.words, category=body.category,
        where=where, at=clock.now(),
    )  # fmt: skip


@router.post(
    "/{complaint_id}/inside", response={200: ComplaintOut, **REFUSALS}, summary="Solve it inside, or report it"
)
def decide_inside(request: ApiRequest, complaint_id: int, body: InsideIn) -> object:
    return steering.decide_inside(actor=request.actor, complaint_id=complaint_id, at=clock.now(), **body.dict())


@router.post("/{complaint_id}/plan", response={200: ComplaintRoundOut, **REFUSALS}, summary="Agree a plan")
def agree_plan(request: ApiRequest, complaint_id: int, body: ComplaintWordsIn) -> object:
    return handling.agree_plan(actor=request.actor, complaint_id=complaint_id, at=clock.now(), **body.dict())


@router.post("/{complaint_id}/approve", response={200: ComplaintOut, **REFUSALS}, summary="Approve a compensation")
def approve_compensation(request: ApiRequest, complaint_id: int, body: CompensationIn) -> object:
    return compensating.approve(actor=request.actor, complaint_id=complaint_id, at=clock.now(), **body.dict())


@router.post("/{complaint_id}/resolve", response={200: ComplaintRoundOut, **REFUSALS}, summary="Say what was done")
def resolve_complaint(request: ApiRequest, complaint_id: int, body: SolutionIn) -> object:
    return handling.resolve(actor=request.actor, complaint_id=complaint_id, at=clock.now(), **body.dict())


@router.post("/{complaint_id}/revisit", response={200: ComplaintOut, **REFUSALS}, summary="What the customer says")
def record_revisit(request: ApiRequest, complaint_id: int, body: RevisitIn) -> object:
    return revisit.record_revisit(actor=request.actor, complaint_id=complaint_id, at=clock.now(), **body.dict())


@router.post("/{complaint_id}/answer", response={200: ComplaintOut, **REFUSALS}, summary="Answer what is no complaint")
def answer_customer(request: ApiRequest, complaint_id: int, body: ComplaintAnswerIn) -> object:
    return handling.answer(actor=request.actor, complaint_id=complaint_id, at=clock.now(), **body.dict())


@router.post("/{complaint_id}/raise", response={200: ComplaintOut, **REFUSALS}, summary="Make it a complaint")
def raise_complaint(request: ApiRequest, complaint_id: int, body: ComplaintReasonIn) -> object:
    return steering.raise_complaint(actor=request.actor, complaint_id=complaint_id, at=clock.now(), **body.dict())


@router.post("/{complaint_id}/escalate", response={200: ComplaintOut, **REFUSALS}, summary="Report it upward")
def escalate_complaint(request: ApiRequest, complaint_id: int, body: ComplaintReasonIn) -> object:
    return steering.escalate(actor=request.actor, complaint_id=complaint_id, at=clock.now(), **body.dict())


@router.post("/{complaint_id}/hand-over", response={200: ComplaintOut, **REFUSALS}, summary="Hand it over")
def hand_over_complaint(request: ApiRequest, complaint_id: int, body: ComplaintHandOverIn) -> object:
    return steering.hand_over(actor=request.actor, complaint_id=complaint_id, at=clock.now(), **body.dict())


@router.post("/{complaint_id}/judge", response={200: ComplaintOut, **REFUSALS}, summary="Judge who is at fault")
def judge_complaint(request: ApiRequest, complaint_id: int, body: VerdictIn) -> object:
    verdict = judging.Verdict(**body.dict())
    return judging.judge(actor=request.actor, complaint_id=complaint_id, verdict=verdict, at=clock.now())
