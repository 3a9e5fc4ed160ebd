"""What no article was of use for, over the API."""

import datetime

from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.complaints.api.cases import Key
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import figures, gaps
from guanxi.foundation import clock
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest

router = Router()


class KnowledgeGapOut(Schema):
    """Closed complaints of a category and cause, and for how many of them no article was of use."""

    category: str | None = Field(None, alias="category.code")
    cause: str | None = Field(None, alias="cause.code")
    closed: int
    without: int
    newest_id: int | None


class GapQuery(Schema):
    since: datetime.date | None = Field(None, description="Taken in from this day on; left out: of ninety days")
    until: datetime.date | None = Field(None, description="The last day, inclusive; left out: today")
    place_id: Key | None = None


@router.get("/gaps", response={200: list[KnowledgeGapOut], **REFUSALS}, summary="What no article was of use for")
def list_gaps(request: ApiRequest, query: Query[GapQuery]) -> object:
    check(request.actor, Verb.VIEW)
    until = query.until or clock.today()
    since = query.since or until - datetime.timedelta(days=90)
    end = clock.start_of(until + datetime.timedelta(days=1))
    span = figures.Asked(clock.start_of(since), end, query.place_id)
    return gaps.gaps(figures.asked_for(request.actor, span, clock.today()))
