"""What media report, over the API: the list, registering, and every step."""

import datetime
from typing import Annotated

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.crisis.api.rooms import CrisisWordsIn, Key, LongKey, Words
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import media
from guanxi.crisis.services import media as services
from guanxi.crisis.states import Medium, ReportState
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain

router = Router()


class MediaReportOut(Schema):
    """An article or a post, what was answered, and how it ended."""

    id: int
    place_id: int
    medium: Medium
    source: str
    address: str
    title: str
    day: datetime.date
    words: str
    complaint_id: int | None
    crisis_id: int | None
    state: ReportState
    made_at: datetime.datetime
    answer: str
    answered_at: datetime.datetime | None
    conclusion: str
    closed_at: datetime.datetime | None


class MediaReportPage(Schema):
    items: list[MediaReportOut]
    next: str | None


class MediaReportQuery(PageQuery):
    state: ReportState | None = None
    crisis_id: Key | None = None


class MediaReportIn(Input):
    place_id: Key
    medium: Medium
    source: Annotated[str, Field(min_length=1, max_length=120, pattern=Plain)]
    title: Annotated[str, Field(min_length=1, max_length=200, pattern=Plain)]
    day: datetime.date
    words: Words
    address: Annotated[str, Field(max_length=400, pattern=Plain)] = ""


class MediaAttachIn(Input):
    complaint_id: LongKey | None = None
    crisis_id: Key | None = None


@router.get("/reports/", response={200: MediaReportPage, **REFUSALS}, summary="List what media report")
def list_reports(request: ApiRequest, query: Query[MediaReportQuery]) -> object:
    check(request.actor, Verb.VIEW)
    wanted = query.dict(exclude_none=True, exclude={"cursor", "limit"})
    found = paging.take(media.visible_to(request.actor).filter(**wanted), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/reports/", response={201: MediaReportOut, **REFUSALS}, summary="Register an article or a post")
def register_report(request: ApiRequest, body: MediaReportIn) -> object:
    new = services.NewReport(**body.dict())
    return Status(201, services.register(actor=request.actor, new=new, at=clock.now()))


@router.post("/reports/{report_id}/attach", response={200: MediaReportOut, **REFUSALS}, summary="Put it to a crisis")
def attach_report(request: ApiRequest, report_id: int, body: MediaAttachIn) -> object:
    return services.attach(actor=request.actor, report_id=report_id, at=clock.now(), **body.dict())


@router.post("/reports/{report_id}/answer", response={200: MediaReportOut, **REFUSALS}, summary="What was answered")
def answer_report(request: ApiRequest, report_id: int, body: CrisisWordsIn) -> object:
    return services.answer(actor=request.actor, report_id=report_id, at=clock.now(), **body.dict())


@router.post("/reports/{report_id}/close", response={200: MediaReportOut, **REFUSALS}, summary="Close a report")
def close_report(request: ApiRequest, report_id: int, body: CrisisWordsIn) -> object:
    return services.close_report(actor=request.actor, report_id=report_id, at=clock.now(), **body.dict())
