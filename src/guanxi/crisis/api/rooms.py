"""Crises over the API: the list, one with its log and its statements, and every step."""

import datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.crisis.models import Crisis, Entry
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import rooms
from guanxi.crisis.services import leading, leaving_alone, opening, restricting, statements
from guanxi.crisis.states import Risk, Stage, State
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, Moment, PageQuery, Plain

router = Router()
Key = Annotated[int, Field(ge=1, lt=2**31)]
LongKey = Annotated[int, Field(ge=1, lt=2**63)]
Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=Plain)]
Code = Annotated[str, Field(max_length=24, pattern=Plain)]
Money = Annotated[Decimal, Field(ge=0, lt=10**12, decimal_places=2)]


class CrisisEntryOut(Schema):
    """A line of the log."""

    at: datetime.datetime
    person_name: str
    act: str
    words: str


class StatementOut(Schema):
    """A version of what is said outside."""

    id: int
    version: int
    words: str
    stage: Stage
    written_by: str
    written_at: datetime.datetime
    approved_by: str
    approved_at: datetime.datetime | None
    said_to: str
    said_at: datetime.datetime | None


class CrisisOut(Schema):
    """A crisis and how it stands."""

    id: int
    number: str
    place_id: int
    title: str
    types: list[str]
    model_id: int | None
    matter: str | None = Field(None, alias="matter_id")
    risk: Risk
    amount: Decimal | None
    currency: str
    owner_id: int | None = Field(description="Who is in charge")
    owner_name: str
    spokesperson: str
    authority: str
    state: State
    admitted: list[int] | None = Field(description="The people to whom the room is closed; nothing: it is open")
    may_contact: bool = Field(description="Offers, care and surveys go on for those whom it is about")
    opened_at: datetime.datetime
    opened_by: str
    calmed_at: datetime.datetime | None
    closed_at: datetime.datetime | None
    conclusion: str


class CrisisOneOut(CrisisOut):
    log: list[CrisisEntryOut] = Field(description="The newest first; never changed")
    statements: list[StatementOut]

    @staticmethod
    def resolve_log(row: Crisis) -> object:
        return rooms.entries(row)

    @staticmethod
    def resolve_statements(row: Crisis) -> object:
        return rooms.statements(row)


class CrisisPage(Schema):
    items: list[CrisisOut]
    next: str | None


class CrisisQuery(PageQuery):
    place_id: Key | None = None
    state: State | None = None


class CrisisAssessmentIn(Input):
    """What is known of a crisis."""

    title: Annotated[str, Field(min_length=1, max_length=160, pattern=Plain)]
    types: Annotated[list[Code], Field(min_length=1, max_length=12)]
    risk: Risk = Risk.HIGH
    model_id: Key | None = None
    matter: Code | None = None
    amount: Money | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    spokesperson: Annotated[str, Field(max_length=160, pattern=Plain)] = ""
    authority: Annotated[str, Field(max_length=200, pattern=Plain)] = ""

    def known(self) -> dict[str, Any]:
        """Return the values as services take them."""
        return self.dict(exclude={"matter", "reason"}) | {"matter_id": self.matter}


class CrisisIn(CrisisAssessmentIn):
    """A crisis to be opened, perhaps from a complaint."""

    place_id: Key
    words: Words
    owner_id: Key | None = None
    complaint_id: LongKey | None = None


class CrisisChangeIn(CrisisAssessmentIn):
    reason: Words


class CrisisWordsIn(Input):
    words: Words


class CrisisNoteIn(CrisisWordsIn):
    act: Annotated[str, Field(description="HEARD, DECIDED or DONE", max_length=12, pattern=Plain)]


class CrisisReasonIn(Input):
    reason: Words


class CrisisChargeIn(CrisisReasonIn):
    person_id: Key


class CrisisWorkIn(CrisisWordsIn):
    person_id: Key
    due_at: Moment


class CrisisContactIn(CrisisReasonIn):
    is_allowed: bool


class CrisisPeopleIn(CrisisReasonIn):
    person_ids: Annotated[list[Key], Field(min_length=1, max_length=200)]


class CrisisLinkIn(Input):
    complaint_id: LongKey


class CrisisUnlinkIn(CrisisReasonIn):
    complaint_id: LongKey


class StatementIn(Input):
    words: Annotated[str, Field(min_length=1, max_length=4000, pattern=Plain)]


class StatementSaidIn(Input):
    said_to: Annotated[str, Field(min_length=1, max_length=200, pattern=Plain)]
    said_at: Moment


class WorkOut(Schema):
    id: int
    owner_id: int | None
    due_at: datetime.datetime


