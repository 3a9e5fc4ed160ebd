"""Pages and fragments: one Jinja template a page, its named blocks rendered alone for htmx."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import jinja2
import jinja2_fragments
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template import engines
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme

from guanxi.foundation import slots
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text


class Request(HttpRequest):
    """A request after ``config.middleware.act``: it knows who acts."""

    actor: Actor


def environment() -> jinja2.Environment:
    """Return the one Jinja environment, as configured in the settings."""
    return engines["jinja2"].env  # type: ignore[attr-defined, no-any-return]


def _values(context: Any) -> dict[str, Any]:
    if context is None:
        return {}
    if is_dataclass(context) and not isinstance(context, type):
        return {field.name: getattr(context, field.name) for field in fields(context)}
    if isinstance(context, Mapping):
        return dict(context)
    msg = f"a page context is a dataclass, not {type(context).__name__}"
    raise TypeError(msg)


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def to_string(request: HttpRequest, template: str, context: Any = None, *, block: str | None = None) -> str:
    """Render a page, or one of its blocks alone, with the shell's values."""
    shell: dict[str, Any] = slots.ask("shell", request, default={})
    values = {**shell, "request": request, **_values(context)}
    if block is None:
        return environment().get_template(template).render(values)
    return jinja2_fragments.render_block(environment(), template, block, values)


def render(
    request: HttpRequest, template: str, context: Any = None, *, block: str | None = None, status: int = 200
) -> HttpResponse:
    """Answer with a page; with ``block`` and an htmx request that targets it, with that block alone."""
    partial = block if is_htmx(request) else None
    response = HttpResponse(to_string(request, template, context, block=partial), status=status)
    response["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response


def done(request: HttpRequest, url: str, message: Text = "") -> HttpResponseBase:
    """Answer a successful POST: go to ``url`` and show ``message`` there, with or without JavaScript."""
    if message:
        messages.success(request, str(message))
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


@dataclass(frozen=True)
class File:
    """A finished file: its name, its type and its bytes."""

    name: str
    content_type: str
    content: bytes


def download(file: File) -> HttpResponse:
    """Answer with a file to keep; whatever it holds, a browser that shows it anyway runs nothing of it."""
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name) or "attachment"
    return response


def toast(response: HttpResponse, message: Text, *, kind: str = "ok") -> HttpResponse:
    """Let the page show a short message after this fragment arrives."""
    response["HX-Trigger"] = json.dumps({"toast": {"text": str(message), "kind": kind}})
    return response


def next_url(request: HttpRequest, fallback: str) -> str:
    """Return the local address asked for by ``next``; anything foreign becomes ``fallback``."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return fallback
