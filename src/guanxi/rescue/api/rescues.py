"""Rescues over the API: the list, one, and every step; who helps."""

import datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain
from guanxi.rescue.models import Rescue
from guanxi.rescue.permissions import Verb
from guanxi.rescue.queries import providers, rescues
from guanxi.rescue.services import answering, closing, providing, sending, taking
from guanxi.rescue.states import Result, State

router = Router()
Key = Annotated[int, Field(ge=1, lt=2**31)]
LongKey = Annotated[int, Field(ge=1, lt=2**63)]
Code = Annotated[str, Field(max_length=24, pattern=Plain)]
Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=Plain)]
Short = Annotated[str, Field(min_length=1, max_length=400, pattern=Plain)]
Name = Annotated[str, Field(max_length=80, pattern=Plain)]
Money = Annotated[Decimal, Field(ge=0, le=100000, decimal_places=2)]


class SendingOut(Schema):
    """One sending of a provider."""

    number: int
    provider_id: int
    state: str
    road_km: int | None
    sent_at: datetime.datetime
    due_at: datetime.datetime
    answered_at: datetime.datetime | None
    eta_at: datetime.datetime | None
    arrived_at: datetime.datetime | None
    reason: str


class RescueOut(Schema):
    """Somebody who needs help on the road."""

    id: int
    number: str
    place_id: int
    state: str
    help: str = Field(alias="help_id")
    is_hurt: bool
    is_safe: bool
    customer_id: int | None
    vehicle_id: int | None
    plate: str
    reference: str = Field(description="The number of the emergency call, if the car called by itself")
    vin: str = Field(description="The VIN as the car said it, on file or not")
    where: str
    latitude: Decimal | None
    longitude: Decimal | None
    words: str
    claim: str
    share: int
    quoted: Decimal | None
    quoted_customer: Decimal | None
    discount: str | None = Field(None, description="Code of the discount for members that was taken off")
    discounted: Decimal | None = Field(None, description="How much it takes off what the customer pays")
    settled: Decimal | None
    settled_customer: Decimal | None
    currency: str
    taken_at: datetime.datetime
    due_at: datetime.datetime
    provider_id: int | None
    eta_at: datetime.datetime | None
    arrived_at: datetime.datetime | None
    done_at: datetime.datetime | None
    result: str
    destination_id: int | None
    visit_id: int | None
    score: int | None
    verdict: str
    ended_at: datetime.datetime | None

    @staticmethod
    def resolve_discount(row: Rescue) -> str | None:
        return row.discount.code if row.discount else None


class RescueOneOut(RescueOut):
    sendings: list[SendingOut]

    @staticmethod
    def resolve_sendings(row: Rescue) -> object:
        return rescues.dispatches(row)


class RescuePageOut(Schema):
    items: list[RescueOut]
    next: str | None


class RescueQuery(PageQuery):
    state: State | None = None
    provider_id: Key | None = None
    customer_id: LongKey | None = None


class RescueIn(Input):
    """``token``: your own name for this rescue; the same one again is answered with the rescue that it made."""

    place_id: Key
    token: str = Field(min_length=8, max_length=64, pattern=Plain)
    help: Code
    caller: Annotated[str, Field(min_length=1, max_length=80, pattern=Plain)]
    phone: Annotated[str, Field(min_length=1, max_length=30, pattern=Plain)]
    where: Annotated[str, Field(min_length=1, max_length=200, pattern=Plain)]
    words: Words
    is_hurt: bool
    is_safe: bool
    on_expressway: bool = False
    can_move: bool = False
    people: int = Field(1, ge=1, le=99)
    plate: Annotated[str, Field(max_length=12, pattern=Plain)] = ""
    latitude: Decimal | None = Field(None, ge=-90, le=90)
    longitude: Decimal | None = Field(None, ge=-180, le=180)
    customer_id: LongKey | None = None
    vehicle_id: LongKey | None = None


class SendIn(Input):
    provider_id: Key


class RescueReasonIn(Input):
    reason: Short


class RescueAcceptIn(Input):
    minutes: int = Field(ge=1, le=600)
    name: Name = ""
    phone: Annotated[str, Field(max_length=30, pattern=Plain)] = ""
    truck: Annotated[str, Field(max_length=12, pattern=Plain)] = ""


class RescueFinishIn(Input):
    result: Result
    destination_id: Key | None = None
    settled: Money | None = None
    settled_customer: Money | None = None


class CalledBackIn(Input):
    score: int = Field(ge=1, le=5)
    words: Words


class ProviderIn(Input):
    phone: Annotated[str, Field(min_length=1, max_length=30, pattern=Plain)]
    helps: Annotated[tuple[Code, ...], Field(min_length=1, max_length=40)]
    latitude: Decimal | None = Field(None, ge=-90, le=90)
    longitude: Decimal | None = Field(None, ge=-180, le=180)
    radius_km: int | None = Field(None, ge=1, le=1000)
    is_day_and_night: bool = False
    is_active: bool = True


class ProviderOut(Schema):
    node_id: int
    phone: str
    helps: list[str]
    latitude: Decimal | None
    longitude: Decimal | None
    radius_km: int | None
    is_day_and_night: bool
    is_active: bool


