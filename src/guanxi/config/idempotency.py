"""API calls: who calls, how often, and the same answer to the same key, save for secrets, which are never kept."""

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from guanxi.access import queries
from guanxi.access.services import people, tokens
from guanxi.config.api import PROBLEM, problem, rate_limit, refused
from guanxi.foundation import clock, db
from guanxi.foundation.actor import NOBODY, Actor, Origin
from guanxi.foundation.errors import DomainError
from guanxi.foundation.rest import without_secret
from guanxi.records import services as records

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
LONGEST_KEY = 100


def too_many(request: HttpRequest) -> HttpResponse | None:
    """Count the call under its token; refuse it when there were too many in this minute.

    Runs before the request's transaction opens.
    """
    secret = _secret(request)
    if not secret:
        return None
    if records.count_call(key=people.digest(secret), at=clock.now()) <= rate_limit():
        return None
    response = problem(429, "too-many-requests", _("Too many requests"), _("Wait a minute and call again."))
    response["Retry-After"] = "60"
    return response


def _secret(request: HttpRequest) -> str:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def caller(request: HttpRequest, origin: Origin) -> Actor:
    """Return the Actor of the bearer token, or NOBODY."""
    secret = _secret(request)
    token = tokens.use_token(secret=secret, at=clock.now()) if secret else None
    if token is None:
        return NOBODY
    return queries.actor_for(token.user, day=clock.today(), origin=origin, limited_to=frozenset(token.verbs))


def answer(
    request: HttpRequest, actor: Actor, get_response: Callable[[HttpRequest], HttpResponseBase]
) -> HttpResponseBase:
    """Answer an API call as ``actor``; repeat the first answer to a known idempotency key."""
    db.set_scope(actor)
    request.actor = actor  # type: ignore[attr-defined]
    if actor.user_id is None:
        return get_response(request)
    key = request.headers.get("Idempotency-Key", "")
    if not key or request.method not in UNSAFE:
        return get_response(request)
    if len(key) > LONGEST_KEY:
        return problem(400, "refused", _("This was refused"), _("An idempotency key has at most 100 characters."))
    return _once(request, actor.user_id, key, get_response)


def _fingerprint(request: HttpRequest) -> str:
    """Return what tells one call from another: of uploads their fields and files, which may not fit into memory."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()} ".encode())
    if not (request.content_type or "").startswith("multipart/"):
        digest.update(request.body)
        return digest.hexdigest()
    for name, value in sorted(request.POST.items()):
        digest.update(f"{name}={value}\0".encode())
    for name, file in sorted(request.FILES.items()):
        digest.update(f"{name}={file.name}\0".encode())  # type: ignore[union-attr]
        for chunk in file.chunks():  # type: ignore[union-attr]
            digest.update(chunk)
        file.seek(0)  # type: ignore[union-attr]
    return digest.hexdigest()


def _once(
    request: HttpRequest, person_id: int, key: str, get_response: Callable[[HttpRequest], HttpResponseBase]
) -> HttpResponseBase:
    print_ = _fingerprint(request)
    db.serialise(f"idempotency:{person_id}:{key}")
    try:
        known = records.remembered(person_id=person_id, key=key, fingerprint=print_)
    except DomainError as error:
        return refused(request, error)
    if known:
        kind = PROBLEM if known.status >= 400 else "application/json"  # noqa: PLR2004 -- refusals
        repeated = HttpResponse(known.body, kind, known.status)
        repeated["Idempotent-Replayed"] = "true"
        return repeated
    response = get_response(request)
    if isinstance(response, HttpResponse) and response.status_code < 500:  # noqa: PLR2004 -- a server error
        body = without_secret(response.content.decode())
        records.remember(person_id=person_id, key=key, fingerprint=print_, status=response.status_code, body=body)
    return response
