"""The network over the API: the same verbs as the pages."""

import base64
import binascii
import datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Invalid
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input
from guanxi.network import policy, queries
from guanxi.network.models import Node
from guanxi.network.permissions import Verb
from guanxi.network.services import importing, outlets, structure
from guanxi.network.states import Kind

router = Router()

KindName = Literal[
    "GROUP", "BRAND", "DEPARTMENT", "CALL_CENTRE", "BRANCH", "MARKET_OFFICE", "OUTLET", "UNIT", "PARTNER"
]


class NodeOut(Schema):
    """A place of the network."""

    id: int
    code: str
    kind: str
    function: str
    name_zh: str
    name_en: str
    valid_from: datetime.date
    valid_to: datetime.date | None


class NodePage(Schema):
    items: list[NodeOut]
    next: str | None = Field(description="The cursor of the next page; null on the last")


class StepOut(Schema):
    id: int
    code: str
    kind: str
    name: str


class ProfileOut(Schema):
    sells: bool
    serves: bool
    is_key: bool
    province: str
    city_zh: str
    city_en: str
    address: str
    phone: str
    hotline: str
    latitude: float | None
    longitude: float | None
    service_radius_km: int | None
    services: list[str]


class PlacementOut(Schema):
    parent_id: int
    brand_id: int
    from_day: datetime.date
    until_before: datetime.date | None


class NodeDetail(NodeOut):
    above: list[StepOut]
    placements: list[PlacementOut]
    profile: ProfileOut | None


class NodeIn(Input):
    parent_id: int = Field(ge=1, lt=2**31)
    kind: KindName
    code: str = Field(min_length=1, max_length=20, pattern=r"^[A-Z0-9][A-Z0-9._-]*$")
    name_zh: str = Field(min_length=1, max_length=120, pattern=r"^[^\x00]*$")
    name_en: str = Field(default="", max_length=160, pattern=r"^[^\x00]*$")
    function: str = Field(default="", max_length=40, pattern=r"^[A-Z_]*$")
    valid_from: datetime.date
    sells: bool = False
    serves: bool = False


class NamesIn(Input):
    name_zh: str = Field(min_length=1, max_length=120, pattern=r"^[^\x00]*$")
    name_en: str = Field(default="", max_length=160, pattern=r"^[^\x00]*$")


class MoveIn(Input):
    parent_id: int = Field(ge=1, lt=2**31)
    effective_on: datetime.date


class CloseIn(Input):
    on: datetime.date


class IntervalIn(Input):
    weekday: int = Field(ge=0, le=6)
    opens: datetime.time
    closes: datetime.time


class HoursIn(Input):
    desk: Literal["SALES", "SERVICE"]
    intervals: list[IntervalIn] = Field(max_length=70)


Word = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class ProfileIn(Input):
    """What to change of an outlet; what is absent stays."""

    sells: bool | None = None
    serves: bool | None = None
    is_key: bool | None = None
    province: str | None = Field(None, pattern=r"^([1-8][0-9])?$")
    city_zh: str | None = Field(None, max_length=40, pattern=r"^[^\x00]*$")
    city_en: str | None = Field(None, max_length=60, pattern=r"^[^\x00]*$")
    address: Word | None = None
    phone: str | None = Field(None, max_length=30, pattern=r"^[^\x00]*$")
    hotline: str | None = Field(None, max_length=30, pattern=r"^[^\x00]*$")
    services: list[Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,22}$")]] | None = Field(None, max_length=100)


class PositionIn(Input):
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    service_radius_km: int | None = Field(None, ge=0, le=1000)


class LeaveIn(Input):
    brand_id: int = Field(ge=1, lt=2**31)
    on: datetime.date


class ImportIn(Input):
    name: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")
    content: str = Field(description="The workbook in base64", max_length=12_000_000, pattern=r"^[A-Za-z0-9+/=]*$")


class ImportOut(Schema):
    id: int
    name: str
    state: str
    problems: list[dict[str, object]]
    added: int
    changed: int


class NodeQuery(Schema):
    kind: KindName | None = None
    under: int | None = Field(None, ge=1, lt=2**31, description="Only places below this node")
    on: datetime.date | None = Field(None, description="As of this day; today if absent")
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=200)


@router.get("/nodes", response={200: NodePage, **REFUSALS}, summary="List places")
def list_nodes(request: ApiRequest, query: Query[NodeQuery]) -> object:
    check(request.actor, Verb.VIEW)
    day = query.on or clock.today()
    rows: QuerySet[Node] = queries.open_on(queries.visible_to(request.actor), day)
    if query.kind:
        rows = rows.filter(kind=query.kind)
    if query.under:
        rows = queries.under(rows, query.under, day)
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


