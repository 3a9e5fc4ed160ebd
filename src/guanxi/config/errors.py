"""What people see when something is refused or fails: never a stack trace, always what to do next.

The pages need neither the database nor the shell, so that they appear when nothing else works.
"""

import json
import sys
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from guanxi.foundation import pages
from guanxi.foundation.errors import DomainError, NotAllowed, NotFound
from guanxi.foundation.rest import refusal_body


@dataclass(frozen=True)
class Words:
    """One language of an error page."""

    title: str
    text: str
    todo: str


_WORDS = {
    400: (
        gettext_noop("This request cannot be understood"),
        gettext_noop("The address or the form that was sent is not complete."),
        gettext_noop("Go back, reload the page and try again."),
    ),
    403: (
        gettext_noop("You may not do this here"),
        gettext_noop("Your roles do not include this page or action at this place."),
        gettext_noop("If you need it for your work, ask your administrator for the right role."),
    ),
    404: (
        gettext_noop("This page does not exist"),
        gettext_noop("The address is wrong, the record is gone, or it lies outside what you may see."),
        gettext_noop("Start from the menu, or search by name or code."),
    ),
    409: (
        gettext_noop("Somebody else was quicker"),
        gettext_noop("The record has changed since you opened it. Nothing was overwritten."),
        gettext_noop("Go back, reload the page, look at the change and try again."),
    ),
    422: (
        gettext_noop("Some values cannot be accepted"),
        gettext_noop("Nothing was saved."),
        gettext_noop("Go back and correct the values."),
    ),
    429: (
        gettext_noop("Too many tries"),
        gettext_noop("There were more requests in a short time than are allowed."),
        gettext_noop("Wait a few minutes and try again."),
    ),
    500: (
        gettext_noop("Something went wrong on our side"),
        gettext_noop("The request could not be finished and nothing was changed."),
        gettext_noop("Try again. If it happens again, give your administrator the reference below."),
    ),
    503: (
        gettext_noop("The system is not available right now"),
        gettext_noop("The database does not answer. Your data is safe."),
        gettext_noop("Wait a minute and reload the page. If it lasts, tell your administrator."),
    ),
    1403: (
        gettext_noop("This form has expired"),
        gettext_noop("The page was open for too long, or you have signed in or out in another tab since."),
        gettext_noop("Go back, reload the page and send the form again."),
    ),
}


def _words(key: int, language: str, message: str = "") -> Words:
    with translation.override(language):
        title, text, todo = (gettext(part) for part in _WORDS.get(key, _WORDS[400]))
        return Words(title, message or text, todo)


def _theme(request: HttpRequest) -> str:
    wanted = request.COOKIES.get("theme", "")
    return wanted if wanted in {"light", "dark"} else ""


def page(
    request: HttpRequest, status: int, *, key: int | None = None, error: DomainError | None = None
) -> HttpResponse:
    """Return the page, the toast or the document that says what happened, as the asker understands it."""
    reference = getattr(request, "request_id", "") if status >= 500 else ""  # noqa: PLR2004 -- a server error
    zh, en = (_words(key or status, code, _message(error, code)) for code in ("zh-hans", "en"))
    here = en if (translation.get_language() or "").startswith("en") else zh
    if request.path.startswith("/api/"):
        return JsonResponse(_document(status, here, error), status=status, content_type="application/problem+json")
    if pages.is_htmx(request):
        toast = json.dumps({"toast": {"text": f"{here.title} {here.text}", "kind": "bad"}})
        return HttpResponse(status=status, headers={"HX-Trigger": toast, "HX-Reswap": "none"})
    values = {
        "request": request, "status": status, "zh": zh, "en": en, "reference": reference,
        "shell": SimpleNamespace(theme=_theme(request)),
    }  # fmt: skip
    return HttpResponse(pages.environment().get_template("ui/error.html").render(values), status=status)


_CODES = {400: "bad-request", 403: "not-allowed", 404: "not-found", 429: "too-many-requests", 503: "unavailable"}


def _document(status: int, words: Words, error: DomainError | None) -> dict[str, Any]:
    """The problem document of the API."""
    if error:
        return refusal_body(error)
    code = _CODES.get(status, "failed")
    return {"type": code, "title": words.title, "status": status, "detail": words.text, "errors": []}


def _message(error: DomainError | None, language: str) -> str:
    """The refusal's own sentences; those of the general refusals say less than ours."""
    if error is None or isinstance(error, NotAllowed | NotFound):
        return ""
    with translation.override(language):
        return " ".join(str(problem.message) for problem in error.problems[:5])


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer a refusal of the domain."""
    return page(request, error.status, error=error)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 -- Django's shape
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 -- Django's shape
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 -- Django's shape
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a failure: 503 when the database is the cause, else 500."""
    lost = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    return page(request, 503 if lost else 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django's shape
    return page(request, 403, key=1403)
