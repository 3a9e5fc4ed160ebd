"""The page of whoever leads a team of agents: who does what now, and how far the lists are."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase

from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.queries import supervision as queries
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.pages import Request
from guanxi.network.models import Node

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class SupervisionPage:
    places: Sequence[Node]
    place: Node | None
    agents: Sequence[queries.Agent]
    lists: Sequence[queries.Progress]
    ways: Sequence[queries.ByWay]


def supervision(request: Request) -> HttpResponseBase:
    """Who does what now at a place, and how far the lists are."""
    actor, at, today = request.actor, clock.now(), clock.today()
    check(actor, Verb.VIEW_TEAM)
    places = queries.places(actor, today)
    place = chosen(actor, places, request.GET.get("place", ""))
    morning = clock.start_of(today)
    page = SupervisionPage(
        places, place, queries.agents(actor, place.pk, at, morning) if place else [],
        queries.progress(actor, place.pk, at, morning + ONE_DAY) if place else [],
        queries.by_way(actor, place.pk, at) if place else [],
    )  # fmt: skip
    return pages.render(request, "contact_centre/supervision.html", page)


def chosen(actor: Actor, places: Sequence[Node], asked: str) -> Node | None:
    """Return the place that was asked for, else where the actor belongs, else the first that he may see."""
    wanted = (asked, str(actor.home_id or ""))
    found = (row for text in wanted for row in places if str(row.pk) == text)
    return next(found, places[0] if places else None)
