"""What customers say of the work of consultants and advisors, over the API."""

import datetime
from collections.abc import Sequence
from typing import Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, PageQuery
from guanxi.insight.policy import periods
from guanxi.insight.queries import scores as queries
from guanxi.worklist.permissions import Verb

router = Router()


class QuestionScoreOut(Schema):
    """What one question came to."""

    script: str
    key: str
    text: str
    answers: int
    score: int


class PersonScoreOut(Schema):
    """What customers said of the work of one person in the days asked for."""

    id: int
    judged: str
    outlet_id: int
    person_id: int | None = Field(description="Null for who is known by name alone")
    name: str
    answered: int = Field(description="Questionnaires with at least one answer that judges the person")
    score: int = Field(description="Average of all answers, in points of a hundred")
    is_few: bool = Field(description="Fewer than five questionnaires: the average says little")
    questions: Sequence[QuestionScoreOut]


class PersonScorePage(Schema):
    items: list[PersonScoreOut]
    next: str | None


class PersonScoreQuery(PageQuery):
    first: datetime.date | None = Field(None, description="Asked on this day or later; the present quarter if missing")
    last: datetime.date | None = Field(None, description="Asked on this day or earlier")
    judged: Literal["CONSULTANT", "ADVISOR"] | None = None
    branch_id: int | None = Field(None, ge=1, lt=2**31)
    outlet_id: int | None = Field(None, ge=1, lt=2**31)


@router.get("/scores", response={200: PersonScorePage, **REFUSALS}, summary="Scores of people from call-backs")
def list_person_scores(request: ApiRequest, query: Query[PersonScoreQuery]) -> object:
    actor = request.actor
    check(actor, Verb.VIEW_TEAM)
    first, last = periods.days_of(periods.quarter(clock.today()))
    asked = queries.Asked(
        query.first or first, query.last or last, query.judged or "", query.branch_id, query.outlet_id
    )
    found = paging.take(queries.by_person(actor, asked), query.cursor, query.limit)
    own = queries.ratings(actor, asked).filter(rated_id__in=[row.pk for row in found.rows])
    by_person = queries.by_question_of(own, by="rated_id")
    return {"items": [_said(row, by_person[row.pk]) for row in found.rows], "next": found.next}


def _said(row: Any, questions: Sequence[queries.QuestionScore]) -> dict[str, object]:
    names = ("id", "judged", "outlet_id", "person_id", "name", "answered", "score")
    told = {name: getattr(row, name) for name in names}
    return told | {"is_few": row.answered < queries.FEW, "questions": questions}
