"""Customers over the API: the same verbs as the pages. Telephone and identity numbers are masked; see reveal."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Status

from guanxi.customers import policy, queries
from guanxi.customers.api.shapes import (
    Asked,
    CustomerChangesIn,
    CustomerDetail,
    CustomerIn,
    CustomerPage,
    CustomerPlaceIn,
    EndRelationIn,
    Key,
    MergeIn,
    MergeOut,
    PointIn,
    PointOut,
    PointStateIn,
    RelateIn,
    RelationIn,
    RelationOut,
    ValueOut,
    VerificationIn,
)
from guanxi.customers.models import ContactPoint, Customer, Relation
from guanxi.customers.permissions import Verb
from guanxi.customers.services import merging, noting, reaching, recording, relating
from guanxi.customers.states import Channel
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Invalid
from guanxi.foundation.rest import REFUSALS, ApiRequest
from guanxi.foundation.values import phones

router = Router()
PLAIN = ("name", "gender", "born_on", "industry", "occupation", "hobbies", "habits", "preferred_channel")
MARKS = {"holds_material", "knows_location", "has_no_grudge", "has_contact_plan"}


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
    fields: dict[str, Any] = {name: getattr(given, name) for name in PLAIN}
    newcomer = recording.Newcomer(
        fields=fields | ({"kind": given.kind} if given.kind else {}),
        mobile=_value(given.mobile, Channel.MOBILE), landline=_value(given.landline, Channel.LANDLINE),
        email=_value(given.email, Channel.EMAIL), wechat=given.wechat,
        identity_number=given.identity_number, address=_place(given.address), category=given.category,
        source=given.source,
    )  # fmt: skip
    made = recording.add_customer(
        actor=request.actor, outlet_id=given.outlet_id, newcomer=newcomer, at=clock.now(), day=clock.today()
    )
    return Status(201, _detail(request, queries.customer(request.actor, made.pk)))


def _place(given: CustomerPlaceIn | None) -> dict[str, str] | None:
    return None if given is None else nested(given)


def nested(given: CustomerPlaceIn) -> dict[str, str]:
    """Return an address whose divisions lie in each other.

    :raises Invalid: they do not.
    """
    fits = not given.city or given.city.startswith(given.province)
    if not fits or (given.district and not given.district.startswith(given.city)):
        raise Invalid(_("A city lies in its province, a district in its city."), field="address")
    return given.model_dump()


def _value(typed: str, channel: str) -> str:
    """Return a number or an address in its one form; nothing for nothing.

    :raises Invalid: it is none of this kind.
    """
    if channel == Channel.EMAIL and typed:
        return _mail(typed)
    if not typed or channel == Channel.WECHAT:
        return typed
    found = phones.clean(typed).value
    number = (found.mobile if channel == Channel.MOBILE else found.landline) if found else None
    if number is None:
        raise Invalid(_("This is not such a number."), field=channel.lower())
    return number


def _mail(typed: str) -> str:
    try:
        validate_email(typed)
    except ValidationError as error:
        raise Invalid(_("This is not an e-mail address."), field="email") from error
    return typed.lower()


@router.patch("/{customer_id}", response={200: CustomerDetail, **REFUSALS}, summary="Change a customer")
def change_customer(request: ApiRequest, customer_id: Key, given: CustomerChangesIn) -> Any:
    values = given.model_dump(exclude_unset=True)
    number = values.pop("identity_number", None)
    fields = {name: value for name, value in values.items() if value is not None or name == "born_on"}
    recording.change_customer(
        actor=request.actor, customer_id=customer_id, fields=fields, identity_number=number, at=clock.now()
    )
    return _detail(request, queries.customer(request.actor, customer_id))


@router.post("/{customer_id}/points", response={201: PointOut, **REFUSALS}, summary="Add a way to reach a customer")
def add_point(request: ApiRequest, customer_id: Key, given: PointIn) -> Any:
    made = reaching.add_point(
        actor=request.actor, customer_id=customer_id, channel=given.channel, value=_value(given.value, given.channel),
        label=given.label, at=clock.now(),
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


@router.put("/{customer_id}/points/{point_id}/state", response={200: PointOut, **REFUSALS}, summary="Say if it works")
def set_point_state(request: ApiRequest, customer_id: Key, point_id: Key, given: PointStateIn) -> Any:
    reached = given.state == "REACHED"
    made = reaching.set_point_state(
        actor=request.actor, customer_id=customer_id, point_id=point_id, state="VALID" if reached else given.state,
        reached=reached, at=clock.now(),
    )  # fmt: skip
    return _masked(made)


@router.post(
    "/{customer_id}/points/{point_id}/main", response={200: CustomerDetail, **REFUSALS}, summary="Make it main"
)
def make_main(request: ApiRequest, customer_id: Key, point_id: Key) -> Any:
    reaching.make_main(actor=request.actor, customer_id=customer_id, point_id=point_id, at=clock.now())
    return _detail(request, queries.customer(request.actor, customer_id))


@router.post(
    "/{customer_id}/identity/reveal",
    response={200: ValueOut, **REFUSALS},
    summary="See the identity number whole; the audit trail keeps who saw it",
)
def reveal_identity(request: ApiRequest, customer_id: Key) -> Any:
    return {"value": reaching.reveal_identity(actor=request.actor, customer_id=customer_id)}


@router.post("/{customer_id}/verify", response={200: CustomerDetail, **REFUSALS}, summary="Say what a call found")
def verify(request: ApiRequest, customer_id: Key, given: VerificationIn) -> Any:
    noting.verify(
        actor=request.actor, customer_id=customer_id, verification=given.verification, at=clock.now()
    )  # fmt: skip
    return _detail(request, queries.customer(request.actor, customer_id))


@router.patch("/relations/{relation_id}", response={200: RelationOut, **REFUSALS}, summary="Change what he is there")
def change_relation(request: ApiRequest, relation_id: Key, given: RelationIn) -> Any:
    values = {
        name: value
        for name, value in given.model_dump(exclude_unset=True).items()
        if value is not None or name in MARKS
    }
    return relating.change_relation(actor=request.actor, relation_id=relation_id, values=values, at=clock.now())


@router.post("/relations/{relation_id}/end", response={204: None, **REFUSALS}, summary="End a relation to an outlet")
def end_relation(request: ApiRequest, relation_id: Key, given: EndRelationIn) -> Any:
    relating.end_relation(actor=request.actor, relation_id=relation_id, day=given.on, at=clock.now())
    return Status(204, None)
