"""Cautions about dangerous customers over the API."""

import datetime
from typing import Annotated

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.complaints.models import Caution
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import cautions
from guanxi.complaints.services import cautioning
from guanxi.complaints.states import CautionReason, CautionState
from guanxi.customers import queries as customers
from guanxi.customers.permissions import Verb as Customers
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain

router = Router()
Key = Annotated[int, Field(ge=1, lt=2**31)]
LongKey = Annotated[int, Field(ge=1, lt=2**63)]
Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=Plain)]


class CautionWarningOut(Schema):
    """What whoever is about to contact a customer has to know: how to deal with him, and the one who decides."""

    id: int
    plan: str
    owner_id: int | None
    owner_name: str


class CautionOut(CautionWarningOut):
    """A caution about a customer at an outlet or call centre, and how it stands."""

    number: str
    customer_id: int
    place_id: int
    complaint_id: int | None
    reason: str
    is_by_rule: bool
    state: str
    proposed_at: datetime.datetime
    proposed_by: str
    reviewed_at: datetime.datetime | None
    reviewed_by: str
    review_on: datetime.date | None
    ended_at: datetime.datetime | None


class CautionStepOut(Schema):
    """What was said or decided about a caution."""

    at: datetime.datetime
    act: str
    person_name: str
    words: str


class CautionOneOut(CautionOut):
    history: list[CautionStepOut]

    @staticmethod
    def resolve_history(row: Caution) -> object:
        return cautions.steps(row)


class CautionPage(Schema):
    items: list[CautionOut]
    next: str | None


class CautionQuery(PageQuery):
    state: CautionState | None = None
    reason: CautionReason | None = None
    place_id: Key | None = None
    customer_id: LongKey | None = None


class CautionIn(Input):
    customer_id: LongKey
    place_id: Key
    reason: CautionReason
    words: Words
    complaint_id: LongKey | None = None


class CautionPlanIn(Input):
    words: Words
    plan: Words
    owner_id: Key
    review_on: datetime.date


class CautionReviewIn(Input):
    """``plan``, ``owner_id`` and ``review_on`` of a caution that is needed."""

    is_needed: bool
    words: Words
    plan: Annotated[str, Field(max_length=2000, pattern=Plain)] = ""
    owner_id: Key | None = None
    review_on: datetime.date | None = None


class CautionLiftIn(Input):
    reason: Words


@router.get("/", response={200: CautionPage, **REFUSALS}, summary="List cautions")
def list_cautions(request: ApiRequest, query: Query[CautionQuery]) -> object:
    check(request.actor, Verb.VIEW_CAUTIONS)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    found = paging.take(cautions.visible_to(request.actor).filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.get(
    "/warnings/{customer_id}", response={200: list[CautionWarningOut], **REFUSALS},
    summary="What to know before a contact",
)  # fmt: skip
def list_warnings(request: ApiRequest, customer_id: int) -> object:
    check(request.actor, Customers.VIEW)
    customers.customer(request.actor, customer_id)
    return cautions.in_force(request.actor, customer_id)


@router.post("/", response={201: CautionOut, **REFUSALS}, summary="Propose a caution")
def propose_caution(request: ApiRequest, body: CautionIn) -> object:
    new = cautioning.NewCaution(**body.dict())
    return Status(201, cautioning.propose_caution(actor=request.actor, new=new, at=clock.now()))


@router.get("/{caution_id}", response={200: CautionOneOut, **REFUSALS}, summary="One caution with its history")
def get_caution(request: ApiRequest, caution_id: int) -> object:
    check(request.actor, Verb.VIEW_CAUTIONS)
    return cautions.caution(request.actor, caution_id)


@router.post("/{caution_id}/review", response={200: CautionOut, **REFUSALS}, summary="Review a caution")
def review_caution(request: ApiRequest, caution_id: int, body: CautionReviewIn) -> object:
    plan = cautioning.Plan(body.plan, body.owner_id, body.review_on)
    return cautioning.review_caution(
        actor=request.actor, caution_id=caution_id, is_needed=body.is_needed, words=body.words, plan=plan,
        at=clock.now(),
    )  # fmt: skip


@router.post("/{caution_id}/keep", response={200: CautionOut, **REFUSALS}, summary="Keep a caution in force")
def keep_caution(request: ApiRequest, caution_id: int, body: CautionPlanIn) -> object:
    plan = cautioning.Plan(body.plan, body.owner_id, body.review_on)
    return cautioning.keep_caution(
        actor=request.actor, caution_id=caution_id, words=body.words, plan=plan, at=clock.now()
    )


@router.post("/{caution_id}/lift", response={200: CautionOut, **REFUSALS}, summary="Lift a caution")
def lift_caution(request: ApiRequest, caution_id: int, body: CautionLiftIn) -> object:
    return cautioning.lift_caution(
        actor=request.actor, caution_id=caution_id, reason=body.reason, at=clock.now()
    )  # fmt: skip
