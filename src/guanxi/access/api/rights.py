"""Roles, who holds them and who answers for what, over the API."""

import datetime
from typing import Annotated

from ninja import Router, Schema, Status
from pydantic import Field

from guanxi.access import queries
from guanxi.access.permissions import Verb
from guanxi.access.services import responsibilities, rights, roles
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input

router = Router()

RoleCode = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_]+$")]


class RoleOut(Schema):
    code: str
    name_zh: str
    name_en: str
    kinds: list[str]
    reach: str
    verbs: list[str]


class DutyOut(Schema):
    process: str
    name_zh: str
    name_en: str
    responsible: str
    accountable: str
    consulted: list[str]
    informed: list[str]
    deadline_hours: int
    escalation_role: str


class MembershipOut(Schema):
    id: int
    user_id: int
    role_id: str
    node_id: int
    valid_from: datetime.date
    valid_to: datetime.date | None


class GrantIn(Input):
    user_id: int = Field(ge=1, lt=2**63)
    role: RoleCode
    node_id: int = Field(ge=1, lt=2**31)
    valid_from: datetime.date


class EndIn(Input):
    on: datetime.date


class VerbsIn(Input):
    verbs: list[str] = Field(max_length=500)


class DutyIn(Input):
    responsible: RoleCode
    accountable: RoleCode
    consulted: list[RoleCode] = Field(default_factory=list, max_length=100)
    informed: list[RoleCode] = Field(default_factory=list, max_length=100)
    deadline_hours: int = Field(ge=1, le=8784)
    escalation_role: RoleCode


@router.get("/roles", response={200: list[RoleOut], **REFUSALS}, summary="List roles")
def list_roles(request: ApiRequest) -> object:
    check(request.actor, Verb.VIEW_ROLES)
    return list(queries.roles())


@router.put("/roles/{code}/verbs", response={200: RoleOut, **REFUSALS}, summary="Change what a role may do")
def change_role(request: ApiRequest, code: RoleCode, body: VerbsIn) -> object:
    return roles.change_role(actor=request.actor, code=code, verbs=body.verbs)


@router.get("/responsibilities", response={200: list[DutyOut], **REFUSALS}, summary="Who answers for what")
def list_responsibilities(request: ApiRequest) -> object:
    check(request.actor, Verb.VIEW_RESPONSIBILITIES)
    return [
        {
            "process": row.process, "name_zh": row.name_zh, "name_en": row.name_en,
            "responsible": row.responsible_id, "accountable": row.accountable_id,
            "consulted": [role.pk for role in row.consulted.all()],
            "informed": [role.pk for role in row.informed.all()],
            "deadline_hours": row.deadline_hours, "escalation_role": row.escalation_role_id,
        }
        for row in queries.responsibilities()
    ]  # fmt: skip


@router.put("/responsibilities/{process}", response={204: None, **REFUSALS}, summary="Change who answers for a process")
def change_responsibility(request: ApiRequest, process: str, body: DutyIn) -> object:
    values = body.dict() | {"deadline_hours": str(body.deadline_hours)}
    responsibilities.change_responsibility(actor=request.actor, process=process, **values)
    return Status(204, None)


@router.post("/memberships", response={201: MembershipOut, **REFUSALS}, summary="Give a role")
def grant_role(request: ApiRequest, body: GrantIn) -> object:
    row = rights.grant_role(
        actor=request.actor, user_id=body.user_id, role_code=body.role, node_id=body.node_id,
        valid_from=body.valid_from,
    )  # fmt: skip
    return Status(201, row)


@router.post("/memberships/{membership_id}/end", response={200: MembershipOut, **REFUSALS}, summary="End a role")
def end_membership(request: ApiRequest, membership_id: int, body: EndIn) -> object:
    return rights.end_membership(actor=request.actor, membership_id=membership_id, on=body.on)
