"""Reading owner states, their history, and cars with what is due."""

import datetime
from typing import Annotated

from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.care.models import CarState
from guanxi.care.permissions import Verb
from guanxi.care.queries import states as queries
from guanxi.care.states.owners import Phase, Record, State
from guanxi.care.states.tiers import Tier
from guanxi.customers import queries as customers
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.errors import NotFound
from guanxi.foundation.rest import REFUSALS, ApiRequest, PageQuery

router = Router()
Key = Annotated[int, Field(ge=1, lt=2**63)]


class OwnerStateOut(Schema):
    """What an owner is to an outlet."""

    customer_id: int
    outlet_id: int | None = Field(description="null: to the whole network, for who sees everything")
    state: str
    since: datetime.date
    before: str
    visits: int = Field(description="Days with a valid visit in the last twelve months")
    last_visit: datetime.date | None
    kpi_lost: bool = Field(description="Lost by the half-year definition of the KPI")
    paid: int = Field(description="Paid in the workshop within twelve months, in whole yuan")
    tier: str = Field(description="Value tier by what was paid: NORMAL, SILVER, GOLD, DIAMOND or VIP")
    tier_since: datetime.date | None
    tier_before: str
    record_risks: list[str] = Field(description="Why he is hard to follow by his record, in words; of owners at risk")


class OwnerStatePage(Schema):
    items: list[OwnerStateOut]
    next: str | None


class StateQuery(PageQuery):
    customer_id: Key | None = None
    outlet_id: int | None = Field(None, ge=1, lt=2**31)
    state: State | None = None
    tier: Tier | None = None
    record: Record | None = Field(None, description="Whether he can be followed by his record")
    since: datetime.date | None = Field(None, description="In this state since this day or later")


class StateChangeOut(Schema):
    customer_id: int
    outlet_id: int | None
    was: str
    became: str
    on: datetime.date
    noticed_on: datetime.date


class CarOut(Schema):
    """Where a car stands, and its next maintenance; the interval holds in four of five cases."""

    vehicle_id: int
    phase: str
    phase_since: datetime.date | None
    metres: int | None = Field(description="Metres a day")
    metres_least: int | None
    metres_most: int | None
    km_today: int | None = Field(description="What the odometer is reckoned to show today")
    readings: int = Field(description="On how many readings the pace rests")
    step_id: int | None
    due_on: datetime.date | None
    due_by: str
    due_earliest: datetime.date | None
    due_latest: datetime.date | None
    warranty_ends: datetime.date | None
    insured_until: datetime.date | None
    inspected_until: datetime.date | None

    @staticmethod
    def resolve_km_today(row: CarState) -> int | None:
        return row.km_on(clock.today())


class CarPage(Schema):
    items: list[CarOut]
    next: str | None


class CarQuery(PageQuery):
    phase: Phase | None = None
    due_from: datetime.date | None = None
    due_until: datetime.date | None = None


@router.get("/owner-states", response={200: OwnerStatePage, **REFUSALS}, summary="List what owners are")
def list_owner_states(request: ApiRequest, query: Query[StateQuery]) -> object:
    check(request.actor, Verb.VIEW)
    rows = queries.visible_to(request.actor)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit", "since", "record"})
    if query.since:
        wanted["since__gte"] = query.since
    rows = rows.filter(queries.BY_RECORD[query.record]) if query.record else rows
    rows = rows.select_related("customer__quality").filter(**wanted)
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.get(
    "/owners/{owner_id}/changes", response={200: list[StateChangeOut], **REFUSALS},
    summary="How what a customer is changed, newest first",
)  # fmt: skip
def list_changes(request: ApiRequest, owner_id: int) -> object:
    check(request.actor, Verb.VIEW)
    customers.customer(request.actor, owner_id)
    return queries.changes_of(request.actor, owner_id, 200)


@router.get("/cars", response={200: CarPage, **REFUSALS}, summary="List cars with what is due")
def list_cars(request: ApiRequest, query: Query[CarQuery]) -> object:
    check(request.actor, Verb.VIEW)
    rows = queries.visible_cars(request.actor)
    if query.phase:
        rows = rows.filter(phase=query.phase)
    if query.due_from:
        rows = rows.filter(due_on__gte=query.due_from)
    if query.due_until:
        rows = rows.filter(due_on__lte=query.due_until)
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.get("/cars/{car_id}", response={200: CarOut, **REFUSALS}, summary="Where one car stands and what is due")
def get_car(request: ApiRequest, car_id: int) -> object:
    check(request.actor, Verb.VIEW)
    found = queries.car(request.actor, car_id)
    if found is None:
        raise NotFound
    return found
