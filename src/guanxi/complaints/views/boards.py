"""The board of open complaints, everybody's or one's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase

from guanxi.complaints import tables
from guanxi.complaints.permissions import Verb
from guanxi.complaints.queries import board, cases
from guanxi.complaints.queries.board import Lane
from guanxi.complaints.states import LEVEL_TONES, TONES, Angle
from guanxi.foundation import pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import Text
from guanxi.foundation.pages import Request


@dataclass(frozen=True)
class BoardPage:
    lanes: Sequence[Lane]
    tones: dict[str, str]
    levels: dict[str, str]
    is_mine: bool
    angle: str
    angles: Sequence[tuple[str, Text]]
    place: str
    places: Sequence[tuple[str, Text]]
    person_id: int | None
    can_open: bool


def show_board(request: Request) -> HttpResponseBase:
    """The open complaints by state; what is none of what is offered counts as not asked, as in every list."""
    actor, asked = request.actor, request.GET
    check(actor, Verb.VIEW)
    rows, places = cases.visible_to(actor).select_related("outlet", "category"), tables.places(actor)
    is_mine = asked.get("whose") == "mine"
    angle = asked.get("angle", "") if asked.get("angle") in Angle.values else ""
    place = asked.get("place", "") if asked.get("place") in dict(places) else ""
    if is_mine:
        rows = rows.filter(owner_id=actor.user_id)
    if angle:
        rows = rows.filter(angle=angle)
    if place:
        rows = tables.below(rows, place)
    lanes = board.lanes(rows)
    tables.add_names([row for lane in lanes for row in lane.rows], actor)
    page = BoardPage(
        lanes, TONES, LEVEL_TONES, is_mine, angle, Angle.choices, place, places, actor.user_id, actor.can(Verb.OPEN)
    )
    return pages.render(request, "complaints/board.html", page)