class ProviderPage(Schema):
    items: list[ProviderOut]
    next: str | None


def _placed(body: RescueIn | ProviderIn) -> dict[str, Any]:
    """Return what the services take: both halves of a position, or none."""
    values = body.dict(exclude={"latitude", "longitude"})
    whole = body.latitude is not None and body.longitude is not None
    return values | {"position": (body.latitude, body.longitude) if whole else None}


@router.get("/rescues", response={200: RescuePageOut, **REFUSALS}, summary="List rescues")
def list_rescues(request: ApiRequest, query: Query[RescueQuery]) -> object:
    check(request.actor, Verb.VIEW)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    found = paging.take(
        rescues.visible_to(request.actor).select_related("discount").filter(**wanted), query.cursor, query.limit
    )
    return {"items": found.rows, "next": found.next}


@router.get("/rescues/{rescue_id}", response={200: RescueOneOut, **REFUSALS}, summary="One rescue with its sendings")
def get_rescue(request: ApiRequest, rescue_id: int) -> object:
    check(request.actor, Verb.VIEW)
    return rescues.rescue(request.actor, rescue_id)


@router.post("/rescues", response={201: RescueOut, **REFUSALS}, summary="Take a rescue")
def take_rescue(request: ApiRequest, body: RescueIn) -> object:
    new = taking.NewRescue(**_placed(body))
    return Status(201, taking.take(actor=request.actor, new=new, at=clock.now()))


@router.post("/rescues/{rescue_id}/send", response={200: SendingOut, **REFUSALS}, summary="Send a provider")
def send_provider(request: ApiRequest, rescue_id: int, body: SendIn) -> object:
    return sending.send(actor=request.actor, rescue_id=rescue_id, provider_id=body.provider_id, at=clock.now())


@router.post("/rescues/{rescue_id}/recall", response={200: RescueOut, **REFUSALS}, summary="Recall who was sent")
def recall_provider(request: ApiRequest, rescue_id: int, body: RescueReasonIn) -> object:
    return sending.recall(actor=request.actor, rescue_id=rescue_id, reason=body.reason, at=clock.now())


@router.post("/rescues/{rescue_id}/cancel", response={200: RescueOut, **REFUSALS}, summary="Cancel a rescue")
def cancel_rescue(request: ApiRequest, rescue_id: int, body: RescueReasonIn) -> object:
    return sending.cancel(actor=request.actor, rescue_id=rescue_id, reason=body.reason, at=clock.now())


@router.post("/rescues/{rescue_id}/accept", response={200: RescueOut, **REFUSALS}, summary="Accept for a provider")
def accept_rescue(request: ApiRequest, rescue_id: int, body: RescueAcceptIn) -> object:
    crew = answering.Crew(**body.dict())
    return answering.accept(actor=request.actor, rescue_id=rescue_id, crew=crew, at=clock.now())


@router.post("/rescues/{rescue_id}/refuse", response={204: None, **REFUSALS}, summary="Refuse for a provider")
def refuse_rescue(request: ApiRequest, rescue_id: int, body: RescueReasonIn) -> object:
    answering.refuse(actor=request.actor, rescue_id=rescue_id, reason=body.reason, at=clock.now())
    return Status(204, None)


@router.post("/rescues/{rescue_id}/arrive", response={200: RescueOut, **REFUSALS}, summary="Arrive at the place")
def arrive_at_rescue(request: ApiRequest, rescue_id: int) -> object:
    return answering.arrive(actor=request.actor, rescue_id=rescue_id, at=clock.now())


@router.post("/rescues/{rescue_id}/fail", response={204: None, **REFUSALS}, summary="Say that it cannot be done")
def fail_rescue(request: ApiRequest, rescue_id: int, body: RescueReasonIn) -> object:
    answering.fail(actor=request.actor, rescue_id=rescue_id, reason=body.reason, at=clock.now())
    return Status(204, None)


@router.post("/rescues/{rescue_id}/finish", response={200: RescueOut, **REFUSALS}, summary="Say how it ended")
def finish_rescue(request: ApiRequest, rescue_id: int, body: RescueFinishIn) -> object:
    report = answering.Report(**body.dict())
    return answering.finish(actor=request.actor, rescue_id=rescue_id, report=report, at=clock.now())


@router.post("/rescues/{rescue_id}/call-back", response={200: RescueOut, **REFUSALS}, summary="What the customer says")
def call_back_rescue(request: ApiRequest, rescue_id: int, body: CalledBackIn) -> object:
    return closing.call_back(actor=request.actor, rescue_id=rescue_id, at=clock.now(), **body.dict())


@router.get("/providers", response={200: ProviderPage, **REFUSALS}, summary="Who helps on the road")
def list_providers(request: ApiRequest, query: Query[PageQuery]) -> object:
    check(request.actor, Verb.VIEW)
    found = paging.take(providers.visible_to(request.actor), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.put("/providers/{helper_id}", response={200: ProviderOut, **REFUSALS}, summary="Keep who helps on the road")
def keep_provider(request: ApiRequest, helper_id: int, body: ProviderIn) -> object:
    facts = providing.Facts(**_placed(body))
    return providing.keep_provider(actor=request.actor, node_id=helper_id, facts=facts, at=clock.now())
