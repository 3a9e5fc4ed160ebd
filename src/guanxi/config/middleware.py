"""What every request passes: headers, the transaction with its scope, language, who acts, refusals."""

import secrets
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from guanxi.access import policy, queries
from guanxi.config import errors, idempotency, signin
from guanxi.foundation import clock, db
from guanxi.foundation.actor import NOBODY, Actor, Origin, Scope
from guanxi.foundation.errors import DomainError

Answer = Callable[[HttpRequest], HttpResponseBase]

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self';"
    " frame-ancestors 'none'; form-action 'self'"
)
IDENTIFYING = Actor(user_id=None, name="", scope=Scope())
OPEN = (
    "/accounts/", "/health/", "/language/", "/theme/", "/welcome/", "/rescue/follow/", "/messaging/wechat/", "/api/",
)  # fmt: skip
IDENTIFIES = ("/accounts/", "/welcome/")
PASSIVE = ("/events/", "/health/")


def headers(get_response: Answer) -> Answer:
    """Number the request and set the security headers of every answer (NFR-01)."""
    policy_here = " ".join([POLICY, *settings.FORM_TARGETS])  # it ends with the targets of forms

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.request_id = secrets.token_hex(8)  # type: ignore[attr-defined]
        response = get_response(request)
        response.setdefault("Content-Security-Policy", policy_here)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.setdefault("Cache-Control", "private, no-store")
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response

    return middleware


def origin_of(request: HttpRequest, channel: str) -> Origin:
    """Return from where a request came; ``config.proxies`` has put the client's address there."""
    return Origin(
        channel=channel,
        ip=request.META.get("REMOTE_ADDR", ""),
        agent=request.headers.get("User-Agent", "")[:240],
        request_id=getattr(request, "request_id", ""),
    )


def identify(get_response: Answer) -> Answer:
    """Open the request's transaction, able to find out who asks and nothing else; roll back on failure."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/api/") and (refused := idempotency.too_many(request)):
            return refused
        with db.scoped(IDENTIFYING, identify=True):
            request.actor = NOBODY  # type: ignore[attr-defined]
            response = get_response(request)
            if response.status_code >= 500:  # noqa: PLR2004 -- a server error
                transaction.set_rollback(True)
            return response

    return middleware


def language(get_response: Answer) -> Answer:
    """Speak the person's language, else the one of the cookie, else Chinese."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        known = dict(settings.LANGUAGES)
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or ""
        if not wanted and request.user.is_authenticated:
            wanted = getattr(request.user, "language", "")
        if request.path.startswith("/api/"):
            wanted = translation.get_language_from_request(request) if "Accept-Language" in request.headers else "en"
        chosen = wanted if wanted in known else settings.LANGUAGE_CODE
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = get_response(request)
        response.headers.setdefault("Content-Language", "en" if chosen == "en" else "zh-Hans")
        return response

    return middleware


def _expired(request: HttpRequest) -> bool:
    now = clock.now().timestamp()
    seen = request.session.get("seen")
    if policy.is_idle(seen=seen, now=now, limit=settings.IDLE_TIMEOUT):
        return True
    if not request.path.startswith(PASSIVE) and (seen is None or now - seen > 60):  # noqa: PLR2004 -- a minute
        request.session["seen"] = now
        UserSession.objects.create_from_request(request)  # once a minute: its row lock would queue up panels
    return False


class act:  # noqa: N801 -- named like the other middleware, a class only for process_exception
    """Put the Actor on the request and narrow the scope to it; send strangers to the sign-in page.

    Deny by default: whatever is not in OPEN needs a signed-in person. Refusals become pages.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/api/") and "Authorization" in request.headers:
            return idempotency.answer(
                request, idempotency.caller(request, origin_of(request, "api")), self.get_response
            )
        user: Any = request.user
        if user.is_authenticated and _expired(request):
            logout(request)
            user = request.user
        is_open = request.path.startswith(OPEN)
        if not user.is_authenticated:
            if is_open and not request.path.startswith("/api/v1/docs"):
                return self.get_response(request)
            return redirect_to_login(request.get_full_path())
        actor = queries.actor_for(user, day=clock.today(), origin=origin_of(request, "web"))
        request.actor = actor  # type: ignore[attr-defined]
        db.set_scope(actor, identify=request.path.startswith(IDENTIFIES))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if isinstance(error, DomainError):
            return errors.refusal(request, error)
        return signin.provider_away(request, error)
