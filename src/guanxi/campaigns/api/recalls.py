"""Recalls over the API: the list, one with its completion, its cars, every step."""

import datetime
from typing import Annotated, Any

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.campaigns.models import Recall
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import recalls as queries
from guanxi.campaigns.services import carrying_out, recall_steps
from guanxi.campaigns.services import recalls as services
from guanxi.campaigns.states import CarState, Channel, State
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain

router = Router()
Key = Annotated[int, Field(ge=1, lt=2**31)]


class RecallOut(Schema):
    id: int
    number: str
    name: str
    reference: str
    about: str
    node_id: int
    is_safety: bool
    channel: str
    template: str
    role: str = Field(alias="role_id")
    state: str
    reason: str
    submitted_by: str
    approved_by: str
    approved_at: datetime.datetime | None
    opened_at: datetime.datetime | None
    closed_at: datetime.datetime | None


class RecallPageOut(Schema):
    items: list[RecallOut]
    next: str | None


class RecallCompletionOut(Schema):
    """The cars of an outlet by state; without an outlet: those that none has."""

    outlet_id: int | None
    cars: int
    counts: dict[str, int]
    share: float


class RecallCarOut(Schema):
    id: int
    vehicle_id: int
    customer_id: int | None
    outlet_id: int | None
    state: str
    is_approved: bool
    since: datetime.datetime
    invited_at: datetime.datetime | None
    done_on: datetime.date | None
    visit_id: int | None
    note: str


class RecallCarPage(Schema):
    items: list[RecallCarOut]
    next: str | None


class RecallQuery(PageQuery):
    state: State | None = None


class RecallCarQuery(PageQuery):
    state: CarState | None = None
    outlet_id: Key | None = None


class RecallIn(Input):
    name: str = Field(min_length=1, max_length=120, pattern=Plain)
    reference: str = Field("", max_length=40, pattern=Plain)
    about: str = Field(min_length=1, max_length=2000, pattern=Plain)
    node_id: Key
    is_safety: bool = False
    channel: Channel
    template: str = Field("", max_length=40, pattern=Plain)
    role: str = Field(min_length=1, max_length=40, pattern=Plain)

    def values(self) -> dict[str, Any]:
        """Return what the recall says, as the services take it."""
        return self.dict(exclude={"role"}) | {"role_id": self.role, "channel": self.channel.value}


class RecallReasonIn(Input):
    reason: str = Field(min_length=1, max_length=400, pattern=Plain)


class RecallCarsOut(Schema):
    """How many cars it was about."""

    cars: int


class VinsIn(Input):
    vins: list[Annotated[str, Field(max_length=40, pattern=Plain)]] = Field(min_length=1, max_length=services.MOST)


class VinFindingOut(Schema):
    """A line that was not taken, and why."""

    line: int
    text: str
    finding: str


class VinsOut(Schema):
    added: int
    findings: list[VinFindingOut]


class RecallDoneIn(Input):
    visit_id: Annotated[int, Field(ge=1, lt=2**63)]


class RecallRefusedIn(Input):
    note: str = Field(min_length=1, max_length=400, pattern=Plain)


