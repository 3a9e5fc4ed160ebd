"""Workshop visits over the API: the same verbs as the pages."""

import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, Plain
from guanxi.workshop import queries
from guanxi.workshop.permissions import Verb
from guanxi.workshop.services import recording
from guanxi.workshop.services.recording import Line, Report

router = Router()
Key = Annotated[int, Field(ge=1, lt=2**63)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Short = Annotated[str, Field(max_length=40, pattern=Plain)]
Long = Annotated[str, Field(max_length=2000, pattern=Plain)]


class VisitOut(Schema):
    """A visit as lists show it."""

    id: int
    outlet_id: int
    vehicle_id: int
    customer_id: int | None
    order_no: str
    category: str
    counts: bool | None = Field(description="Whether the visit is valid; null when its category is not known")
    entered_on: datetime.date
    left_on: datetime.date | None
    km: int | None
    labour: Decimal | None
    parts: Decimal | None
    total: Decimal | None
    currency: str
    advisor_name: str
    touched_at: datetime.datetime


class VisitPage(Schema):
    items: list[VisitOut]
    next: str | None = Field(description="The cursor of the next page; null on the last")


class LineOut(Schema):
    position: int
    kind: str
    code: str
    name: str
    quantity: Decimal
    amount: Decimal
    is_warranty: bool


class VisitDetail(VisitOut):
    brought_by: str
    words: str
    remark: str
    lines: list[LineOut]


class LineIn(Input):
    kind: Literal["LABOUR", "PART", "OTHER"]
    name: str = Field(min_length=1, max_length=120, pattern=Plain)
    amount: Amount
    code: Short = ""
    quantity: Decimal = Field(default=Decimal(1), gt=0, max_digits=9, decimal_places=2)
    is_warranty: bool = False


class ReportIn(Input):
    """What is written down about a visit; a correction says all of it again."""

    order_no: str = Field(min_length=1, max_length=40, pattern=Plain)
    category: str = Field(max_length=40, pattern=r"^[A-Z0-9_]*$", description="A code of visit_categories")
    entered_on: datetime.date
    left_on: datetime.date | None = None
    km: Annotated[int, Field(ge=0, le=5_000_000)] | None = None
    labour: Amount | None = None
    parts: Amount | None = None
    total: Amount | None = None
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    advisor_name: Short = ""
    brought_by: str = Field(default="", max_length=80, pattern=Plain)
    brought_by_phone: str = Field(default="", max_length=30, pattern=Plain)
    words: Long = ""
    remark: Long = ""
    customer_id: Key | None = Field(None, description="The car's owner if absent")
    lines: list[LineIn] = Field(default_factory=list, max_length=200)


class VisitIn(ReportIn):
    outlet_id: int = Field(ge=1, lt=2**31)
    vehicle_id: Key


class Asked(Schema):
    vehicle_id: int | None = Field(None, ge=1, lt=2**63)
    customer_id: int | None = Field(None, ge=1, lt=2**63)
    outlet_id: int | None = Field(None, ge=1, lt=2**31)
    since: datetime.date | None = None
    until: datetime.date | None = None
    counts: bool | None = None
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=200)


@router.get("", response={200: VisitPage, **REFUSALS}, summary="List visits")
def list_visits(request: ApiRequest, query: Query[Asked]) -> object:
    check(request.actor, Verb.VIEW)
    rows = queries.visible_to(request.actor)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit", "since", "until"})
    if query.since:
        wanted["entered_on__gte"] = query.since
    if query.until:
        wanted["entered_on__lte"] = query.until
    found = paging.take(rows.filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


def _detail(request: ApiRequest, pk: int) -> dict[str, Any]:
    sheet = queries.sheet(request.actor, pk)
    names = (*VisitOut.model_fields, "brought_by", "words", "remark")
    return {name: getattr(sheet.visit, name) for name in names} | {"lines": sheet.lines}


def _report(body: ReportIn) -> Report:
    values = body.dict(exclude={"outlet_id", "vehicle_id", "lines"})
    return Report(**values, lines=[Line(**line.dict()) for line in body.lines])


@router.get("/{visit_id}", response={200: VisitDetail, **REFUSALS}, summary="One visit with its bill")
def get_visit(request: ApiRequest, visit_id: int) -> object:
    check(request.actor, Verb.VIEW)
    return _detail(request, visit_id)


@router.post("", response={201: VisitDetail, **REFUSALS}, summary="Record a visit")
def record_visit(request: ApiRequest, body: VisitIn) -> object:
    made = recording.record_visit(
        actor=request.actor, outlet_id=body.outlet_id, vehicle_id=body.vehicle_id, report=_report(body), at=clock.now()
    )
    return Status(201, _detail(request, made.pk))


@router.put("/{visit_id}", response={200: VisitDetail, **REFUSALS}, summary="Correct a visit")
def change_visit(request: ApiRequest, visit_id: int, body: ReportIn) -> object:
    recording.change_visit(actor=request.actor, visit_id=visit_id, report=_report(body), at=clock.now())
    return _detail(request, visit_id)
