"""Pages that show notices: the list, one with its rounds, the sheet to print, the figures, the panel of a customer."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Text
from guanxi.foundation.pages import Request
from guanxi.foundation.slots import Moment
from guanxi.foundation.tables import Listing, listing
from guanxi.network import queries as network
from guanxi.records import queries as attached
from guanxi.records import services as records
from guanxi.records.queries import Evidence
from guanxi.rectification import panels, policy, queries, tables
from guanxi.rectification.models import Notice, Round
from guanxi.rectification.permissions import Verb
from guanxi.rectification.services.steps import SUBJECT
from guanxi.rectification.states import TONES, State

FEW, SPAN = 8, datetime.timedelta(days=90)


@dataclass(frozen=True)
class NoticesPage:
    listing: Listing
    tones: dict[str, str]
    can_issue: bool
    can_export: bool


@dataclass(frozen=True)
class NoticePage:
    """A notice: whom it is about, its answers, what happened, and what this reader may do now."""

    row: Notice
    tone: str
    place: str
    customer: str
    car: str
    rounds: list[Round]
    moments: list[Moment]
    is_late: bool
    acts: frozenset[str]
    evidence: Evidence


@dataclass(frozen=True)
class SheetPage:
    row: Notice
    customer: str
    car: str
    rounds: list[Round]
    printed_by: str
    printed_at: datetime.datetime


@dataclass(frozen=True)
class FiguresPage:
    departments: Sequence[queries.Line]
    problems: Sequence[queries.Line]
    first: datetime.date
    last: datetime.date
    place: str
    places: Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class CustomerPanel:
    rows: list[Notice]
    tones: dict[str, str]
    issue: str


def notices(request: Request) -> HttpResponseBase:
    """The notices, the newest first."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = queries.visible_to(actor).select_related("outlet", "department", "problem")
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.NOTICES, rows=rows, asked=request.GET)
        return pages.download(file)
    page = NoticesPage(
        listing(tables.NOTICES, rows, request.GET, actor), TONES, actor.can(Verb.ISSUE), actor.can(Verb.EXPORT)
    )
    return pages.render(request, "rectification/notices.html", page, block="list")


def acts(actor: Actor, row: Notice) -> frozenset[str]:
    """Return what an actor may do with a notice as it stands."""
    answers, verifies = actor.can(Verb.ANSWER, row.outlet_id), actor.can(Verb.VERIFY, row.place_id)
    sides = {
        "receive": (answers, row.state == State.ISSUED),
        "answer": (answers, policy.may_move(row.state, State.ANSWERED)),
        "refuse": (answers, policy.may_move(row.state, State.REFUSED)),
        "insist": (verifies, row.state == State.REFUSED),
        "verify": (verifies, row.state == State.ANSWERED),
        "withdraw": (verifies, policy.may_move(row.state, State.WITHDRAWN)),
    }
    return frozenset(name for name, (may, fits) in sides.items() if may and fits)


def notice(request: Request, pk: int) -> HttpResponseBase:
    """One notice."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = queries.notice(actor, pk)
    rounds = queries.rounds(row)
    page = NoticePage(
        row, TONES[row.state], network.names(actor, [row.place_id]).get(row.place_id, ""),
        queries.customer_of(actor, row), queries.car_of(row), rounds, panels.moments(row, rounds),
        row.is_late(clock.now()), acts(actor, row),
        attached.evidence(SUBJECT, pk, may_add=queries.may_add(actor, row)),
    )  # fmt: skip
    return pages.render(request, "rectification/notice.html", page)


def sheet(request: Request, pk: int) -> HttpResponseBase:
    """The notice to print and file (FUP-07)."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = queries.notice(actor, pk)
    page = SheetPage(
        row, queries.customer_of(actor, row), queries.car_of(row), queries.rounds(row)[::-1], actor.name, clock.now()
    )
    return pages.render(request, "rectification/sheet.html", page)


def _day(text: str, otherwise: datetime.date) -> datetime.date:
    """Return a day that was asked for; what is none counts as not asked, as in every list."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return otherwise


def figures(request: Request) -> HttpResponseBase:
    """The figures by department and by problem (FUP-09, FUP-21)."""
    actor, at, today = request.actor, clock.now(), clock.today()
    check(actor, Verb.VIEW)
    last = _day(request.GET.get("to", ""), today)
    first = _day(request.GET.get("from", ""), last - SPAN)
    places, place = tables.places(actor), request.GET.get("place", "")
    chosen = int(place) if place in dict(places) and place else None
    asked = queries.Asked(clock.start_of(first), clock.start_of(last + datetime.timedelta(days=1)), chosen)
    rows = queries.asked_for(actor, asked, today)
    page = FiguresPage(
        queries.figures(rows, "department", at), queries.figures(rows, "problem", at), first, last,
        place if chosen else "", places,
    )  # fmt: skip
    return pages.render(request, "rectification/figures.html", page)


def customer_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The notices about a customer."""
    actor = request.actor
    check(actor, Verb.VIEW)
    issue = f"{reverse('rectification:issue')}?customer={subject_id}" if actor.can(Verb.ISSUE) else ""
    page = CustomerPanel(queries.of_customer(actor, subject_id, FEW), TONES, issue)
    return pages.render(request, "rectification/panel.html", page)
