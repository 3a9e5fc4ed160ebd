"""Customers over the API: the same verbs as the pages. Telephone and identity numbers are masked; see reveal."""

import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.customers import policy, queries
from guanxi.customers.models import ContactPoint, Customer, Relation
from guanxi.customers.permissions import Verb
from guanxi.customers.services import merging, noting, reaching, recording, relating
from guanxi.customers.states import Channel
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Invalid
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input
from guanxi.foundation.values import phones

router = Router()
Plain = r"^[^\x00]*$"
Key = Annotated[int, Field(ge=1, lt=2**63)]
CategoryName = Literal["POTENTIAL", "BASE", "OWNER", "LOST"]
ChannelName = Literal["MOBILE", "LANDLINE", "EMAIL", "WECHAT"]


class RelationOut(Schema):
    """What a customer is to one outlet."""

    id: int
    outlet_id: int
    category: str
    source: str
    consultant_id: int | None
    consultant_name: str
    tags: list[str]
    since: datetime.date


class PointOut(Schema):
    """A way to reach a customer, masked."""

    id: int
    channel: str
    value: str
    label: str
    is_primary: bool
    state: str
    proven_at: datetime.datetime | None


class CustomerOut(Schema):
    id: int
    kind: str
    name: str
    gender: str
    born_on: datetime.date | None
    verification: str
    touched_at: datetime.datetime


class CustomerPage(Schema):
    items: list[CustomerOut]
    next: str | None = Field(description="The cursor of the next page; null on the last")


class CustomerDetail(CustomerOut):
    identity_tail: str
    industry: str
    occupation: str
    hobbies: str
    score: int | None = Field(description="Quality of the record, 0 to 100; null before the first count")
    doubts: list[str]
    points: list[PointOut]
    relations: list[RelationOut]


class PlaceIn(Input):
    province: str = Field(default="", pattern=r"^(\d{2})?$", description="Code of GB/T 2260, two digits")
    city: str = Field(default="", pattern=r"^(\d{4})?$", description="Four digits, beginning with the province's")
    district: str = Field(default="", pattern=r"^(\d{6})?$", description="Six digits, beginning with the city's")
    line: str = Field(default="", max_length=160, pattern=Plain)


class CustomerIn(Input):
    outlet_id: int = Field(ge=1, lt=2**31)
    name: str = Field(min_length=1, max_length=80, pattern=Plain)
    kind: Literal["PERSON", "COMPANY"] | None = None
    gender: Literal["", "M", "F"] = ""
    born_on: datetime.date | None = None
    mobile: str = Field(default="", max_length=30, pattern=Plain)
    landline: str = Field(default="", max_length=30, pattern=Plain)
    identity_number: str = Field(default="", max_length=30, pattern=Plain)
    address: PlaceIn | None = None
    category: CategoryName = "POTENTIAL"
    source: str = Field(default="", max_length=40, pattern=r"^[A-Z0-9_]*$")


class ChangesIn(Input):
    name: str | None = Field(default=None, min_length=1, max_length=80, pattern=Plain)
    gender: Literal["", "M", "F"] | None = None
    born_on: datetime.date | None = None
    industry: str | None = Field(default=None, max_length=40, pattern=Plain)
    occupation: str | None = Field(default=None, max_length=40, pattern=Plain)
    hobbies: str | None = Field(default=None, max_length=200, pattern=Plain)
    identity_number: str | None = Field(default=None, max_length=30, pattern=Plain)


class PointIn(Input):
    channel: ChannelName
    value: str = Field(min_length=1, max_length=120, pattern=Plain)
    label: str = Field(default="", max_length=40, pattern=Plain)


class RelateIn(Input):
    outlet_id: int = Field(ge=1, lt=2**31)
    category: CategoryName = "BASE"


class NoteIn(Input):
    body: str = Field(min_length=1, max_length=2000, pattern=Plain)


class NoteOut(Schema):
    id: int
    body: str
    author_name: str
    at: datetime.datetime


class MergeIn(Input):
    kept_id: Key
    gone_id: Key
    choices: dict[str, Literal["kept", "gone"]] = Field(default_factory=dict)


class MergeOut(Schema):
    id: int
    kept_id: int
    gone_id: int
    at: datetime.datetime
    undone_at: datetime.datetime | None


class ValueOut(Schema):
    value: str


class Asked(Schema):
    q: str = Field(default="", max_length=80, pattern=Plain, description="Name, pinyin, number, plate or VIN, in part")
    cursor: str | None = Field(default=None, max_length=200)
    limit: int = Field(default=50, ge=1, le=200)


def _detail(request: ApiRequest, row: Customer) -> dict[str, Any]:
    quality = getattr(row, "quality", None)
    points = queries.points([row.pk]).get(row.pk, [])
    return {
        **{name: getattr(row, name) for name in CustomerDetail.model_fields if hasattr(row, name) and name != "points"},
        "score": quality.score if quality else None,
        "doubts": quality.doubts if quality else [],
        "points": [_masked(point) for point in points],
        "relations": queries.relations(request.actor, [row.pk]),
    }  # fmt: skip


def _masked(point: ContactPoint) -> dict[str, Any]:
    kept = {name: getattr(point, name) for name in PointOut.model_fields}
    return {**kept, "value": policy.mask_contact(point.channel, point.value)}


