"""Demands on this software over the API."""

import datetime
from typing import Annotated

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles as queries
from guanxi.knowledge.services import demanding
from guanxi.knowledge.services.demanding import NewDemand
from guanxi.knowledge.states import DemandKind, DemandState, Urgency

router = Router()


class DemandOut(Schema):
    """What somebody needs of this software; ``many``: how many people need it."""

    id: int
    number: str
    node_id: int
    kind: str
    words: str
    many: int
    state: str
    urgency: str
    answer: str
    asked_at: datetime.datetime
    decided_at: datetime.datetime | None


class DemandPageOut(Schema):
    items: list[DemandOut]
    next: str | None


class DemandIn(Input):
    """``token``: your own name for this demand; the same one again is answered with the demand that it made."""

    node_id: Annotated[int, Field(ge=1, lt=2**31)]
    kind: DemandKind
    words: Annotated[str, Field(min_length=1, max_length=2000, pattern=Plain)]
    token: str = Field(min_length=8, max_length=64, pattern=Plain)


class DemandDecisionIn(Input):
    state: DemandState
    urgency: Urgency = Urgency.NORMAL
    answer: Annotated[str, Field(max_length=2000, pattern=Plain)] = ""


@router.get("/", response={200: DemandPageOut, **REFUSALS}, summary="Demands on this software")
def list_demands(request: ApiRequest, query: Query[PageQuery]) -> object:
    check(request.actor, Verb.VIEW)
    found = paging.take(queries.demands(request.actor), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/", response={201: DemandOut, **REFUSALS}, summary="Ask for something")
def ask_for_demand(request: ApiRequest, body: DemandIn) -> object:
    return Status(201, demanding.ask_for(actor=request.actor, demand=NewDemand(**body.dict()), at=clock.now()))


@router.post("/{demand_id}/back", response={200: DemandOut, **REFUSALS}, summary="Need it too, or no longer")
def back_demand(request: ApiRequest, demand_id: int) -> object:
    return demanding.back(actor=request.actor, demand_id=demand_id)


@router.post("/{demand_id}/decide", response={200: DemandOut, **REFUSALS}, summary="Say what becomes of it")
def decide_demand(request: ApiRequest, demand_id: int, body: DemandDecisionIn) -> object:
    return demanding.decide(actor=request.actor, demand_id=demand_id, at=clock.now(), **body.dict())
