"""Weekly meetings over the API: call, decide, file, want a question; put it into a script or decline it."""

import datetime
from typing import Annotated

from ninja import Query, Router, Schema
from pydantic import Field

from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import meetings
from guanxi.complaints.services import meeting, questions
from guanxi.complaints.services.meeting import Measure, Minutes
from guanxi.complaints.services.questions import Asked
from guanxi.contact_centre.states import QuestionKind
from guanxi.foundation import clock, paging
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, PageQuery, Plain

router = Router()
Words = Annotated[str, Field(min_length=1, max_length=1000, pattern=Plain)]
Line = Annotated[str, Field(min_length=1, max_length=300, pattern=Plain)]
Perhaps = Annotated[str, Field(max_length=1000, pattern=Plain)]


class MeetingOut(Schema):
    """The meeting of an outlet about the complaints of a week; ``week`` is its Monday."""

    id: int
    place_id: int
    week: datetime.date
    angle: str
    held_on: datetime.date | None
    chair: str
    attendants: str
    words: str
    filed_at: datetime.datetime | None


class AgendaPointOut(Schema):
    """A complaint on the agenda, and what is done about it."""

    id: int
    complaint_id: int
    cause: str
    measure: str
    person_id: int | None
    due_on: datetime.date | None


class WholeMeetingOut(MeetingOut):
    points: list[AgendaPointOut]


class MeetingsOut(Schema):
    items: list[MeetingOut]
    next: str | None


class WantedOut(Schema):
    """What a meeting wants every customer to be asked."""

    id: int
    meeting_id: int
    text: str
    state: str
    script: str
    reason: str


class WantedPage(Schema):
    items: list[WantedOut]
    next: str | None


class CallMeetingIn(Input):
    place_id: int
    week: datetime.date = Field(description="Any day of the week")
    angle: str = ""


class MinutesIn(Input):
    held_on: datetime.date
    chair: Annotated[str, Field(min_length=1, max_length=160, pattern=Plain)]
    attendants: Words
    words: Annotated[str, Field(max_length=2000, pattern=Plain)] = ""


class MeasureIn(Input):
    measure: Words
    cause: Perhaps = ""
    person_id: int | None = None
    due_on: datetime.date | None = None


class WantIn(Input):
    text: Line
    category: str = ""


class TakeIn(Input):
    script: Annotated[str, Field(max_length=40)]
    kind: QuestionKind
    text_zh: Line
    text_en: Line


class WhyIn(Input):
    reason: Words


def _whole(request: ApiRequest, pk: int) -> dict[str, object]:
    row = meetings.meeting(request.actor, pk)
    return {name: getattr(row, name) for name in MeetingOut.model_fields} | {"points": meetings.agenda(row)}


@router.get("/", response={200: MeetingsOut, **REFUSALS}, summary="Weekly meetings")
def list_meetings(request: ApiRequest, query: Query[PageQuery]) -> object:
    check(request.actor, Verb.VIEW)
    found = paging.take(meetings.visible_to(request.actor), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/", response={200: WholeMeetingOut, **REFUSALS}, summary="Call the meeting of a week")
def call_meeting(request: ApiRequest, body: CallMeetingIn) -> object:
    row = meeting.call_meeting(actor=request.actor, at=clock.now(), **body.dict())
    return _whole(request, row.pk)


@router.get("/questions", response={200: WantedPage, **REFUSALS}, summary="Wanted questions")
def list_wanted(request: ApiRequest, query: Query[PageQuery]) -> object:
    check(request.actor, Verb.VIEW)
    found = paging.take(meetings.questions(request.actor), query.cursor, query.limit)
    return {"items": found.rows, "next": found.next}


@router.post("/questions/{wanted_id}/take", response={200: WantedOut, **REFUSALS}, summary="Put it into a script")
def take_question(request: ApiRequest, wanted_id: int, body: TakeIn) -> object:
    return questions.take_question(
        actor=request.actor, question_id=wanted_id, asked=Asked(**body.dict()), at=clock.now()
    )  # fmt: skip


@router.post("/questions/{wanted_id}/decline", response={200: WantedOut, **REFUSALS}, summary="Say why not")
def decline_question(request: ApiRequest, wanted_id: int, body: WhyIn) -> object:
    return questions.decline_question(actor=request.actor, question_id=wanted_id, at=clock.now(), **body.dict())


@router.get("/{meeting_id}", response={200: WholeMeetingOut, **REFUSALS}, summary="A weekly meeting with its agenda")
def get_meeting(request: ApiRequest, meeting_id: int) -> object:
    check(request.actor, Verb.VIEW)
    return _whole(request, meeting_id)


@router.post("/{meeting_id}/minutes", response={200: MeetingOut, **REFUSALS}, summary="Who met and when")
def write_minutes(request: ApiRequest, meeting_id: int, body: MinutesIn) -> object:
    return meeting.write_minutes(
        actor=request.actor, meeting_id=meeting_id, minutes=Minutes(**body.dict()), at=clock.now()
    )  # fmt: skip


@router.post(
    "/{meeting_id}/points/{agenda_id}", response={200: AgendaPointOut, **REFUSALS}, summary="What is done about it"
)
def decide_measure(request: ApiRequest, meeting_id: int, agenda_id: int, body: MeasureIn) -> object:
    return meeting.decide_measure(
        actor=request.actor, meeting_id=meeting_id, point_id=agenda_id, measure=Measure(**body.dict())
    )  # fmt: skip


@router.post(
    "/{meeting_id}/points/{agenda_id}/strike", response={200: WholeMeetingOut, **REFUSALS}, summary="Strike it"
)
def strike_point(request: ApiRequest, meeting_id: int, agenda_id: int, body: WhyIn) -> object:
    meeting.strike(actor=request.actor, meeting_id=meeting_id, point_id=agenda_id, reason=body.reason)
    return _whole(request, meeting_id)


@router.post("/{meeting_id}/questions", response={200: WantedOut, **REFUSALS}, summary="Want a question to everybody")
def want_question(request: ApiRequest, meeting_id: int, body: WantIn) -> object:
    return questions.want_question(actor=request.actor, meeting_id=meeting_id, at=clock.now(), **body.dict())


@router.post("/{meeting_id}/file", response={200: MeetingOut, **REFUSALS}, summary="File the minutes")
def file_meeting(request: ApiRequest, meeting_id: int) -> object:
    return meeting.file_meeting(actor=request.actor, meeting_id=meeting_id, at=clock.now())