@router.get("/recalls", response={200: RecallPageOut, **REFUSALS}, summary="List recalls")
def list_recalls(request: ApiRequest, query: Query[RecallQuery]) -> object:
    check(request.actor, Verb.VIEW)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    found = paging.take(queries.visible_to(request.actor).filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/recalls", response={201: RecallOut, **REFUSALS}, summary="Write a recall")
def add_recall(request: ApiRequest, body: RecallIn) -> object:
    return Status(201, services.add_recall(actor=request.actor, values=body.values(), at=clock.now()))


@router.put("/recalls/{recall_id}", response={200: RecallOut, **REFUSALS}, summary="Change a draft")
def change_recall(request: ApiRequest, recall_id: int, body: RecallIn) -> object:
    return services.change_recall(actor=request.actor, recall_id=recall_id, values=body.values(), at=clock.now())


@router.get("/recalls/{recall_id}", response={200: RecallOut, **REFUSALS}, summary="One recall")
def get_recall(request: ApiRequest, recall_id: int) -> Recall:
    check(request.actor, Verb.VIEW)
    return queries.recall(request.actor, recall_id)


@router.get(
    "/recalls/{recall_id}/completion",
    response={200: list[RecallCompletionOut], **REFUSALS},
    summary="Completion by outlet",
)
def completion(request: ApiRequest, recall_id: int) -> object:
    check(request.actor, Verb.VIEW)
    return queries.by_outlet(request.actor, queries.recall(request.actor, recall_id))


@router.get("/recalls/{recall_id}/cars", response={200: RecallCarPage, **REFUSALS}, summary="The cars of a recall")
def list_cars(request: ApiRequest, recall_id: int, query: Query[RecallCarQuery]) -> object:
    check(request.actor, Verb.VIEW)
    row = queries.recall(request.actor, recall_id)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    rows = queries.cars_visible_to(request.actor).filter(recall=row, **wanted)
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/recalls/{recall_id}/cars", response={200: VinsOut, **REFUSALS}, summary="Put cars on its list")
def add_cars(request: ApiRequest, recall_id: int, body: VinsIn) -> object:
    text = "\n".join(" ".join(vin.split()) for vin in body.vins)
    return services.add_cars(actor=request.actor, recall_id=recall_id, text=text, at=clock.now())


@router.post("/recalls/{recall_id}/submit", response={200: RecallOut, **REFUSALS}, summary="Submit for approval")
def submit_recall(request: ApiRequest, recall_id: int) -> object:
    return recall_steps.submit_recall(actor=request.actor, recall_id=recall_id, at=clock.now())


@router.post("/recalls/{recall_id}/approve", response={200: RecallOut, **REFUSALS}, summary="Approve a recall")
def approve_recall(request: ApiRequest, recall_id: int) -> object:
    return recall_steps.approve_recall(actor=request.actor, recall_id=recall_id, at=clock.now())


@router.post("/recalls/{recall_id}/send-back", response={200: RecallOut, **REFUSALS}, summary="Send a recall back")
def send_back_recall(request: ApiRequest, recall_id: int, body: RecallReasonIn) -> object:
    return recall_steps.send_back_recall(actor=request.actor, recall_id=recall_id, reason=body.reason)


@router.post("/recalls/{recall_id}/cancel", response={200: RecallOut, **REFUSALS}, summary="Call a recall off")
def cancel_recall(request: ApiRequest, recall_id: int, body: RecallReasonIn) -> object:
    return recall_steps.cancel_recall(actor=request.actor, recall_id=recall_id, reason=body.reason)


@router.post(
    "/recalls/{recall_id}/cars/approve", response={200: RecallCarsOut, **REFUSALS}, summary="Approve added cars"
)
def approve_cars(request: ApiRequest, recall_id: int) -> object:
    return {"cars": recall_steps.approve_cars(actor=request.actor, recall_id=recall_id)}


@router.post(
    "/recalls/{recall_id}/cars/take-off", response={200: RecallCarsOut, **REFUSALS}, summary="Take added cars off"
)
def take_cars_off(request: ApiRequest, recall_id: int, body: RecallReasonIn) -> object:
    return {"cars": recall_steps.take_cars_off(actor=request.actor, recall_id=recall_id, reason=body.reason)}


@router.post("/recalls/{recall_id}/open", response={200: RecallOut, **REFUSALS}, summary="Open: invite the owners")
def open_recall(request: ApiRequest, recall_id: int) -> object:
    return recall_steps.open_recall(actor=request.actor, recall_id=recall_id, at=clock.now())


@router.post("/recalls/{recall_id}/close", response={200: RecallOut, **REFUSALS}, summary="Close a recall")
def close_recall(request: ApiRequest, recall_id: int) -> object:
    return recall_steps.close_recall(actor=request.actor, recall_id=recall_id, at=clock.now())


@router.post("/recall-cars/{recalled_id}/done", response={200: RecallCarOut, **REFUSALS}, summary="Carried out")
def mark_done(request: ApiRequest, recalled_id: int, body: RecallDoneIn) -> object:
    return carrying_out.mark_done(actor=request.actor, car_id=recalled_id, visit_id=body.visit_id, at=clock.now())


@router.post("/recall-cars/{recalled_id}/refused", response={200: RecallCarOut, **REFUSALS}, summary="Refused")
def mark_refused(request: ApiRequest, recalled_id: int, body: RecallRefusedIn) -> object:
    return carrying_out.mark_refused(actor=request.actor, car_id=recalled_id, note=body.note, at=clock.now())
