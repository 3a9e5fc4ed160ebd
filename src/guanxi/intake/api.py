"""Imports over the API: the same steps as the pages. A file comes as multipart/form-data, or small in JSON."""

import base64
import datetime
import io
from typing import Annotated, Any, BinaryIO, Literal, cast

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Schema, Status
from pydantic import Field, ValidationError

from guanxi.foundation import clock, pages, paging
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Invalid, Problem
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, Plain
from guanxi.intake import queries
from guanxi.intake.models import Run
from guanxi.intake.permissions import Verb
from guanxi.intake.services import findings, merging, receiving, rejects, undoing
from guanxi.intake.services.staging import choices

router = Router()
Key = Annotated[int, Field(ge=1, lt=2**31)]
LARGEST = 50 * 1024 * 1024


class ChoiceIn(Input):
    """What the columns of a file are; what is not said is as proposed."""

    sheet: int | None = Field(default=None, ge=0, lt=1000)
    header_row: int | None = Field(default=None, ge=0, lt=10_000_000)
    kind: str | None = Field(default=None, max_length=20, pattern=r"^[a-z_]+$")
    mapping: dict[str, int] | None = Field(default=None, description="Field -> column, counted from 0")


class RunIn(ChoiceIn):
    place_id: int = Field(ge=1, lt=2**31, description="The outlet; or a place above the outlets that a column names")
    source: str = Field(min_length=1, max_length=40, pattern=Plain, description="The name of the system")
    name: str = Field(min_length=1, max_length=200, pattern=Plain, description="The name of the file")
    content: str = Field(description="The file in base64; a file of more than 3 MB is sent as multipart/form-data")


class RunOut(Schema):
    id: int
    at: datetime.datetime
    person_name: str
    place_id: int
    source: str
    file_name: str
    size: int
    kind: str
    sheet: int
    header_row: int
    mapping: dict[str, int]
    state: str
    problem: str
    counts: dict[str, Any]
    merged_at: datetime.datetime | None
    undone_at: datetime.datetime | None


class RunPage(Schema):
    items: list[RunOut]
    next: str | None = Field(description="The cursor of the next page; null on the last")


class FindingOut(Schema):
    row: int
    field: str
    heading: str
    level: str
    code: str
    message: str
    original: str


class FindingPage(Schema):
    items: list[FindingOut]
    next: str | None


class Asked(Schema):
    cursor: str | None = Field(default=None, max_length=200)
    limit: int = Field(default=50, ge=1, le=200)


class FindingsAsked(Asked):
    level: Literal["reject", "warn", "note", "ignore"] | None = None


_FORM = {
    "type": "object", "required": ["place_id", "source", "file"],
    "properties": {
        "place_id": {"type": "integer"}, "source": {"type": "string"}, "kind": {"type": "string"},
        "file": {"type": "string", "format": "binary"},
    },
}  # fmt: skip
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": RunIn.model_json_schema()}, "multipart/form-data": {"schema": _FORM},
        },
    }
}  # fmt: skip


@router.post(
    "/runs", response={201: RunOut, **REFUSALS}, openapi_extra=BODY,
    summary="Send a file; with all required columns it is checked at once",
)  # fmt: skip
def add_run(request: ApiRequest) -> Any:
    check(request.actor, Verb.IMPORT_FILE)
    given, name, content = _received(request)
    run = receiving.add_run(
        actor=request.actor, place_id=given.place_id, source=given.source, name=name, content=content, at=clock.now(),
        day=clock.today(),
    )  # fmt: skip
    if not choices.lacking(run, given.kind or run.kind, given.mapping or run.mapping):
        run = _choose(request, run, given)
    return Status(201, run)


