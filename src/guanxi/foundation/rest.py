"""What all API routers share: the typed request, the page of a list, a secret that is shown once, the shape of a
refusal.
"""

import base64
import datetime
import json
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, ValidationError

from guanxi.foundation.errors import DomainError, Invalid, Problem
from guanxi.foundation.pages import Request as ApiRequest

__all__ = [
    "FILE_BODY",
    "REFUSALS",
    "ApiRequest",
    "Fault",
    "FileIn",
    "Input",
    "Moment",
    "PageQuery",
    "Refusal",
    "ShownOnce",
    "refusal_body",
    "sent_file",
    "without_secret",
]


def _in_utc(at: datetime.datetime) -> datetime.datetime:
    """Return a moment in UTC: PostgreSQL knows no offsets of sixteen hours and more.

    :raises ValueError: it lies before the first year or after the last.
    """
    try:
        return at.astimezone(datetime.UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment that a caller sends, with its offset."""


Plain = r"^[^\x00]*$"  # what PostgreSQL can store or compare: no zero byte


class Input(Schema):
    """What a caller sends: unknown fields are refused, texts are trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class PageQuery(Schema):
    """Which run of a list is asked for."""

    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=200)


class ShownOnce(Schema):
    """An answer with a secret that nobody can read again: what is kept for a repeated call goes without it."""

    secret: str | None = Field(
        description="Shown only now; null when the answer is repeated under its Idempotency-Key: then make a new one"
    )


def without_secret(body: str) -> str:
    """Return the JSON text of an answer without the secret of ``ShownOnce``; any other text as it is."""
    values = json.loads(body) if '"secret"' in body else None
    if not isinstance(values, dict) or "secret" not in values:
        return body
    return json.dumps(values | {"secret": None}, ensure_ascii=False)


class FileIn(Input):
    """A small file in JSON; one of more than 3 MB is sent as multipart/form-data."""

    name: str = Field(min_length=1, max_length=200, pattern=Plain)
    content: str = Field(description="The file in base64")
    note: str = Field("", max_length=400, pattern=Plain)


_FORM = {
    "type": "object", "properties": {"file": {"type": "string", "format": "binary"}, "note": {"type": "string"}},
    "required": ["file"],
}  # fmt: skip
FILE_BODY: dict[str, Any] = {"requestBody": {
    "required": True,
    "content": {
        "application/json": {"schema": FileIn.model_json_schema()}, "multipart/form-data": {"schema": _FORM},
    },
}}  # fmt: skip


def sent_file(request: ApiRequest, most: int) -> tuple[str, bytes, str]:
    """Return the name, the content and the note of a file, from a form or from JSON; of one larger than ``most``, as
    much as shows it.

    :raises Invalid: something is missing, or is no base64.
    """
    if (request.content_type or "").startswith("multipart/"):
        file = request.FILES.get("file")
        if file is None:
            raise Invalid(_("Send the file as “file”."), field="file")
        return str(file.name), file.read(most + 1), request.POST.get("note", "").replace("\x00", "")
    try:
        given = FileIn.model_validate_json(request.body)
        return given.name, base64.b64decode(given.content, validate=True), given.note
    except ValidationError as error:
        problems = [Problem(item["msg"], ".".join(map(str, item["loc"]))) for item in error.errors()]
        raise Invalid(problems=problems, field=problems[0].field) from error
    except ValueError as error:
        raise Invalid(_("This is not base64."), field="content") from error


class Fault(Schema):
    """One thing wrong, and where."""

    field: str = ""
    message: str


class Refusal(Schema):
    """A problem document (RFC 9457)."""

    type: str = Field(description="A stable word for the kind of refusal")
    title: str
    status: int
    detail: str
    errors: list[Fault] = Field(default_factory=list)


REFUSALS: dict[Any, Any] = {frozenset({400, 401, 403, 404, 409, 422, 429}): Refusal}


def refusal_body(error: DomainError) -> dict[str, Any]:
    """Return a refusal as a problem document."""
    return {
        "type": error.code,
        "title": str(error.title),
        "status": error.status,
        "detail": str(error.message),
        "errors": [{"field": item.field, "message": str(item.message)} for item in error.problems],
    }
