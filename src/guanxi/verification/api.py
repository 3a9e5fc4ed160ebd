"""Checks and correction orders over the API: the lists, one of each, and every step of an order."""

import datetime
from typing import Annotated

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain
from guanxi.verification.models import Check, Order
from guanxi.verification.permissions import Verb
from guanxi.verification.queries import checks, orders
from guanxi.verification.services import correcting, deciding, ordering
from guanxi.verification.states import Place, State, Truth, Typed, Verdict

router = Router()
Key = Annotated[int, Field(ge=1, lt=2**31)]
LongKey = Annotated[int, Field(ge=1, lt=2**63)]
Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=Plain)]
Short = Annotated[str, Field(min_length=1, max_length=400, pattern=Plain)]


class CheckedFieldOut(Schema):
    """One field of a check: as the record showed it (masked), how it was found, what the customer said."""

    field: str = Field(alias="field_id")
    shown: str
    found: str
    said: str


class RecordCheckOut(Schema):
    """What one call found of a record."""

    id: int
    call_id: int
    occasion: str = Field(alias="occasion_id")
    outlet_id: int
    place_id: int
    customer_id: int
    vehicle_id: int | None
    visit_id: int | None
    verdict: str
    truth: str
    asked: int
    wrong: list[str]
    checked_at: datetime.datetime


class RecordCheckOneOut(RecordCheckOut):
    lines: list[CheckedFieldOut]

    @staticmethod
    def resolve_lines(row: Check) -> object:
        return checks.lines(row)


class RecordCheckPage(Schema):
    items: list[RecordCheckOut]
    next: str | None


class CorrectedValueOut(Schema):
    """A field that an answer wrote into the record: as it was and as it is, what is personal masked."""

    field: str = Field(alias="field_id")
    before: str
    after: str


class CorrectionRoundOut(Schema):
    """One answer of the outlet, and what was said of it."""

    number: int
    is_dispute: bool
    measure: str
    proof: str
    answered_at: datetime.datetime
    verified_at: datetime.datetime | None
    is_right: bool | None
    verdict: str
    corrections: list[CorrectedValueOut]


class CorrectionOut(Schema):
    """A correction order to the outlet that filed a record."""

    id: int
    number: str
    check_id: int | None = Field(alias="check_of_id")
    occasion: str = Field(alias="occasion_id")
    outlet_id: int
    place_id: int = Field(description="Where it was issued; there it is verified")
    customer_id: int
    vehicle_id: int | None
    words: str
    state: str
    issued_at: datetime.datetime
    due_at: datetime.datetime
    rounds: int
    reason: str
    ended_at: datetime.datetime | None


class CorrectionOneOut(CorrectionOut):
    answers: list[CorrectionRoundOut]

    @staticmethod
    def resolve_answers(row: Order) -> object:
        return orders.rounds(row)


class CorrectionPage(Schema):
    items: list[CorrectionOut]
    next: str | None


class CheckQuery(PageQuery):
    outlet_id: Key | None = None
    customer_id: LongKey | None = None
    verdict: Verdict | None = None
    truth: Truth | None = None


class OrderQuery(PageQuery):
    outlet_id: Key | None = None
    customer_id: LongKey | None = None
    state: State | None = None


class CorrectionOrderIn(Input):
    """``token``: your own name for this order; the same one again is answered with the order that it made."""

    outlet_id: Key
    customer_id: LongKey
    words: Words
    token: str = Field(min_length=8, max_length=64, pattern=Plain)
    vehicle_id: LongKey | None = None


class CorrectedPlaceIn(Input):
    """An address: divisions by name, full or short, and the street."""

    province: str = Field("", max_length=20, pattern=Plain)
    city: str = Field("", max_length=30, pattern=Plain)
    district: str = Field("", max_length=30, pattern=Plain)
    line: str = Field(min_length=1, max_length=160, pattern=Plain)


Value = Annotated[str, Field(min_length=1, max_length=120, pattern=Plain)]