def _received(request: ApiRequest) -> tuple[RunIn, str, BinaryIO]:
    """Return what was sent, in either form.

    :raises Invalid: something is missing or too large.
    """
    is_form = (request.content_type or "").startswith("multipart/")
    file = request.FILES.get("file") if is_form else None
    if is_form and file is None:
        raise Invalid(_("Send the file as “file”."), field="file")
    try:
        if file is not None:
            fields = {key: value for key, value in request.POST.items() if key in {"place_id", "source", "kind"}}
            given = RunIn.model_validate({**fields, "name": file.name, "content": ""})
        else:
            given = RunIn.model_validate_json(request.body)
        content = file if file is not None else io.BytesIO(base64.b64decode(given.content, validate=True))
    except ValidationError as error:
        problems = [Problem(item["msg"], ".".join(map(str, item["loc"]))) for item in error.errors()]
        raise Invalid(problems=problems, field=problems[0].field) from error
    except ValueError as error:
        raise Invalid(_("This is not base64."), field="content") from error
    if file is not None and (file.size or 0) > LARGEST:
        raise Invalid(_("The file is larger than %(most)s MB.") % {"most": LARGEST // 1024**2}, field="file")
    return given, given.name, cast("BinaryIO", content)


def _choose(request: ApiRequest, run: Run, given: ChoiceIn) -> Run:
    kind = given.kind or run.kind
    sheet = run.sheet if given.sheet is None else given.sheet
    header_row = run.header_row if given.header_row is None else given.header_row
    mapping = run.mapping if given.mapping is None else given.mapping
    return receiving.choose_columns(
        actor=request.actor,
        run_id=run.pk,
        sheet=sheet,
        header_row=header_row,
        kind=kind,
        mapping=mapping,
        at=clock.now(),
    )


@router.get("/runs", response={200: RunPage, **REFUSALS}, summary="List visible imports")
def list_runs(request: ApiRequest, asked: Query[Asked]) -> Any:
    check(request.actor, Verb.VIEW)
    found = paging.take(queries.visible_to(request.actor), asked.cursor, asked.limit)
    return {"items": found.rows, "next": found.next}


@router.get("/runs/{import_id}", response={200: RunOut, **REFUSALS}, summary="One import with its counts")
def get_run(request: ApiRequest, import_id: Key) -> Any:
    return queries.run(request.actor, import_id)


@router.get("/runs/{import_id}/findings", response={200: FindingPage, **REFUSALS}, summary="What was found in its rows")
def list_findings(request: ApiRequest, import_id: Key, asked: Query[FindingsAsked]) -> Any:
    rows = queries.findings(queries.run(request.actor, import_id))
    rows = rows.filter(level=asked.level) if asked.level else rows
    found = paging.take(rows, asked.cursor, asked.limit)
    items = [
        {**{name: getattr(row, name) for name in FindingOut.model_fields if name != "message"},
         "message": str(findings.message(row.code))}
        for row in found.rows
    ]  # fmt: skip
    return {"items": items, "next": found.next}


@router.get("/runs/{import_id}/rejects", summary="The rejected rows as a file", response={200: None, **REFUSALS})
def get_rejects(request: ApiRequest, import_id: Key, kind: Literal["csv", "xlsx"] = "csv") -> HttpResponse:
    file = rejects.export_rejects(actor=request.actor, run_id=import_id, kind=kind)
    return pages.download(file)


@router.post("/runs/{import_id}/columns", response={200: RunOut, **REFUSALS}, summary="Say what the columns are; check")
def choose_columns(request: ApiRequest, import_id: Key, given: ChoiceIn) -> Any:
    return _choose(request, queries.run(request.actor, import_id), given)


@router.post("/runs/{import_id}/merge", response={200: RunOut, **REFUSALS}, summary="Write a checked import")
def merge_run(request: ApiRequest, import_id: Key) -> Any:
    return merging.start_merge(actor=request.actor, run_id=import_id)


@router.post("/runs/{import_id}/undo", response={200: RunOut, **REFUSALS}, summary="Undo a written import")
def undo_run(request: ApiRequest, import_id: Key) -> Any:
    return undoing.start_undo(actor=request.actor, run_id=import_id)


@router.post("/runs/{import_id}/drop", response={204: None, **REFUSALS}, summary="Drop an import that was not written")
def drop_run(request: ApiRequest, import_id: Key) -> Any:
    receiving.drop_run(actor=request.actor, run_id=import_id)
    return Status(204, None)
