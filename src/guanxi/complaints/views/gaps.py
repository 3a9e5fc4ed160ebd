"""The page of gaps in knowledge: what was complained of without an article that helped (KM-02)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase

from guanxi.complaints import tables
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import figures
from guanxi.complaints.queries import gaps as mined
from guanxi.complaints.views.meeting import SPAN, day_of
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Text
from guanxi.foundation.pages import Request
from guanxi.knowledge.permissions import Verb as Knowledge


@dataclass(frozen=True)
class GapsPage:
    gaps: Sequence[mined.Gap]
    first: datetime.date
    last: datetime.date
    place: str
    places: Sequence[tuple[str, Text]]
    can_ask: bool
    can_write: bool


def show_gaps(request: Request) -> HttpResponseBase:
    """The gaps among the closed complaints of some days."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW)
    last = day_of(request.GET.get("to", ""), today)
    first = day_of(request.GET.get("from", ""), last - SPAN)
    places, place = tables.places(actor), request.GET.get("place", "")
    chosen = int(place) if place in dict(places) and place else None
    asked = figures.Asked(clock.start_of(first), clock.start_of(last + datetime.timedelta(days=1)), chosen)
    page = GapsPage(
        mined.gaps(figures.asked_for(actor, asked, today)), first, last, place if chosen else "", places,
        actor.can(Knowledge.ASK), actor.can(Knowledge.WRITE),
    )  # fmt: skip
    return pages.render(request, "complaints/gaps.html", page)
