"""What all API routers share: the typed request, the page of a list, the shape of a refusal."""

from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

from guanxi.foundation.errors import DomainError
from guanxi.foundation.pages import Request as ApiRequest

__all__ = ["REFUSALS", "ApiRequest", "Fault", "Input", "Refusal", "refusal_body"]


class Input(Schema):
    """What a caller sends: unknown fields are refused, texts are trimmed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


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