@router.get("/", response={200: CrisisPage, **REFUSALS}, summary="List crises")
def list_crises(request: ApiRequest, query: Query[CrisisQuery]) -> object:
    check(request.actor, Verb.VIEW)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    found = paging.take(rooms.visible_to(request.actor).filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.get("/{crisis_id}", response={200: CrisisOneOut, **REFUSALS}, summary="One crisis with its log")
def get_crisis(request: ApiRequest, crisis_id: int) -> Crisis:
    check(request.actor, Verb.VIEW)
    return rooms.crisis(request.actor, crisis_id)


@router.post("/", response={201: CrisisOut, **REFUSALS}, summary="Open a crisis")
def open_crisis(request: ApiRequest, body: CrisisIn) -> object:
    new = opening.NewCrisis(**body.known())
    return Status(201, opening.open_crisis(actor=request.actor, new=new, at=clock.now()))


@router.post("/{crisis_id}/note", response={201: CrisisEntryOut, **REFUSALS}, summary="Write into the log")
def note_in_crisis(request: ApiRequest, crisis_id: int, body: CrisisNoteIn) -> object:
    made: Entry = leading.note(actor=request.actor, crisis_id=crisis_id, at=clock.now(), **body.dict())
    return Status(201, made)


@router.post("/{crisis_id}/assess", response={200: CrisisOut, **REFUSALS}, summary="Assess it anew")
def assess_crisis(request: ApiRequest, crisis_id: int, body: CrisisChangeIn) -> object:
    return leading.assess(
        actor=request.actor, crisis_id=crisis_id, values=body.known(), reason=body.reason, at=clock.now()
    )


@router.post("/{crisis_id}/put-in-charge", response={200: CrisisOut, **REFUSALS}, summary="Put somebody in charge")
def put_in_charge(request: ApiRequest, crisis_id: int, body: CrisisChargeIn) -> object:
    return leading.put_in_charge(actor=request.actor, crisis_id=crisis_id, at=clock.now(), **body.dict())


@router.post("/{crisis_id}/work", response={201: WorkOut, **REFUSALS}, summary="Give work")
def give_work_in_crisis(request: ApiRequest, crisis_id: int, body: CrisisWorkIn) -> object:
    return Status(201, leading.give_work(actor=request.actor, crisis_id=crisis_id, at=clock.now(), **body.dict()))


@router.post("/{crisis_id}/link", response={200: CrisisOut, **REFUSALS}, summary="Link a complaint")
def link_complaint(request: ApiRequest, crisis_id: int, body: CrisisLinkIn) -> object:
    return leading.link(actor=request.actor, crisis_id=crisis_id, at=clock.now(), **body.dict())


@router.post("/{crisis_id}/unlink", response={200: CrisisOut, **REFUSALS}, summary="Take a complaint off")
def unlink_complaint(request: ApiRequest, crisis_id: int, body: CrisisUnlinkIn) -> object:
    return leading.unlink(actor=request.actor, crisis_id=crisis_id, at=clock.now(), **body.dict())


@router.post("/{crisis_id}/contact", response={200: CrisisOut, **REFUSALS}, summary="Let offers and care go on or stop")
def allow_contact(request: ApiRequest, crisis_id: int, body: CrisisContactIn) -> object:
    return leaving_alone.allow_contact(actor=request.actor, crisis_id=crisis_id, at=clock.now(), **body.dict())


@router.post("/{crisis_id}/restrict", response={200: CrisisOut, **REFUSALS}, summary="Close it to named people")
def restrict_crisis(request: ApiRequest, crisis_id: int, body: CrisisPeopleIn) -> object:
    return restricting.restrict(actor=request.actor, crisis_id=crisis_id, at=clock.now(), **body.dict())


@router.post("/{crisis_id}/lift", response={200: CrisisOut, **REFUSALS}, summary="Open it to all again")
def lift_crisis(request: ApiRequest, crisis_id: int, body: CrisisReasonIn) -> object:
    return restricting.lift(actor=request.actor, crisis_id=crisis_id, at=clock.now(), **body.dict())


@router.post("/{crisis_id}/calm", response={200: CrisisOut, **REFUSALS}, summary="It has calmed down")
def calm_crisis(request: ApiRequest, crisis_id: int, body: CrisisWordsIn) -> object:
    return leading.calm(actor=request.actor, crisis_id=crisis_id, at=clock.now(), **body.dict())


@router.post("/{crisis_id}/close", response={200: CrisisOut, **REFUSALS}, summary="Close it with a conclusion")
def close_crisis(request: ApiRequest, crisis_id: int, body: CrisisWordsIn) -> object:
    return leading.close(actor=request.actor, crisis_id=crisis_id, at=clock.now(), **body.dict())


@router.post("/{crisis_id}/reopen", response={200: CrisisOut, **REFUSALS}, summary="Open it again")
def reopen_crisis(request: ApiRequest, crisis_id: int, body: CrisisReasonIn) -> object:
    return leading.reopen(actor=request.actor, crisis_id=crisis_id, at=clock.now(), **body.dict())


@router.post("/{crisis_id}/statements", response={201: StatementOut, **REFUSALS}, summary="Write a statement")
def draft_statement(request: ApiRequest, crisis_id: int, body: StatementIn) -> object:
    return Status(201, statements.draft(actor=request.actor, crisis_id=crisis_id, at=clock.now(), **body.dict()))


@router.post("/statements/{statement_id}/approve", response={200: StatementOut, **REFUSALS}, summary="Approve it")
def approve_statement(request: ApiRequest, statement_id: int) -> object:
    return statements.approve(actor=request.actor, statement_id=statement_id, at=clock.now())


@router.post("/statements/{statement_id}/say", response={200: StatementOut, **REFUSALS}, summary="It was said")
def say_statement(request: ApiRequest, statement_id: int, body: StatementSaidIn) -> object:
    return statements.say(actor=request.actor, statement_id=statement_id, at=clock.now(), **body.dict())
