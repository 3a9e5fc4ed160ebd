"""What outlets log of their follow-ups against what customers say, over the API."""

import datetime

from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, PageQuery, Plain
from guanxi.insight.permissions import Verb
from guanxi.insight.policy import spans
from guanxi.insight.queries import checked as queries

router = Router()


class CheckedOut(Schema):
    """One outlet. Shares are whole percent; null where there is nothing to divide by."""

    outlet_id: int = Field(alias="id")
    code: str
    customers: int = Field(description="Customers due for a follow-up after a delivery or a visit")
    followed: int = Field(description="Of those: with whom contact was tried or made")
    coverage: int | None
    due: int
    claimed: int = Field(description="Contacts logged as done with the customer reached")
    confirmed: int
    contradicted: int
    not_asked: int
    accuracy: int | None = Field(description="Confirmed, of those confirmed or contradicted")


class CheckedPageOut(Schema):
    items: list[CheckedOut]
    next: str | None


class CheckedQuery(PageQuery):
    first: datetime.date | None = Field(None, description="First due on this day or later; thirty days ago if missing")
    last: datetime.date | None = Field(None, description="First due on this day or earlier")
    branch_id: int | None = Field(None, ge=1, lt=2**31)
    role: str = Field("", max_length=40, pattern=Plain, description="Tasks of this role alone")


@router.get(
    "/checked-follow-ups", response={200: CheckedPageOut, **REFUSALS}, summary="Follow-ups checked with customers"
)
def list_checked(request: ApiRequest, query: Query[CheckedQuery]) -> object:
    check(request.actor, Verb.VIEW_CHECKED)
    first, last = spans.days_of(spans.USUAL, clock.today())
    asked = queries.Asked(
        query.first or first, query.last or last, clock.now(), queries.BY_VOICE, query.branch_id, role=query.role
    )
    found = paging.take(queries.by_outlet(request.actor, asked), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}
