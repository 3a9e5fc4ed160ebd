"""Call scripts over the API: those in force, and drafts that one writes and another approves."""

import datetime
from typing import Annotated, Any, Literal

from ninja import Router, Schema, Status
from pydantic import Field

from guanxi.contact_centre.queries import calls as queries
from guanxi.contact_centre.services import scripting
from guanxi.foundation import clock
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input, Plain

router = Router()
Code = Annotated[str, Field(min_length=1, max_length=40, pattern=Plain)]
Said = Annotated[str, Field(max_length=400, pattern=Plain)]


class ScriptOptionIn(Input):
    code: Code
    zh: Said
    en: Said


class ScriptBranchIn(Input):
    """Asked only if an earlier question has one of these answers."""

    question: Code
    answers: list[Annotated[str, Field(max_length=40, pattern=Plain)]] = Field(max_length=20)


class ScriptQuestionIn(Input):
    """One thing to ask or to say."""

    key: Code
    kind: Literal["YES_NO", "CHOICE", "SCALE", "TEXT", "NOTICE"]
    text_zh: Said
    text_en: Said
    hint_zh: Said = ""
    hint_en: Said = ""
    mandatory: bool = False
    options: list[ScriptOptionIn] = Field([], max_length=20)
    when: ScriptBranchIn | None = None
    judges: Literal["", "CONSULTANT", "ADVISOR"] = Field("", description="Whose work the answer judges")
    points: dict[Annotated[str, Field(max_length=40, pattern=Plain)], Annotated[int, Field(ge=0, le=100)]] = Field(
        {}, description="Points of a hundred for an answer; a number of a scale is ten points each", max_length=20
    )


class ScriptIn(Input):
    """What a script says; it is a draft until somebody else approves it."""

    name_zh: Annotated[str, Field(max_length=120, pattern=Plain)]
    name_en: Annotated[str, Field(max_length=160, pattern=Plain)]
    fits: list[Annotated[str, Field(max_length=60, pattern=Plain)]] = Field(max_length=40)
    questions: list[ScriptQuestionIn] = Field(max_length=40)
    valid_from: datetime.date


class ScriptOut(Schema):
    """A version of a script."""

    id: int
    code: str
    name_zh: str
    name_en: str
    since: datetime.date
    until: datetime.date | None
    fits: list[str]
    questions: list[dict[str, Any]]
    source: str = Field(description="The preset that it came with; empty when a person wrote it")
    written_by: str
    approved_by: str


class ScriptDraftOut(Schema):
    id: int
    code: str
    name_zh: str
    name_en: str
    valid_from: datetime.date
    fits: list[str]
    questions: list[dict[str, Any]]
    written_by: str
    written_at: datetime.datetime


@router.get("/scripts", response={200: list[ScriptOut], **REFUSALS}, summary="Scripts in force")
def list_scripts(request: ApiRequest) -> object:
    return queries.scripts_seen(request.actor, clock.today())


@router.put("/scripts/{script_code}/draft", response={200: ScriptDraftOut, **REFUSALS}, summary="Write a script")
def write_script(request: ApiRequest, script_code: str, body: ScriptIn) -> object:
    values = body.dict(exclude={"questions"})
    questions = [question.dict(exclude_defaults=True) for question in body.questions]
    wording = scripting.Wording(questions=questions, **values)
    return scripting.write_script(actor=request.actor, code=script_code, wording=wording, at=clock.now())


@router.post("/script-drafts/{draft_id}/approve", response={200: ScriptOut, **REFUSALS}, summary="Approve a script")
def approve_script(request: ApiRequest, draft_id: int) -> object:
    return scripting.approve_script(actor=request.actor, draft_id=draft_id, at=clock.now())


@router.delete("/script-drafts/{draft_id}", response={204: None, **REFUSALS}, summary="Discard a draft")
def discard_script(request: ApiRequest, draft_id: int) -> object:
    scripting.discard_script(actor=request.actor, draft_id=draft_id)
    return Status(204, None)
