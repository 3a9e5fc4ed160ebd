"""Weather notices over the API: a program of the weather service feeds them."""

import datetime
from typing import Literal

from ninja import Router, Schema, Status
from pydantic import Field

from guanxi.care.permissions import Verb
from guanxi.care.queries import notices as queries
from guanxi.care.services import notices as services
from guanxi.care.states.weather import Level, Weather
from guanxi.foundation import clock
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, Plain

router = Router()


class NoticeOut(Schema):
    """A weather notice. ``region``: two digits for a province, four for a city, empty for anywhere."""

    id: int
    kind: str
    level: str
    node_id: int | None
    region: str
    starts_on: datetime.date
    ends_on: datetime.date
    words_zh: str
    words_en: str
    author: str
    withdrawn_at: datetime.datetime | None


class NoticeIn(Input):
    kind: Weather
    level: Level | Literal[""] = ""
    node_id: int | None = Field(None, ge=1, lt=2**31)
    region: str = Field("", pattern=r"^([0-9]{2}|[0-9]{4})?$")
    starts_on: datetime.date
    ends_on: datetime.date
    words_zh: str = Field("", max_length=300, pattern=Plain)
    words_en: str = Field("", max_length=400, pattern=Plain)


@router.get("/notices", response={200: list[NoticeOut], **REFUSALS}, summary="The newest weather notices")
def list_notices(request: ApiRequest) -> object:
    check(request.actor, Verb.VIEW_RULES)
    return queries.newest(request.actor)


@router.post("/notices", response={201: NoticeOut, **REFUSALS}, summary="Give a weather notice")
def give_notice(request: ApiRequest, body: NoticeIn) -> object:
    values = body.dict()
    node = values.pop("node_id")
    notice = services.NewNotice(**values)
    return Status(201, services.give_notice(actor=request.actor, node_id=node, notice=notice, at=clock.now()))


@router.delete("/notices/{notice_id}", response={200: NoticeOut, **REFUSALS}, summary="Withdraw a weather notice")
def withdraw_notice(request: ApiRequest, notice_id: int) -> object:
    return services.withdraw_notice(actor=request.actor, notice_id=notice_id, at=clock.now())