@router.get("", response={200: CustomerPage, **REFUSALS}, summary="List or find visible customers")
def list_customers(request: ApiRequest, asked: Query[Asked]) -> Any:
    check(request.actor, Verb.VIEW)
    if asked.q:
        return {"items": [hit.customer for hit in queries.find(request.actor, asked.q, asked.limit)], "next": None}
    found = paging.take(queries.visible_to(request.actor), asked.cursor, asked.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/merges", response={201: MergeOut, **REFUSALS}, summary="Make two customers one")
def merge_customers(request: ApiRequest, given: MergeIn) -> Any:
    made = merging.merge_customers(
        actor=request.actor, kept_id=given.kept_id, gone_id=given.gone_id, choices=given.choices, at=clock.now()
    )
    return Status(201, made)


@router.post("/merges/{merge_id}/undo", response={200: MergeOut, **REFUSALS}, summary="Make them two again")
def undo_merge(request: ApiRequest, merge_id: Key) -> Any:
    return merging.undo_merge(actor=request.actor, merge_id=merge_id, at=clock.now())


@router.get("/{customer_id}", response={200: CustomerDetail, **REFUSALS}, summary="One customer")
def get_customer(request: ApiRequest, customer_id: Key) -> Any:
    return _detail(request, queries.customer(request.actor, customer_id))


@router.post("", response={201: CustomerDetail, **REFUSALS}, summary="Add a customer to an outlet")
def add_customer(request: ApiRequest, given: CustomerIn) -> Any:
    fields: dict[str, Any] = {"name": given.name, "gender": given.gender, "born_on": given.born_on}
    newcomer = recording.Newcomer(
        fields=fields | ({"kind": given.kind} if given.kind else {}),
        mobile=_number(given.mobile, Channel.MOBILE), landline=_number(given.landline, Channel.LANDLINE),
        identity_number=given.identity_number, address=_place(given.address), category=given.category,
        source=given.source,
    )  # fmt: skip
    made = recording.add_customer(
        actor=request.actor, outlet_id=given.outlet_id, newcomer=newcomer, at=clock.now(), day=clock.today()
    )
    return Status(201, _detail(request, queries.customer(request.actor, made.pk)))


def _place(given: PlaceIn | None) -> dict[str, str] | None:
    """Return an address whose divisions lie in each other.

    :raises Invalid: they do not.
    """
    if given is None:
        return None
    if not (given.city.startswith(given.province) and given.district.startswith(given.city)):
        raise Invalid(_("A city lies in its province, a district in its city."), field="address")
    return given.model_dump()


def _number(typed: str, channel: str) -> str:
    """Return a number in its one form; nothing for nothing.

    :raises Invalid: it is no number of this kind.
    """
    if not typed:
        return ""
    found = phones.clean(typed).value
    number = (found.mobile if channel == Channel.MOBILE else found.landline) if found else None
    if number is None:
        raise Invalid(_("This is not such a number."), field=channel.lower())
    return number


@router.patch("/{customer_id}", response={200: CustomerDetail, **REFUSALS}, summary="Change a customer")
def change_customer(request: ApiRequest, customer_id: Key, given: ChangesIn) -> Any:
    values = given.model_dump(exclude_unset=True)
    number = values.pop("identity_number", None)
    fields = {name: value for name, value in values.items() if value is not None or name == "born_on"}
    recording.change_customer(
        actor=request.actor, customer_id=customer_id, fields=fields, identity_number=number, at=clock.now()
    )
    return _detail(request, queries.customer(request.actor, customer_id))


@router.post("/{customer_id}/points", response={201: PointOut, **REFUSALS}, summary="Add a way to reach a customer")
def add_point(request: ApiRequest, customer_id: Key, given: PointIn) -> Any:
    is_phone = given.channel in {Channel.MOBILE, Channel.LANDLINE}
    value = _number(given.value, given.channel) if is_phone else given.value
    made = reaching.add_point(
        actor=request.actor, customer_id=customer_id, channel=given.channel, value=value, label=given.label,
        at=clock.now(),
    )  # fmt: skip
    return Status(201, _masked(made))


@router.post(
    "/{customer_id}/points/{point_id}/reveal",
    response={200: ValueOut, **REFUSALS},
    summary="See a number whole; the audit trail keeps who saw it",
)
def reveal_point(request: ApiRequest, customer_id: Key, point_id: Key) -> Any:
    return {"value": reaching.reveal_point(actor=request.actor, customer_id=customer_id, point_id=point_id)}


@router.post("/{customer_id}/relations", response={201: RelationOut, **REFUSALS}, summary="Add to an outlet")
def relate(request: ApiRequest, customer_id: Key, given: RelateIn) -> Any:
    made: Relation = relating.relate(
        actor=request.actor, customer_id=customer_id, outlet_id=given.outlet_id, category=given.category,
        day=clock.today(), at=clock.now(),
    )  # fmt: skip
    return Status(201, made)


@router.post("/{customer_id}/notes", response={201: NoteOut, **REFUSALS}, summary="Write a note")
def write_note(request: ApiRequest, customer_id: Key, given: NoteIn) -> Any:
    made = noting.write_note(actor=request.actor, customer_id=customer_id, body=given.body, at=clock.now())
    return Status(201, made)
