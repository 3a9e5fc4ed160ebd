"""The standard of customer information over the API: what must be asked for, and publishing a new version."""

import datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema, Status
from pydantic import Field

from guanxi.customers import policy, queries
from guanxi.customers.models import Standard
from guanxi.customers.services import standards
from guanxi.foundation import clock
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input

router = Router()
Percent = Annotated[int, Field(ge=0, le=100)]
Days = Annotated[int, Field(ge=1, le=3650)]
FieldName = Literal[
    "NAME", "PHONE", "EMAIL", "WECHAT", "GENDER", "BIRTHDAY", "IDENTITY", "ADDRESS", "INDUSTRY", "OCCUPATION",
    "HOBBIES", "CHANNEL", "SOURCE", "CONSULTANT",
]  # fmt: skip


class AskIn(Input):
    """What is said of one field; a field that is not named is optional."""

    kind: Literal["PERSON", "COMPANY"]
    field: FieldName
    binding: Literal["REQUIRED", "EXPECTED", "OPTIONAL"]
    weight: Percent = 0
    applies_from: Literal["POTENTIAL", "BASE", "OWNER"] = "POTENTIAL"


class StandardNumbers(Schema):
    """What the marks of a record weigh, together a hundred, and two spans of days."""

    complete: Percent
    valid: Percent
    fresh: Percent
    unique: Percent
    proven: Percent
    fresh_days: Days
    stale_days: Days


class StandardIn(Input, StandardNumbers):
    valid_from: datetime.date
    note: str = Field(default="", max_length=200, pattern=r"^[^\x00]*$")
    fields: list[AskIn] = Field(max_length=50)


class AskOut(Schema):
    kind: str
    field: str
    binding: str
    weight: int
    applies_from: str


class StandardVersion(Schema):
    """A version, without what it says."""

    id: int
    valid_from: datetime.date
    note: str
    source: str
    person_name: str


class StandardOut(StandardVersion, StandardNumbers):
    fields: list[AskOut]


class StandardQuery(Schema):
    on: datetime.date | None = Field(None, description="As of this day; today if absent")


def _out(row: Standard) -> dict[str, Any]:
    rules = queries.rules(row)
    return {
        **{name: getattr(row, name) for name in StandardVersion.model_fields},
        **rules.numbers,
        "fields": rules.asks,
    }


@router.get("", response={200: StandardOut, **REFUSALS}, summary="The standard as of a day: what must be asked for")
def get_standard(request: ApiRequest, query: Query[StandardQuery]) -> Any:
    return _out(queries.standard_on(request.actor, query.on or clock.today()))


@router.get("/versions", response={200: list[StandardVersion], **REFUSALS}, summary="All versions, the newest first")
def list_standards(request: ApiRequest) -> Any:
    return queries.standards(request.actor)


@router.post("", response={201: StandardOut, **REFUSALS}, summary="Publish a version that holds from a day on")
def publish_standard(request: ApiRequest, given: StandardIn) -> Any:
    numbers = {name: getattr(given, name) for name in StandardNumbers.model_fields}
    rules = policy.Rules(numbers, tuple(policy.Ask(**ask.model_dump()) for ask in given.fields))
    made = standards.publish_standard(
        actor=request.actor, rules=rules, valid_from=given.valid_from, note=given.note, at=clock.now()
    )
    return Status(201, _out(made))