class CorrectedIn(Input):
    """``values``: the right value of each wrong field, by its code; what is left out is right in the record already.
    A model is the number of its trim, a birthday a day, an address its parts.
    """

    measure: Words
    proof: Short
    values: dict[Annotated[str, Field(max_length=24, pattern=Plain)], Value | CorrectedPlaceIn] = Field(
        {}, max_length=20
    )

    def typed(self) -> dict[str, Typed]:
        """Return the values as the service takes them."""
        return {
            code: Place(**value.dict()) if isinstance(value, CorrectedPlaceIn) else value
            for code, value in self.values.items()
        }


class DisputeIn(Input):
    measure: Words


class CorrectionReasonIn(Input):
    reason: Short


class CorrectionVerifyIn(Input):
    is_right: bool
    words: Words


@router.get("/checks", response={200: RecordCheckPage, **REFUSALS}, summary="List checks of records")
def list_checks(request: ApiRequest, query: Query[CheckQuery]) -> object:
    check(request.actor, Verb.VIEW)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    found = paging.take(checks.visible_to(request.actor).filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.get("/checks/{check_id}", response={200: RecordCheckOneOut, **REFUSALS}, summary="One check with its fields")
def get_check(request: ApiRequest, check_id: int) -> object:
    check(request.actor, Verb.VIEW)
    return checks.one(request.actor, check_id)


@router.get("/orders", response={200: CorrectionPage, **REFUSALS}, summary="List correction orders")
def list_orders(request: ApiRequest, query: Query[OrderQuery]) -> object:
    check(request.actor, Verb.VIEW)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    found = paging.take(orders.visible_to(request.actor).filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.get(
    "/orders/{corrected_id}", response={200: CorrectionOneOut, **REFUSALS}, summary="One order with its answers"
)
def get_order(request: ApiRequest, corrected_id: int) -> object:
    check(request.actor, Verb.VIEW)
    return orders.order(request.actor, corrected_id)


@router.post("/orders", response={201: CorrectionOut, **REFUSALS}, summary="Order a correction")
def order_correction(request: ApiRequest, body: CorrectionOrderIn) -> object:
    new = ordering.NewOrder(**body.dict())
    return Status(201, ordering.order(actor=request.actor, new=new, at=clock.now()))


@router.post(
    "/orders/{corrected_id}/correct", response={200: CorrectionRoundOut, **REFUSALS}, summary="Report the correction"
)
def report_correction(request: ApiRequest, corrected_id: int, body: CorrectedIn) -> object:
    return correcting.correct(
        actor=request.actor, order_id=corrected_id, measure=body.measure, proof=body.proof, values=body.typed(),
        at=clock.now(),
    )  # fmt: skip


@router.post(
    "/orders/{corrected_id}/dispute", response={200: CorrectionRoundOut, **REFUSALS}, summary="Dispute the order"
)
def dispute_order(request: ApiRequest, corrected_id: int, body: DisputeIn) -> object:
    return correcting.dispute(actor=request.actor, order_id=corrected_id, at=clock.now(), **body.dict())


@router.post("/orders/{corrected_id}/insist", response={200: CorrectionOut, **REFUSALS}, summary="Send it out again")
def insist_on_order(request: ApiRequest, corrected_id: int, body: CorrectionReasonIn) -> object:
    return deciding.insist(actor=request.actor, order_id=corrected_id, at=clock.now(), **body.dict())


@router.post(
    "/orders/{corrected_id}/verify", response={200: CorrectionOut, **REFUSALS}, summary="What the customer says now"
)
def verify_order(request: ApiRequest, corrected_id: int, body: CorrectionVerifyIn) -> object:
    return deciding.verify(actor=request.actor, order_id=corrected_id, at=clock.now(), **body.dict())


@router.post("/orders/{corrected_id}/withdraw", response={200: CorrectionOut, **REFUSALS}, summary="Withdraw an order")
def withdraw_order(request: ApiRequest, corrected_id: int, body: CorrectionReasonIn) -> object:
    return deciding.withdraw(actor=request.actor, order_id=corrected_id, at=clock.now(), **body.dict())
