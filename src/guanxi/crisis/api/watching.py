"""Alarms of the watch and care lists over the API: lists, decisions, calls, who was reached."""

import datetime
from typing import Annotated

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.crisis.api.rooms import CrisisIn, CrisisOut, CrisisReasonIn, CrisisWordsIn, Key
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import alarms, concerned, rooms
from guanxi.crisis.queries.concerned import Wanted
from guanxi.crisis.services import caring, opening, watching
from guanxi.crisis.states import AlarmState, Cell, Reached
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain

router = Router()


class AlarmOut(Schema):
    """More complaints about one thing than its own past lets expect, with all its figures."""

    id: int
    cell: Cell
    key: str
    label: str
    place_id: int
    day: datetime.date
    seen: int
    before: int
    exposure: float
    exposure_before: float
    expected: float
    chance: float = Field(description="How probable so many are by chance")
    limit: float = Field(description="An alarm is given at or below")
    cells: int
    window_days: int
    base_days: int
    state: AlarmState
    crisis_id: int | None
    reason: str


class AlarmPage(Schema):
    items: list[AlarmOut]
    next: str | None


class AlarmQuery(PageQuery):
    state: AlarmState | None = None
    cell: Cell | None = None


class AffectedOut(Schema):
    """An owner whose car is affected."""

    id: int
    vehicle_id: int
    customer_id: int
    outlet_id: int
    state: Reached
    asked_at: datetime.datetime | None
    since: datetime.datetime
    note: str


class AffectedPage(Schema):
    items: list[AffectedOut]
    next: str | None


class WantedIn(Input):
    """Which cars; all that is said has to hold."""

    model_id: Key | None = None
    vin_from: Annotated[str, Field(max_length=17, pattern=Plain)] = ""
    vin_to: Annotated[str, Field(max_length=17, pattern=Plain)] = ""
    below_id: Key | None = None
    sold_from: datetime.date | None = None
    sold_to: datetime.date | None = None


class CrisisCountOut(Schema):
    count: int


class CrisisCallsIn(CrisisWordsIn):
    role: Annotated[str, Field(max_length=40, pattern=Plain)]


class AffectedIn(Input):
    state: Reached
    note: Annotated[str, Field(max_length=400, pattern=Plain)] = ""


@router.get("/alarms/", response={200: AlarmPage, **REFUSALS}, summary="List alarms")
def list_alarms(request: ApiRequest, query: Query[AlarmQuery]) -> object:
    check(request.actor, Verb.VIEW)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    found = paging.take(alarms.visible_to(request.actor).filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/alarms/{alarm_id}/dismiss", response={200: AlarmOut, **REFUSALS}, summary="Dismiss an alarm")
def dismiss_alarm(request: ApiRequest, alarm_id: int, body: CrisisReasonIn) -> object:
    return watching.dismiss(actor=request.actor, alarm_id=alarm_id, at=clock.now(), **body.dict())


@router.post("/alarms/{alarm_id}/open", response={201: CrisisOut, **REFUSALS}, summary="Open a crisis from an alarm")
def open_crisis_from_alarm(request: ApiRequest, alarm_id: int, body: CrisisIn) -> object:
    new = opening.NewCrisis(**body.known())
    return Status(201, watching.open_crisis(actor=request.actor, alarm_id=alarm_id, new=new, at=clock.now()))


@router.get("/{crisis_id}/owners", response={200: AffectedPage, **REFUSALS}, summary="The care list of a crisis")
def list_affected(request: ApiRequest, crisis_id: int, query: Query[PageQuery]) -> object:
    check(request.actor, Verb.VIEW)
    row = rooms.crisis(request.actor, crisis_id)
    found = paging.take(concerned.visible_to(request.actor, row), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/{crisis_id}/owners", response={200: CrisisCountOut, **REFUSALS}, summary="Put owners on the care list")
def add_affected(request: ApiRequest, crisis_id: int, body: WantedIn) -> object:
    wanted = Wanted(**body.dict())
    return {"count": caring.add_owners(actor=request.actor, crisis_id=crisis_id, wanted=wanted, at=clock.now())}


@router.post("/{crisis_id}/calls", response={200: CrisisCountOut, **REFUSALS}, summary="Let the outlets call")
def ask_calls(request: ApiRequest, crisis_id: int, body: CrisisCallsIn) -> object:
    return {"count": caring.ask_calls(actor=request.actor, crisis_id=crisis_id, at=clock.now(), **body.dict())}


@router.post(
    "/owners/{affected_id}/mark", response={200: AffectedOut, **REFUSALS}, summary="How far an owner was reached"
)
def mark_affected(request: ApiRequest, affected_id: int, body: AffectedIn) -> object:
    return caring.mark(actor=request.actor, affected_id=affected_id, at=clock.now(), **body.dict())
