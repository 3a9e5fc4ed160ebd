"""Code lists over the API: the same verbs as the pages."""

import datetime
from typing import Annotated

from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from guanxi.codelists import policy, queries, services
from guanxi.codelists.models import Code
from guanxi.codelists.permissions import Verb
from guanxi.codelists.states import Standing
from guanxi.foundation import clock
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input

router = Router()

ListCode = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,49}$")]
CodeId = Annotated[int, Path(ge=1, lt=2**63)]
CodeText = Annotated[str, Field(min_length=1, max_length=38, pattern=r"^[A-Z0-9][A-Z0-9_]*$")]
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*$")]
Under = Annotated[str, Field(max_length=40, pattern=r"^[A-Z0-9_]*$")]
Position = Annotated[int, Field(ge=0, le=100_000)]
Word = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class ListOut(Schema):
    """A code list with the numbers of codes that hold on the day."""

    code: str
    name_zh: str
    name_en: str
    is_extensible: bool
    is_hierarchical: bool
    expected_levels: list[int] | None
    source: str
    central: int
    local: int


class CodeOut(Schema):
    """A code as it is worded on the day."""

    id: int
    code: str
    name_zh: str
    name_en: str
    parent_id: int | None
    level: int
    position: int
    attributes: dict[str, str]
    valid_from: datetime.date
    valid_to: datetime.date | None
    standing: Standing
    node_id: int | None
    source: str


class ListDetail(Schema):
    code: str
    name_zh: str
    name_en: str
    on: datetime.date
    codes: list[CodeOut]


class DayQuery(Schema):
    on: datetime.date | None = Field(None, description="As of this day; today if absent")


class CodesQuery(DayQuery):
    node_id: int | None = Field(None, ge=1, lt=2**31, description="Only extensions of this place and those above it")
    with_others: bool = Field(default=False, description="Also codes that do not hold on the day")


class CodeIn(Input):
    code: CodeText
    name_zh: Name
    name_en: Name
    valid_from: datetime.date
    parent: Under = ""
    position: Position = 0


class CentralCodeIn(CodeIn):
    attributes: dict[Word, Word] = Field(default_factory=dict, max_length=50)


class ExtensionIn(CodeIn):
    node_id: int = Field(ge=1, lt=2**31)


class RenameIn(Input):
    name_zh: Name
    name_en: Name
    on: datetime.date


class RetireIn(Input):
    on: datetime.date


class PlaceIn(Input):
    parent: Under = ""
    position: Position


@router.get("", response={200: list[ListOut], **REFUSALS}, summary="List the code lists")
def list_lists(request: ApiRequest, query: Query[DayQuery]) -> object:
    check(request.actor, Verb.VIEW)
    rows = queries.counted(queries.visible_to(request.actor), query.on or clock.today())
    return list(rows.order_by("code"))


@router.get("/{list_code}", response={200: ListDetail, **REFUSALS}, summary="One list as of a day")
def get_list(request: ApiRequest, list_code: ListCode, query: Query[CodesQuery]) -> object:
    found = queries.one_list(request.actor, list_code)
    on = query.on or clock.today()
    codes = queries.codes(request.actor, list_code, on, query.node_id, with_others=query.with_others)
    return {"code": found.code, "name_zh": found.name_zh, "name_en": found.name_en, "on": on, "codes": codes}


def _out(row: Code, on: datetime.date) -> dict[str, object]:
    says = queries.said(row, on)
    values: dict[str, object] = {name: getattr(row, name) for name in CodeOut.model_fields if name != "standing"}
    standing = policy.standing(row.valid_from, row.valid_to, on)
    return values | {"name_zh": says.zh, "name_en": says.en, "standing": standing}


@router.post("/{list_code}/codes", response={201: CodeOut, **REFUSALS}, summary="Add a central code")
def add_code(request: ApiRequest, list_code: ListCode, body: CentralCodeIn) -> object:
    row = services.add_code(actor=request.actor, list_code=list_code, **body.dict())
    return Status(201, _out(row, clock.today()))


@router.post("/{list_code}/extensions", response={201: CodeOut, **REFUSALS}, summary="Add an outlet's own code")
def extend_list(request: ApiRequest, list_code: ListCode, body: ExtensionIn) -> object:
    row = services.extend_list(actor=request.actor, list_code=list_code, **body.dict())
    return Status(201, _out(row, clock.today()))


@router.patch("/codes/{code_id}", response={200: CodeOut, **REFUSALS}, summary="Rename a code from a day on")
def rename_code(request: ApiRequest, code_id: CodeId, body: RenameIn) -> object:
    services.rename_code(actor=request.actor, code_id=code_id, at=clock.today(), **body.dict())
    return _out(queries.one_code(request.actor, code_id), body.on)


@router.post("/codes/{code_id}/retire", response={200: CodeOut, **REFUSALS}, summary="Retire a code from a day on")
def retire_code(request: ApiRequest, code_id: CodeId, body: RetireIn) -> object:
    row = services.retire_code(actor=request.actor, code_id=code_id, on=body.on, at=clock.today())
    return _out(row, body.on)


@router.post("/codes/{code_id}/reinstate", response={200: CodeOut, **REFUSALS}, summary="Reinstate a retired code")
def reinstate_code(request: ApiRequest, code_id: CodeId) -> object:
    return _out(services.reinstate_code(actor=request.actor, code_id=code_id), clock.today())


@router.put("/codes/{code_id}/place", response={200: CodeOut, **REFUSALS}, summary="Move a code in its list")
def move_code(request: ApiRequest, code_id: CodeId, body: PlaceIn) -> object:
    row = services.move_code(actor=request.actor, code_id=code_id, **body.dict())
    return _out(row, clock.today())
