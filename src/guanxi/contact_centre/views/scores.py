"""The page of what the listening samples of a month come to."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase

from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.queries import scores as queries
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.pages import Request
from guanxi.network.models import Node


@dataclass(frozen=True)
class ScoresPage:
    """The scores of a month at a place, or one's own; ``total``: the points of all, of how many, in how many calls."""

    places: Sequence[Node]
    place: Node | None
    month: str
    first: datetime.date
    scores: Sequence[queries.Score]
    items: Sequence[queries.ItemScore]
    total: tuple[int, int, int]


def scores(request: Request) -> HttpResponseBase:
    """What each agent got in a month, and of which items the least; an agent sees his own."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW)
    places = queries.places(actor, today)
    wanted = (request.GET.get("place", ""), str(actor.home_id or ""))
    place = next((row for text in wanted for row in places if str(row.pk) == text), places[0] if places else None)
    first = _month(request.GET.get("month", ""), today)
    found = queries.scores(actor, place.pk if place else None, first, today)
    total = (sum(row.points for row in found), sum(row.most for row in found), sum(row.judged for row in found))
    page = ScoresPage(places, place, f"{first:%Y-%m}", first, found, queries.by_item(found), total)
    return pages.render(request, "contact_centre/scores.html", page)


def _month(text: str, today: datetime.date) -> datetime.date:
    """Return the first day of a month as it is typed, else of the month of the last week that can be judged."""
    try:
        return datetime.datetime.strptime(f"{text}-01", "%Y-%m-%d").date()  # noqa: DTZ007 -- a day, no moment
    except ValueError:
        return (today - datetime.timedelta(days=7)).replace(day=1)
