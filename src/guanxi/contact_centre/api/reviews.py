"""Listening samples over the API: drawn, judged, and what they come to in a month."""

import datetime
from typing import Annotated

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.queries import reviews as queries
from guanxi.contact_centre.queries import scores
from guanxi.contact_centre.services import reviewing
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, Plain

router = Router()
NodeId = Annotated[int, Field(ge=1, lt=2**31)]


class SampleOut(Schema):
    """A call that was drawn; points, note and who judged are empty until then."""

    id: int
    call_id: int
    node_id: int
    agent_id: int
    agent_name: str
    week: datetime.date
    drawn_at: datetime.datetime
    scores: dict[str, int]
    points: int | None
    most: int | None
    note: str
    reviewed_at: datetime.datetime | None
    reviewed_by: str


class SamplePage(Schema):
    items: list[SampleOut]
    next: str | None


class SampleQuery(Schema):
    agent_id: int | None = Field(None, ge=1, lt=2**63)
    week: datetime.date | None = None
    judged: bool | None = None
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=200)


class SampleDrawIn(Input):
    node_id: NodeId
    week: datetime.date = Field(description="The Monday of a week that is over")


class SampleDrawnOut(Schema):
    drawn: int = Field(description="How many calls were drawn; the same week again draws none")


class SampleScoreIn(Input):
    """The points of each item of the score sheet of today."""

    scores: dict[Annotated[str, Field(max_length=40, pattern=Plain)], int] = Field(max_length=40)
    note: str = Field("", max_length=2000, pattern=Plain)


class ItemScoreOut(Schema):
    code: str
    name: str
    points: int
    most: int
    share: int


class AgentScoreOut(Schema):
    """An agent's month."""

    agent_id: int
    name: str
    drawn: int
    judged: int
    points: int
    most: int
    share: int | None = Field(description="The points of a hundred; null while no call is judged")
    change: int | None = Field(description="Against the month before, in points of a hundred")
    items: list[ItemScoreOut]


class ScoreQuery(Schema):
    month: datetime.date | None = Field(None, description="A day of the month; if absent, of this one")
    node_id: NodeId | None = Field(None, description="With everything below; if absent, one's own")


@router.get("/samples", response={200: SamplePage, **REFUSALS}, summary="List samples")
def list_samples(request: ApiRequest, query: Query[SampleQuery]) -> object:
    check(request.actor, Verb.VIEW)
    rows = queries.visible_to(request.actor).filter(**query.dict(exclude_none=True, include={"agent_id", "week"}))
    if query.judged is not None:
        rows = rows.filter(reviewed_at__isnull=not query.judged)
    found = paging.take(rows, query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/samples/draw", response={201: SampleDrawnOut, **REFUSALS}, summary="Draw the calls of a week")
def draw_samples(request: ApiRequest, body: SampleDrawIn) -> object:
    drawn = reviewing.draw(actor=request.actor, node_id=body.node_id, week=body.week, at=clock.now())
    return Status(201, {"drawn": drawn})


@router.post("/samples/{sample_id}/judge", response={200: SampleOut, **REFUSALS}, summary="Judge a call")
def judge_sample(request: ApiRequest, sample_id: int, body: SampleScoreIn) -> object:
    return reviewing.review(
        actor=request.actor, review_id=sample_id, scores=body.scores, note=body.note, at=clock.now()
    )


@router.get("/scores", response={200: list[AgentScoreOut], **REFUSALS}, summary="Scores of a month")
def list_scores(request: ApiRequest, query: Query[ScoreQuery]) -> object:
    check(request.actor, Verb.VIEW)
    if query.node_id is not None:
        check(request.actor, Verb.REVIEW_CALLS, query.node_id)
    today = clock.today()
    return scores.scores(request.actor, query.node_id, query.month or today, today)