def _detail(request: ApiRequest, pk: int) -> dict[str, object]:
    node = queries.node(request.actor, pk)
    values: dict[str, object] = {name: getattr(node, name) for name in NodeOut.model_fields}
    values["above"] = queries.ways_up(request.actor, [pk], clock.today()).get(pk, [])
    values["placements"] = [
        {
            "parent_id": row.parent_id,
            "brand_id": row.brand_id,
            "from_day": row.during.lower,
            "until_before": row.during.upper,
        }
        for row in queries.placements(request.actor, pk)
    ]
    values["profile"] = _profile(node) if node.kind == Kind.OUTLET else None
    return values


def _profile(node: Node) -> dict[str, object]:
    names = [name for name in ProfileOut.model_fields if name != "services"]
    values: dict[str, object] = {name: getattr(node.profile, name) for name in names}
    return values | {"services": sorted(node.profile.services.values_list("code", flat=True))}


@router.get("/nodes/{node_id}", response={200: NodeDetail, **REFUSALS}, summary="One place with its history")
def get_node(request: ApiRequest, node_id: int) -> object:
    check(request.actor, Verb.VIEW)
    return _detail(request, node_id)


@router.post("/nodes", response={201: NodeDetail, **REFUSALS}, summary="Add a place")
def add_node(request: ApiRequest, body: NodeIn) -> object:
    node = structure.add_node(actor=request.actor, **body.dict())
    return Status(201, _detail(request, node.pk))


@router.patch("/nodes/{node_id}", response={200: NodeDetail, **REFUSALS}, summary="Rename a place")
def change_node(request: ApiRequest, node_id: int, body: NamesIn) -> object:
    structure.change_node(actor=request.actor, node_id=node_id, **body.dict())
    return _detail(request, node_id)


@router.post("/nodes/{node_id}/move", response={200: NodeDetail, **REFUSALS}, summary="Move a place from a day on")
def move_node(request: ApiRequest, node_id: int, body: MoveIn) -> object:
    structure.move_node(actor=request.actor, node_id=node_id, **body.dict())
    return _detail(request, node_id)


@router.post("/nodes/{node_id}/close", response={200: NodeDetail, **REFUSALS}, summary="Close a place from a day on")
def close_node(request: ApiRequest, node_id: int, body: CloseIn) -> object:
    structure.close_node(actor=request.actor, node_id=node_id, on=body.on)
    return _detail(request, node_id)


@router.put("/nodes/{node_id}/hours", response={200: NodeDetail, **REFUSALS}, summary="Replace the hours of a desk")
def set_hours(request: ApiRequest, node_id: int, body: HoursIn) -> object:
    intervals = [policy.Interval(item.weekday, item.opens, item.closes) for item in body.intervals]
    outlets.set_hours(actor=request.actor, node_id=node_id, desk=body.desk, intervals=intervals)
    return _detail(request, node_id)


@router.patch("/nodes/{node_id}/profile", response={200: NodeDetail, **REFUSALS}, summary="Change an outlet's profile")
def change_profile(request: ApiRequest, node_id: int, body: ProfileIn) -> object:
    values = body.dict(exclude_none=True)
    services = values.pop("services", None)
    outlets.change_profile(actor=request.actor, node_id=node_id, values=values, services=services)
    return _detail(request, node_id)


@router.put("/nodes/{node_id}/position", response={200: NodeDetail, **REFUSALS}, summary="Say where an outlet is")
def set_position(request: ApiRequest, node_id: int, body: PositionIn) -> object:
    places = {name: Decimal(str(round(getattr(body, name), 6))) for name in ("latitude", "longitude")}
    values = {**places, "service_radius_km": body.service_radius_km}
    outlets.change_profile(actor=request.actor, node_id=node_id, values=values)
    return _detail(request, node_id)


@router.post("/nodes/{node_id}/leave-brand", response={200: NodeDetail, **REFUSALS}, summary="Leave one of two brands")
def leave_brand(request: ApiRequest, node_id: int, body: LeaveIn) -> object:
    structure.leave_brand(actor=request.actor, node_id=node_id, brand_id=body.brand_id, on=body.on)
    return _detail(request, node_id)


@router.post("/imports", response={201: ImportOut, **REFUSALS}, summary="Check a workbook; nothing is written yet")
def check_import(request: ApiRequest, body: ImportIn) -> object:
    check(request.actor, Verb.IMPORT_NETWORK)
    try:
        content = base64.b64decode(body.content, validate=True)
    except binascii.Error as error:
        raise Invalid(_("This is not an Excel workbook that can be read."), field="content") from error
    run = importing.check_file(actor=request.actor, name=body.name, content=content, at=clock.now())
    return Status(201, run)


@router.get("/imports/{run_id}", response={200: ImportOut, **REFUSALS}, summary="One import with its findings")
def get_import(request: ApiRequest, run_id: int) -> object:
    return queries.import_run(request.actor, run_id)


@router.post("/imports/{run_id}/apply", response={200: ImportOut, **REFUSALS}, summary="Write a checked import")
def apply_import(request: ApiRequest, run_id: int) -> object:
    return importing.apply_run(actor=request.actor, run_id=run_id, at=clock.now())
