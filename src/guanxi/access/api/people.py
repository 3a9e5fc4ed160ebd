"""People, invitations and recoveries over the API."""

import datetime

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.access import queries
from guanxi.access.api.rights import MembershipOut, RoleCode
from guanxi.access.models import Membership
from guanxi.access.permissions import Verb
from guanxi.access.services import people
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, ShownOnce

router = Router()


class PersonOut(Schema):
    id: int
    username: str
    name: str
    kind: str
    employee_no: str
    is_active: bool


class PersonPage(Schema):
    items: list[PersonOut]
    next: str | None


class PersonDetail(PersonOut):
    memberships: list[MembershipOut]


class PeopleQuery(PageQuery):
    node_id: int | None = Field(None, ge=1, lt=2**31)


class InviteIn(Input):
    name: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00]*$")
    role: RoleCode
    node_id: int = Field(ge=1, lt=2**31)


class InviteOut(ShownOnce):
    """A link that lets somebody in; its secret is the last part of the address /welcome/…/"""

    id: int
    expires_at: datetime.datetime


class PersonIn(Input):
    """What to change of a person; what is absent stays."""

    name: str | None = Field(None, min_length=1, max_length=80, pattern=r"^[^\x00]*$")
    employee_no: str | None = Field(None, max_length=40, pattern=r"^[^\x00]*$")
    email: str | None = Field(None, max_length=200, pattern=r"^([^@\s\x00]+@[^@\s\x00]+)?$")
    phone: str | None = Field(None, max_length=30, pattern=r"^[^\x00]*$")


class ActiveIn(Input):
    is_active: bool


class LinkOut(Schema):
    id: int
    purpose: str
    name: str
    role_id: str | None
    node_id: int
    expires_at: datetime.datetime
    used_at: datetime.datetime | None
    revoked_at: datetime.datetime | None


class LinkPage(Schema):
    items: list[LinkOut]
    next: str | None


@router.get("/people", response={200: PersonPage, **REFUSALS}, summary="List people")
def list_people(request: ApiRequest, query: Query[PeopleQuery]) -> object:
    check(request.actor, Verb.VIEW_PEOPLE)
    rows = queries.visible_to(request.actor)
    if query.node_id is not None:
        rows = rows.filter(
            pk__in=queries.current(Membership.objects.filter(node_id=query.node_id), clock.today()).values("user_id")
        )
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.get("/people/{person_id}", response={200: PersonDetail, **REFUSALS}, summary="One person with roles")
def get_person(request: ApiRequest, person_id: int) -> object:
    check(request.actor, Verb.VIEW_PEOPLE)
    found = queries.person(request.actor, person_id)
    values = {name: getattr(found, name) for name in PersonOut.model_fields}
    return values | {"memberships": queries.memberships(request.actor, person_id)}


@router.patch("/people/{person_id}", response={200: PersonOut, **REFUSALS}, summary="Change a person's data")
def change_person(request: ApiRequest, person_id: int, body: PersonIn) -> object:
    values = body.dict(exclude_none=True)
    return people.change_person(actor=request.actor, user_id=person_id, values=values)


@router.put("/people/{person_id}/active", response={200: PersonOut, **REFUSALS}, summary="Allow or stop the sign-in")
def set_active(request: ApiRequest, person_id: int, body: ActiveIn) -> object:
    return people.set_active(actor=request.actor, user_id=person_id, is_active=body.is_active)


@router.post("/people/{person_id}/recovery", response={201: InviteOut, **REFUSALS}, summary="Make a new-password link")
def recover(request: ApiRequest, person_id: int) -> object:
    """A link for one day. Its secret is shown once; an answer repeated under its Idempotency-Key has none."""
    link, secret = people.make_recovery(actor=request.actor, user_id=person_id, at=clock.now())
    return Status(201, {"id": link.pk, "secret": secret, "expires_at": link.expires_at})


@router.post("/invitations", response={201: InviteOut, **REFUSALS}, summary="Invite somebody")
def invite(request: ApiRequest, body: InviteIn) -> object:
    """A link for seven days. Its secret is shown once; an answer repeated under its Idempotency-Key has none."""
    link, secret = people.invite(
        actor=request.actor, name=body.name, role_code=body.role, node_id=body.node_id, at=clock.now()
    )
    return Status(201, {"id": link.pk, "secret": secret, "expires_at": link.expires_at})


@router.get("/invitations", response={200: LinkPage, **REFUSALS}, summary="List links")
def list_invitations(request: ApiRequest, query: Query[PageQuery]) -> object:
    check(request.actor, Verb.INVITE)
    found = paging.take(queries.links_visible_to(request.actor), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/invitations/{link_id}/revoke", response={204: None, **REFUSALS}, summary="Withdraw a link")
def revoke_invitation(request: ApiRequest, link_id: int) -> object:
    people.revoke_link(actor=request.actor, link_id=link_id, at=clock.now())
    return Status(204, None)
