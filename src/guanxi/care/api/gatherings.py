"""Lectures over the API: proposals, who stands on a list, taking on and declining."""

import datetime
from typing import Annotated

from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.care.models import Proposal
from guanxi.care.permissions import Verb
from guanxi.care.queries import gatherings as queries
from guanxi.care.services import inviting
from guanxi.care.services import proposals as services
from guanxi.care.states.gatherings import State
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain

router = Router()
Key = Annotated[int, Field(ge=1, lt=2**31)]


class ProposalOut(Schema):
    """A lecture that was proposed because enough people had gathered."""

    id: int
    code: str = Field(description="The kind of lecture")
    outlet_id: int
    opened_on: datetime.date
    found: int = Field(description="How many had gathered then")
    state: str
    decided_on: datetime.date | None
    planned_on: datetime.date | None
    reason: str


class ProposalPage(Schema):
    items: list[ProposalOut]
    next: str | None


class ProposalQuery(PageQuery):
    outlet_id: Key | None = None
    code: str | None = Field(None, max_length=40, pattern=Plain)
    state: State | None = None


class MemberOut(Schema):
    """Somebody on a list: invited, or kept away by what the night found (excluded) or by a person (hand)."""

    id: int
    customer_id: int
    vehicle_id: int
    joined_on: datetime.date
    lapsed_on: datetime.date | None = Field(description="Since then the conditions hold no longer")
    is_invited: bool
    excluded: str
    insisted: bool = Field(description="A person invites in spite of what is only advice")
    hand: str
    hand_note: str


class MemberPage(Schema):
    items: list[MemberOut]
    next: str | None


class InvitedOut(Schema):
    """Somebody who is invited, with his whole number."""

    customer_id: int
    name: str
    phone: str


class AcceptIn(Input):
    planned_on: datetime.date


class DeclineIn(Input):
    reason: str = Field(min_length=1, max_length=400, pattern=Plain)


@router.get("/gatherings", response={200: ProposalPage, **REFUSALS}, summary="List proposals of lectures")
def list_proposals(request: ApiRequest, query: Query[ProposalQuery]) -> object:
    check(request.actor, Verb.VIEW_GATHERINGS)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    found = paging.take(queries.visible_to(request.actor).filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.get(
    "/gatherings/{proposal_id}/members", response={200: MemberPage, **REFUSALS},
    summary="Who is on the list of a lecture, and why not invited",
)  # fmt: skip
def list_members(request: ApiRequest, proposal_id: int, query: Query[PageQuery]) -> object:
    check(request.actor, Verb.VIEW_GATHERINGS)
    rows = queries.members(queries.proposal(request.actor, proposal_id))
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post(
    "/gatherings/{proposal_id}/invited", response={200: list[InvitedOut], **REFUSALS},
    summary="Whom a lecture invites, with whole numbers; kept on the trail",
)  # fmt: skip
def reveal_invited(request: ApiRequest, proposal_id: int) -> object:
    return inviting.reveal_invited(actor=request.actor, proposal_id=proposal_id, at=clock.now())


@router.post(
    "/gatherings/{proposal_id}/accept", response={200: ProposalOut, **REFUSALS}, summary="Take a lecture on"
)  # fmt: skip
def accept_proposal(request: ApiRequest, proposal_id: int, body: AcceptIn) -> Proposal:
    return services.accept_proposal(
        actor=request.actor, proposal_id=proposal_id, planned_on=body.planned_on, at=clock.now()
    )


@router.post(
    "/gatherings/{proposal_id}/decline", response={200: ProposalOut, **REFUSALS}, summary="Decline a lecture"
)  # fmt: skip
def decline_proposal(request: ApiRequest, proposal_id: int, body: DeclineIn) -> Proposal:
    return services.decline_proposal(actor=request.actor, proposal_id=proposal_id, reason=body.reason, at=clock.now())
