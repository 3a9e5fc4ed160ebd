"""Check lists over the API: those of today, the versions of one, writing a new one and the next version of one."""

import datetime
from typing import Annotated, Literal

from ninja import Router, Schema
from pydantic import Field

from guanxi.care.models import CheckList
from guanxi.care.permissions import Verb
from guanxi.care.policy.checklists import MOST, MOST_EVERY, ON_CALL, Point
from guanxi.care.queries import checklists as queries
from guanxi.care.services import checklists as services
from guanxi.foundation import clock
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, Plain

router = Router()
Zh = Annotated[str, Field(max_length=120, pattern=Plain)]
En = Annotated[str, Field(max_length=160, pattern=Plain)]
RoleCode = Annotated[str, Field(max_length=40, pattern=Plain)]
CLOCK = r"^\d\d:\d\d$"


class ItemOut(Schema):
    code: str
    name_zh: str
    name_en: str


class CheckListOut(Schema):
    """A version of a check list; without ``weekdays`` it is due every so many working days."""

    id: int
    code: str
    node_id: int | None = Field(description="The place below which it holds; none: everywhere")
    name_zh: str
    name_en: str
    since: datetime.date
    until: datetime.date | None
    is_on: bool
    outlets: str
    weekdays: list[int] = Field(description="1 is Monday")
    every: int
    by: str = Field(pattern=CLOCK, description="Until when on the day, on the clock of the place")
    role: str
    fixer: str
    within: int
    unit: str
    is_assumed: bool
    items: list[ItemOut]


class CheckPointIn(Input):
    """One thing that is looked at; a code that the list has, or had, is the same point in other words."""

    code: str = Field("", max_length=40, pattern=Plain, description="Left out for a new point: it gets one")
    name_zh: Zh
    name_en: En


class CheckListIn(Input):
    """What a version says, and from which day on."""

    name_zh: Zh
    name_en: En
    valid_from: datetime.date
    is_on: bool = True
    outlets: Literal["ALL", "SALES", "SERVICE", "KEY"] = "ALL"
    weekdays: list[int] = Field([], max_length=7, description="1 is Monday; none: every so many working days")
    every: int = Field(1, ge=ON_CALL, le=MOST_EVERY, description="0: whenever somebody comes by, unasked")
    by: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="Until when on the day")
    role: RoleCode
    fixer: RoleCode
    within: int = Field(ge=1, le=200)
    unit: Literal["WORKING_HOURS", "WORKING_DAYS"]
    assumed_zh: str = Field("", max_length=200, pattern=Plain)
    assumed_en: str = Field("", max_length=300, pattern=Plain)
    items: list[CheckPointIn] = Field(max_length=MOST)

    def wording(self) -> services.Wording:
        own = {"weekdays", "by", "role", "fixer", "items", "valid_from", "code", "node_id"}
        values = self.dict(exclude=own) | {
            "weekdays": sorted(set(self.weekdays)), "by": datetime.time.fromisoformat(self.by), "role_id": self.role,
            "fixer_id": self.fixer, "is_assumed": bool(self.assumed_zh),
        }  # fmt: skip
        points = [Point(item.code, item.name_zh, item.name_en) for item in self.items]
        return services.Wording(values, points, self.valid_from)


class NewCheckListIn(CheckListIn):
    """A list that does not exist yet."""

    code: str = Field(max_length=40, pattern=Plain, description="That of a place's own list begins with x_")
    node_id: int | None = Field(None, ge=1, lt=2**31, description="Where it holds; none: everywhere")


def _said(row: CheckList) -> dict[str, object]:
    own = [name for name in CheckListOut.model_fields if name not in {"role", "fixer", "items", "by"}]
    told = {
        "role": row.role_id, "fixer": row.fixer_id, "items": list(row.items.all()),
        "by": f"{row.by:%H:%M}",
    }  # fmt: skip
    return {name: getattr(row, name) for name in own} | told


@router.get("/check-lists", response={200: list[CheckListOut], **REFUSALS}, summary="List the check lists of today")
def list_check_lists(request: ApiRequest) -> object:
    check(request.actor, Verb.VIEW_ROUNDS)
    return [_said(row) for row in queries.in_force(request.actor, clock.today())]


@router.get(
    "/check-lists/{check_code}", response={200: list[CheckListOut], **REFUSALS},
    summary="The versions of a check list, the newest first",
)  # fmt: skip
def list_check_list_versions(request: ApiRequest, check_code: str) -> object:
    check(request.actor, Verb.VIEW_ROUNDS)
    return [_said(row) for row in queries.versions(request.actor, check_code)]


@router.post("/check-lists", response={200: CheckListOut, **REFUSALS}, summary="Write a new check list")
def add_check_list(request: ApiRequest, body: NewCheckListIn) -> object:
    row = services.add_check_list(
        actor=request.actor, code=body.code, node_id=body.node_id, wording=body.wording(), at=clock.now()
    )
    return _said(queries.check_list(request.actor, row.pk))


@router.put(
    "/check-lists/{check_code}", response={200: CheckListOut, **REFUSALS},
    summary="Write the next version of a check list",
)  # fmt: skip
def change_check_list(request: ApiRequest, check_code: str, body: CheckListIn) -> object:
    check(request.actor, Verb.CHANGE_CHECK_LISTS)
    row = queries.last(request.actor, check_code)
    made = services.change_check_list(actor=request.actor, list_id=row.pk, wording=body.wording(), at=clock.now())
    return _said(queries.check_list(request.actor, made.pk))
