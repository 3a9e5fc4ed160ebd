"""Campaigns over the API: the list, one with its waves and what came of it, every step, its people, answers."""

from ninja import Query, Router, Status

from guanxi.campaigns.api.groups import CharacteristicsOut
from guanxi.campaigns.api.shapes import (
    CampaignCountOut,
    CampaignEffectOut,
    CampaignIn,
    CampaignMemberOut,
    CampaignMemberPage,
    CampaignMemberQuery,
    CampaignOneOut,
    CampaignOut,
    CampaignPage,
    CampaignQuery,
    CampaignReasonIn,
    CampaignRepeatIn,
    CampaignRespondIn,
    NewCampaignIn,
    RedeemIn,
)
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import characteristics, counting, effects, members
from guanxi.campaigns.services import answering, deciding, planning, repeating, starting
from guanxi.campaigns.states import STARTED
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Conflict
from guanxi.foundation.rest import REFUSALS, ApiRequest

router = Router()


@router.get("/campaigns", response={200: CampaignPage, **REFUSALS}, summary="List campaigns")
def list_campaigns(request: ApiRequest, query: Query[CampaignQuery]) -> object:
    check(request.actor, Verb.VIEW)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    found = paging.take(queries.visible_to(request.actor).filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.get("/campaigns/{campaign_id}", response={200: CampaignOneOut, **REFUSALS}, summary="One campaign")
def get_campaign(request: ApiRequest, campaign_id: int) -> object:
    check(request.actor, Verb.VIEW)
    return queries.campaign(request.actor, campaign_id)


@router.post("/campaigns", response={201: CampaignOneOut, **REFUSALS}, summary="Plan a campaign")
def add_campaign(request: ApiRequest, body: NewCampaignIn) -> object:
    plan = body.plan()
    return Status(201, planning.add_campaign(actor=request.actor, kind=body.kind, plan=plan, at=clock.now()))


@router.put("/campaigns/{campaign_id}", response={200: CampaignOneOut, **REFUSALS}, summary="Change a draft")
def change_campaign(request: ApiRequest, campaign_id: int, body: CampaignIn) -> object:
    return planning.change_campaign(actor=request.actor, campaign_id=campaign_id, plan=body.plan(), at=clock.now())


@router.get(
    "/campaigns/{campaign_id}/count", response={200: CampaignCountOut, **REFUSALS}, summary="Whom it would address now"
)
def count_campaign(request: ApiRequest, campaign_id: int, exact: bool = False) -> object:
    check(request.actor, Verb.VIEW)
    row = queries.campaign(request.actor, campaign_id)
    return counting.count(request.actor, row, clock.now(), is_exact=exact)


@router.get(
    "/campaigns/{campaign_id}/characteristics",
    response={200: CharacteristicsOut, **REFUSALS},
    summary="What the group is like",
)
def characterise_campaign(request: ApiRequest, campaign_id: int, exact: bool = False) -> object:
    check(request.actor, Verb.VIEW)
    row = queries.campaign(request.actor, campaign_id)
    return characteristics.of(request.actor, row, clock.now(), is_exact=exact)


@router.post("/campaigns/{campaign_id}/submit", response={200: CampaignOut, **REFUSALS}, summary="Submit for approval")
def submit_campaign(request: ApiRequest, campaign_id: int) -> object:
    return deciding.submit(actor=request.actor, campaign_id=campaign_id, at=clock.now())


@router.post("/campaigns/{campaign_id}/approve", response={200: CampaignOut, **REFUSALS}, summary="Approve")
def approve_campaign(request: ApiRequest, campaign_id: int) -> object:
    return deciding.approve(actor=request.actor, campaign_id=campaign_id, at=clock.now())


@router.post("/campaigns/{campaign_id}/send-back", response={200: CampaignOut, **REFUSALS}, summary="Send back")
def send_back_campaign(request: ApiRequest, campaign_id: int, body: CampaignReasonIn) -> object:
    return deciding.send_back(actor=request.actor, campaign_id=campaign_id, reason=body.reason)


@router.post("/campaigns/{campaign_id}/cancel", response={200: CampaignOut, **REFUSALS}, summary="Call off")
def cancel_campaign(request: ApiRequest, campaign_id: int, body: CampaignReasonIn) -> object:
    return deciding.cancel(actor=request.actor, campaign_id=campaign_id, reason=body.reason, at=clock.now())


@router.post("/campaigns/{campaign_id}/start", response={200: CampaignOut, **REFUSALS}, summary="Start: freeze, draw")
def start_campaign(request: ApiRequest, campaign_id: int) -> object:
    return starting.start(actor=request.actor, campaign_id=campaign_id, at=clock.now())


@router.post("/campaigns/{campaign_id}/end", response={200: CampaignOut, **REFUSALS}, summary="End a running campaign")
def end_campaign(request: ApiRequest, campaign_id: int) -> object:
    return starting.end(actor=request.actor, campaign_id=campaign_id, at=clock.now())


@router.post(
    "/campaigns/{campaign_id}/repeat",
    response={201: CampaignOneOut, **REFUSALS},
    summary="Repeat: the next one as a draft",
)
def repeat_campaign(request: ApiRequest, campaign_id: int, body: CampaignRepeatIn) -> object:
    made = repeating.repeat(actor=request.actor, campaign_id=campaign_id, at=clock.now(), **body.dict())
    return Status(201, made)


@router.get(
    "/campaigns/{campaign_id}/members",
    response={200: CampaignMemberPage, **REFUSALS},
    summary="Whom it addresses or leaves out",
)
def list_members(request: ApiRequest, campaign_id: int, query: Query[CampaignMemberQuery]) -> object:
    check(request.actor, Verb.VIEW)
    row = queries.campaign(request.actor, campaign_id)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    found = paging.take(members.of_campaign(request.actor, row).filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.get("/campaigns/{campaign_id}/effect", response={200: CampaignEffectOut, **REFUSALS}, summary="What came of it")
def get_effect(request: ApiRequest, campaign_id: int) -> object:
    check(request.actor, Verb.VIEW)
    row = queries.campaign(request.actor, campaign_id)
    if row.state not in STARTED:
        raise Conflict
    return effects.of(request.actor, row, queries.waves(row))


@router.post(
    "/members/{addressed_id}/respond", response={200: CampaignMemberOut, **REFUSALS}, summary="Record an answer"
)
def respond_member(request: ApiRequest, addressed_id: int, body: CampaignRespondIn) -> object:
    return answering.record_response(actor=request.actor, member_id=addressed_id, note=body.note, at=clock.now())


@router.post("/redeem", response={200: CampaignMemberOut, **REFUSALS}, summary="Redeem an offer code")
def redeem_code(request: ApiRequest, body: RedeemIn) -> object:
    return answering.redeem(
        actor=request.actor,
        code=body.code,
        customer_id=body.customer_id,
        note=body.note,
        bill=body.bill(),
        at=clock.now(),
    )
