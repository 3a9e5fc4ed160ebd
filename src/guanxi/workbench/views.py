"""The start page, the palette, notifications, saved views, language and theme, health."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.access.services import people
from guanxi.foundation import clock, pages, slots
from guanxi.foundation.pages import Request
from guanxi.foundation.slots import Panel
from guanxi.network import permissions as network
from guanxi.workbench import panels, policy, queries, services
from guanxi.workbench.models import Notification
from guanxi.workbench.permissions import Verb

YEAR = 60 * 60 * 24 * 365
SHOWN = 100
IN_THE_BELL = 8


@dataclass(frozen=True)
class HomePage:
    greeting: str
    today: str
    places: list[queries.Place]
    place_urls: dict[int, str]
    panels: list[Panel]


@dataclass(frozen=True)
class PalettePage:
    q: str
    groups: list[panels.HitGroup]


@dataclass(frozen=True)
class NotificationsPage:
    rows: list[Notification]
    unread: int


@dataclass(frozen=True)
class HealthPage:
    is_ok: bool
    health: queries.Health | None


@require_GET
def home(request: Request) -> HttpResponse:
    now = timezone.localtime(clock.now())
    words = {
        "morning": _("Good morning, %(name)s"),
        "noon": _("Good day, %(name)s"),
        "afternoon": _("Good afternoon, %(name)s"),
        "evening": _("Good evening, %(name)s"),
    }
    places = queries.places(request.actor)
    seen = [place.node_id for place in places if request.actor.can(network.Verb.VIEW, place.node_id)]
    urls = {node_id: reverse("network:node", args=[node_id]) for node_id in seen}
    return pages.render(
        request,
        "workbench/home.html",
        HomePage(
            greeting=words[policy.part_of_day(now.hour)] % {"name": request.actor.name},
            today=_day(now),
            places=places,
            place_urls=urls,
            panels=slots.panels("home", request.actor),
        ),
    )


def _day(now: datetime.datetime) -> str:
    return date_format(now, "l, j F Y" if translation.get_language() == "en" else "Y年n月j日 l")


@require_GET
def palette(request: Request) -> HttpResponse:
    q = request.GET.get("q", "")
    return pages.render(request, "workbench/palette.html", PalettePage(q, panels.find(request.actor, q)), block="hits")


@require_GET
def notifications(request: Request) -> HttpResponse:
    rows = list(queries.notifications(request.actor)[:SHOWN])
    return pages.render(request, "workbench/notifications.html", NotificationsPage(rows, queries.unread(request.actor)))


@require_GET
def recent(request: Request) -> HttpResponse:
    """The bell's box."""
    rows = list(queries.notifications(request.actor)[:IN_THE_BELL])
    return pages.render(request, "workbench/recent.html", NotificationsPage(rows, queries.unread(request.actor)))


@require_POST
def read(request: Request, pk: int) -> HttpResponseBase:
    url = services.mark_read(actor=request.actor, notification_id=pk, at=clock.now())
    return pages.done(request, url or pages.next_url(request, "/notifications/"))


@require_POST
def read_all(request: Request) -> HttpResponseBase:
    services.mark_all_read(actor=request.actor, at=clock.now())
    return pages.done(request, pages.next_url(request, "/notifications/"))


@require_POST
def save_view(request: Request) -> HttpResponseBase:
    view = services.save_view(
        actor=request.actor,
        table=request.POST.get("table", ""),
        name=request.POST.get("name", ""),
        query=request.POST.get("query", ""),
        is_shared=bool(request.POST.get("is_shared")),
        at=clock.now(),
    )
    page = pages.next_url(request, "/").split("?")[0]
    joint = "&" if view.query else ""
    return pages.done(request, f"{page}?{view.query}{joint}view={view.pk}", _("The view is saved."))


@require_POST
def delete_view(request: Request, pk: int) -> HttpResponseBase:
    services.delete_view(actor=request.actor, view_id=pk)
    return pages.done(request, pages.next_url(request, "/").split("?")[0], _("The view is deleted."))


@require_POST
def language(request: Request) -> HttpResponseBase:
    """Open to everybody: the sign-in page has the switch too."""
    wanted = request.POST.get("language", "")
    response = HttpResponseRedirect(pages.next_url(request, "/"))
    if wanted in dict(settings.LANGUAGES):
        people.set_preferences(actor=request.actor, language=wanted)
        name = settings.LANGUAGE_COOKIE_NAME
        response.set_cookie(name, wanted, max_age=YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True)
    return response


@require_POST
def theme(request: Request) -> HttpResponseBase:
    wanted = request.POST.get("theme", "")
    response = HttpResponseRedirect(pages.next_url(request, "/"))
    if wanted in panels.THEMES:
        people.set_preferences(actor=request.actor, theme=wanted)
        response.set_cookie("theme", wanted, max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
    return response


@require_GET
def health(request: Request) -> HttpResponse:
    """Tell everybody whether it works, and those who may know what does not."""
    try:
        found = queries.health()
    except DatabaseError:
        found = queries.Health(database=False, migrations=False, worker_seconds=None)
    shown = found if request.actor.can_everywhere(Verb.VIEW_HEALTH) else None
    status = 200 if found.is_ok else 503
    if "text/html" not in request.headers.get("Accept", ""):
        body: dict[str, object] = {"status": "ok" if found.is_ok else "not ok"}
        if shown:
            body |= {"database": shown.database, "migrations": shown.migrations, "worker": shown.worker}
        return JsonResponse(body, status=status)
    return pages.render(request, "workbench/health.html", HealthPage(found.is_ok, shown), status=status)


def push(request: Request) -> HttpResponse:  # noqa: ARG001 -- a view's shape
    """Where no native push runs: 204 tells the browser not to ask again."""
    return HttpResponse(status=204)
